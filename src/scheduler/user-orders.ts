/**
 * `rsc_order`: from what an administrator wrote to orderings, and the orderings that a colocation of −INFINITY brings.
 *
 * Differs: after a set given by `id-ref` the original goes on with the siblings of the set referred to; we go on in the constraint.
 *
 * Reads   configuration.constraints (order), templates, tags
 * Writes  Worksheet.orderings; the actions clone-one-or-more:… and one-or-more:…
 * Runs    with the other constraints, in document order
 * Source  spec C-13, C-14.7
 */
import type { OrderConfig, ResourceSet } from '../cib/configuration.ts'
import { PROMOTED, type Role, UNPROMOTED } from '../cib/role.ts'
import { intAtLeast, isFalse, isSameText, isTrue, scanInteger } from '../cib/values.ts'
import {
  type Action,
  ANTI_COLOC,
  ANY,
  ASYM,
  FIRST_REQ,
  NEEDS_RUN,
  ONE_OR_MORE,
  ORDER,
  type Origin,
  PSEUDO,
  RUNNABLE,
  SERIALIZE,
  SHOW_THEN,
  THEN_REQ,
  tailOf,
} from './action.ts'
import { expandSets, findResource, findTagged } from './find.ts'
import { tagSet } from './locations.ts'
import { order, type Side } from './ordering.ts'
import { setFlags } from './record.ts'
import { requestNodeAction } from './request.ts'
import { CLONE, type Colocation, type Resource, type Worksheet } from './worksheet.ts'

type Kind = 'Mandatory' | 'Optional' | 'Serialize'

/** One `rsc_order`. */
export function unpackOrder(sheet: Worksheet, config: OrderConfig): void {
  const constraint = toConstraint(config)
  if (0 < config.sets.length) return unpackSets(sheet, constraint, expandSets(sheet, config.sets) ?? config.sets)
  const { firstResource, thenResource } = config
  if (firstResource === undefined || thenResource === undefined) return
  const first = findResource(sheet, firstResource)
  const then = findResource(sheet, thenResource)
  if (first !== undefined && then !== undefined) return unpackPair(sheet, constraint, first, then)
  const firstMembers = first === undefined ? findTagged(sheet, firstResource) : [firstResource]
  const thenMembers = then === undefined ? findTagged(sheet, thenResource) : [thenResource]
  if (firstMembers === undefined || thenMembers === undefined) return
  const toSet = (
    members: readonly string[],
    resource: Resource | undefined,
    action: string | undefined,
  ): ResourceSet => {
    const set = tagSet(constraint.origin, members, undefined)
    return { ...set, action, sequential: resource === undefined ? 'false' : undefined }
  }
  unpackSets(sheet, constraint, [
    toSet(firstMembers, first, config.firstAction),
    toSet(thenMembers, then, config.thenAction),
  ])
}

/** A constraint with its meaning. */
interface Constraint {
  readonly config: OrderConfig
  readonly kind: Kind
  readonly isSymmetric: boolean
  readonly origin: Origin
}

function toConstraint(config: OrderConfig): Constraint {
  const { id, line, column } = config
  const kind = toKind(config.orderKind, config.score)
  const { symmetrical } = config
  const isSymmetric = kind !== 'Serialize' && !isFalse(symmetrical)
  return { config, kind, isSymmetric, origin: { id, line, column } }
}

/** Source: spec C-13.2. */
function toKind(text: string | undefined, score: string | undefined): Kind {
  if (text === undefined) return score !== undefined && scanInteger(score) === 0 ? 'Optional' : 'Mandatory'
  if (isSameText(text, 'Optional')) return 'Optional'
  return isSameText(text, 'Serialize') ? 'Serialize' : 'Mandatory'
}

/** The bits of an ordering, not of an inverse one. `task` is that of the first action. Source: spec C-13.4. */
function bitsOf(kind: Kind, isSymmetric: boolean, task: string): number {
  if (kind === 'Optional') return ORDER
  if (kind === 'Serialize') return ORDER | SERIALIZE
  if (!isSymmetric) return ORDER | ASYM
  const isBeginning = isSameText(task, 'start') || isSameText(task, 'promote')
  return ORDER | THEN_REQ | (isBeginning ? NEEDS_RUN : 0)
}

/** The bits of the inverse of a symmetric ordering. */
function inverseBits(kind: Kind): number {
  return kind === 'Mandatory' ? ORDER | FIRST_REQ : ORDER
}

const INVERSES = new Map([
  ['start', 'stop'],
  ['stop', 'start'],
  ['promote', 'demote'],
  ['demote', 'promote'],
  ['promoted', 'demoted'],
  ['demoted', 'promoted'],
  ['running', 'stopped'],
  ['stopped', 'running'],
])

