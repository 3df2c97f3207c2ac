/** What a random CIB is about: one case has a few features, so that they meet without drowning each other. */
import type { Draw } from './draw.ts'

/** Which generators are busy in one case. */
export interface Features {
  readonly hasNodeTroubles: boolean
  readonly hasNumericIds: boolean
  readonly hasRules: boolean
  readonly hasHealth: boolean
  readonly hasUtilization: boolean
  readonly hasFencing: boolean
  readonly hasTickets: boolean
  readonly hasMigration: boolean
  readonly hasFailures: boolean
  readonly hasPending: boolean
  readonly hasRemotes: boolean
  readonly hasGuests: boolean
  readonly hasBundles: boolean
  readonly hasClones: boolean
  readonly hasGroups: boolean
  readonly hasPromotable: boolean
  readonly hasOrphans: boolean
  readonly hasOptions: boolean
  readonly hasDigests: boolean
  readonly isFresh: boolean
  /** Names with underscores, capitals and numbers that sort otherwise than letters. */
  readonly hasOddNames: boolean
  readonly hasTemplates: boolean
  /** More nodes and resources than one can look through. */
  readonly isLarge: boolean
  /** Containers of ordinary resources. */
  readonly hasContainers: boolean
  /** From 0 to 3: how many constraints. */
  readonly constraints: number
  /** How many top-level resources besides fence devices and the like. */
  readonly resources: number
}

/** Draws what a case is about. */
export function drawFeatures(draw: Draw): Features {
  const isLarge = draw.chance(8)
  return {
    hasNodeTroubles: draw.chance(40),
    hasNumericIds: draw.chance(80),
    hasRules: draw.chance(20),
    hasHealth: draw.chance(6),
    hasUtilization: draw.chance(15),
    hasFencing: draw.chance(50),
    hasTickets: draw.chance(12),
    hasMigration: draw.chance(20),
    hasFailures: draw.chance(40),
    hasPending: draw.chance(15),
    hasRemotes: draw.chance(12),
    hasGuests: draw.chance(10),
    hasBundles: draw.chance(12),
    hasClones: draw.chance(45),
    hasGroups: draw.chance(45),
    hasPromotable: draw.chance(35),
    hasOrphans: draw.chance(15),
    hasOptions: draw.chance(30),
    hasDigests: draw.chance(15),
    isFresh: draw.chance(8),
    hasOddNames: draw.chance(10),
    hasTemplates: draw.chance(10),
    isLarge,
    hasContainers: draw.chance(6),
    constraints: draw.weighted([
      [15, 0],
      [30, 1],
      [35, 2],
      [20, 3],
      [isLarge ? 200 : 0, 5],
    ]),
    resources: draw.weighted([
      [15, 1],
      [30, 2],
      [30, 3],
      [15, 4],
      [10, 5],
      [isLarge ? 400 : 0, 8],
    ]),
  }
}

/** The id of a resource, in the style of the case. */
export function resourceId({ hasOddNames }: Features, prefix: string, number: number): string {
  return hasOddNames ? `${prefix}_${number}` : `${prefix}${number}`
}

const ODD_NODES = ['n1', 'n10', 'N2', 'n_3', 'n02', 'node.5', 'n-7', 'n9']

/** The name of a cluster node, in the style of the case; numbers count from 1. */
export function nodeName({ hasOddNames }: Features, number: number): string {
  return hasOddNames ? ODD_NODES[number - 1]! : `n${number}`
}