/** Source: spec C-13.5. */
function inverseOf(task: string): string | undefined {
  return INVERSES.get(task.toLowerCase())
}

/** Source: spec C-13.6. */
function unpackPair(sheet: Worksheet, constraint: Constraint, firstNamed: Resource, thenNamed: Resource): void {
  const { config, kind, isSymmetric, origin } = constraint
  const first = pickInstance(firstNamed, config.firstInstance)
  const then = pickInstance(thenNamed, config.thenInstance)
  if (first === undefined || then === undefined) return
  const firstTask = config.firstAction ?? 'start'
  const thenTask = config.thenAction ?? firstTask
  const isDependent = kind === 'Optional' && then.from.restartType === 'restart'
  const bits = bitsOf(kind, isSymmetric, firstTask) | (isDependent ? THEN_REQ : 0)
  const min = minimumOf(first, config)
  const thenSide = sideOf(then, thenTask)
  if (min === 0) order(sheet, sideOf(first, firstTask), thenSide, bits, origin)
  else {
    const enough = pseudoAction(sheet, `clone-one-or-more:${config.id}`)
    enough.requiredBefore = min
    for (const child of first.children) orderBeforeAny(sheet, sideOf(child, firstTask), enough, origin)
    order(sheet, enough, thenSide, bits | NEEDS_RUN, origin)
  }
  const undoFirst = inverseOf(firstTask)
  const undoThen = inverseOf(thenTask)
  if (!isSymmetric || undoFirst === undefined || undoThen === undefined) return
  order(
    sheet,
    sideOf(then, undoThen),
    sideOf(first, undoFirst),
    inverseBits(kind) | (isDependent ? FIRST_REQ : 0),
    origin,
  )
}

function sideOf(resource: Resource, task: string): Side {
  return [resource, tailOf(task, 0)]
}

/** Source: spec C-13.6, deprecated instance attributes. */
function pickInstance(resource: Resource, number: string | undefined): Resource | undefined {
  if (number === undefined) return resource
  if (resource.variant !== CLONE) return undefined
  return resource.children.find((child) => child.id === `${child.from.xmlId}:${number}`)
}

/** How many instances must be there first; 0: the constraint asks for none. Source: spec C-13.6 item 2. */
function minimumOf(first: Resource, { requireAll }: OrderConfig): number {
  if (first.variant !== CLONE) return 0
  const min = first.from.meta.get('clone-min')
  if (min !== undefined) return intAtLeast(min, 0)
  return requireAll !== undefined && !isTrue(requireAll) ? 1 : 0
}

/** An action that stands for "enough of these". Source: spec C-13.6, C-13.10. */
function pseudoAction(sheet: Worksheet, key: string): Action {
  const action = requestNodeAction(sheet, { key, task: key, optional: true })
  setFlags(action, PSEUDO | RUNNABLE | ANY)
  return action
}

function orderBeforeAny(sheet: Worksheet, first: Side, then: Action, origin: Origin): void {
  order(sheet, first, then, ONE_OR_MORE | SHOW_THEN, origin)
}

/** Source: spec C-13.8. */
function unpackSets(sheet: Worksheet, constraint: Constraint, sets: readonly ResourceSet[]): void {
  let previous: OrderedSet | undefined
  for (const set of sets) {
    const present = toOrderedSet(sheet, set)
    if (present === undefined) return
    orderInside(sheet, constraint, present)
    if (previous !== undefined) {
      orderBetween(sheet, constraint, previous, present)
      const from = inverseSet(present)
      const to = inverseSet(previous)
      if (constraint.isSymmetric && from !== undefined && to !== undefined) orderBack(sheet, constraint, from, to)
    }
    previous = present
  }
}

/** A set with its members found. */
interface OrderedSet {
  readonly set: ResourceSet
  readonly task: string
  readonly members: readonly Resource[]
}

function toOrderedSet(sheet: Worksheet, set: ResourceSet): OrderedSet | undefined {
  const members: Resource[] = []
  for (const id of set.members) {
    const resource = findResource(sheet, id)
    if (resource === undefined) return undefined
    members.push(resource)
  }
  return { set, task: set.action ?? 'start', members }
}

function inverseSet({ set, task, members }: OrderedSet): OrderedSet | undefined {
  const undo = inverseOf(task)
  return undo === undefined ? undefined : { set, task: undo, members }
}

/** The set's own word, else the constraint's, where anything but a word of truth says no. Source: spec C-13.3. */
function isSetSymmetric(set: ResourceSet, { symmetrical }: OrderConfig): boolean {
  if (isTrue(set.symmetrical)) return true
  return !isFalse(set.symmetrical) && (symmetrical === undefined || isTrue(symmetrical))
}

/**
 * A set's own kind counts, its score does not, but that a set with a score and no kind may have a way back although its constraint
 * serializes. Source: spec C-13.9; found by: probes of kinds, scores and `symmetrical` of constraint and set.
 */
function orderInside(sheet: Worksheet, constraint: Constraint, { set, task, members }: OrderedSet): void {
  if (members.length < 2) return
  const { config, origin } = constraint
  const kind = set.kind === undefined ? constraint.kind : toKind(set.kind, undefined)
  const hasOnlyScore = set.kind === undefined && set.score !== undefined
  const isSymmetric = (kind !== 'Serialize' || hasOnlyScore) && isSetSymmetric(set, config)
  const isSequential = !isFalse(set.sequential)
  const add = (first: Resource, then: Resource, name: string, bits: number): void => {
    order(sheet, sideOf(first, name), sideOf(then, name), bits, origin)
  }
  const bits = bitsOf(kind, isSymmetric, task)
  if (kind === 'Serialize') {
    for (const [at, member] of members.entries()) {
      for (const later of members.slice(at + 1)) add(member, later, task, bits)
    }
  } else if (isSequential) {
    for (let at = 1; at < members.length; at++) add(members[at - 1]!, members[at]!, task, bits)
  }
  const undo = inverseOf(task)
  if (!isSequential || !isSymmetric || undo === undefined) return
  for (let at = 1; at < members.length; at++) add(members[at]!, members[at - 1]!, undo, inverseBits(kind))
}

/** From one set to the next one. Source: spec C-13.10. */
function orderBetween(sheet: Worksheet, constraint: Constraint, set1: OrderedSet, set2: OrderedSet): void {
  const bits = bitsOf(constraint.kind, constraint.isSymmetric, set2.task)
  connectSets(sheet, { constraint, set1, set2, bits, ends: [-1, 0] })
}

/** The inverse: from the later set back to the earlier one. */
function orderBack(sheet: Worksheet, constraint: Constraint, set1: OrderedSet, set2: OrderedSet): void {
  connectSets(sheet, { constraint, set1, set2, bits: inverseBits(constraint.kind), ends: [0, -1] })
}

interface SetPair {
  readonly constraint: Constraint
  readonly set1: OrderedSet
  readonly set2: OrderedSet
  readonly bits: number
  /** Which member stands for each set, where it is sequential: places as `at` takes them. */
  readonly ends: readonly [number, number]
}

function connectSets(sheet: Worksheet, { constraint, set1, set2, bits, ends }: SetPair): void {
  const { origin } = constraint
  const { requireAll } = set1.set
  const mayDoWithout = requireAll !== undefined && !isTrue(requireAll)
  if (mayDoWithout && !isSameText(set1.task, 'stop') && !isSameText(set1.task, 'demote')) {
    const enough = pseudoAction(sheet, `one-or-more:${set1.set.id ?? ''}`)
    for (const resource of set1.members) orderBeforeAny(sheet, sideOf(resource, set1.task), enough, origin)
    for (const resource of set2.members) {
      order(sheet, enough, sideOf(resource, set2.task), bits | NEEDS_RUN, origin)
    }
    return
  }
  for (const first of representatives(set1, ends[0])) {
    for (const then of representatives(set2, ends[1])) {
      order(sheet, sideOf(first, set1.task), sideOf(then, set2.task), bits, origin)
    }
  }
}

/** Between sets, `sequential` counts only where it is explicitly true. */
function representatives({ set, members }: OrderedSet, end: number): readonly Resource[] {
  const one = isTrue(set.sequential) ? members.at(end) : undefined
  return one === undefined ? members : [one]
}

/** Orderings of a colocation of −INFINITY: one must lose its role before the other may gain it. Source: spec C-14.7. */
export function orderAntiColocation(sheet: Worksheet, colocation: Colocation): void {
  const { dependent, primary, dependentRole, primaryRole, origin } = colocation
  const add = (first: Resource, firstRole: Role, then: Resource, thenRole: Role): void => {
    for (const lose of losingTasks(firstRole)) {
      for (const gain of gainingTasks(thenRole)) {
        order(sheet, sideOf(first, lose), sideOf(then, gain), ANTI_COLOC, origin)
      }
    }
  }
  add(dependent, dependentRole, primary, primaryRole)
  add(primary, primaryRole, dependent, dependentRole)
}

function losingTasks(role: Role): readonly string[] {
  if (role === PROMOTED) return ['demote']
  return role === UNPROMOTED ? ['stop', 'promote'] : ['stop']
}

function gainingTasks(role: Role): readonly string[] {
  if (role === PROMOTED) return ['promote']
  return role === UNPROMOTED ? ['start', 'demote'] : ['start']
}
