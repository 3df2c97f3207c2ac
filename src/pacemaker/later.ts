/**
 * What exists in the cluster's world over a whole run: what its configuration describes at the beginning, and what changes of the CIB on
 * the timeline will add. A machine that is configured later has been there all the time; nobody used it.
 *
 * Differs: a resource that is made anew with another agent keeps its first one; members of the ring are those of the beginning.
 */
import type { Configuration } from '../cib/configuration.ts'
import type { ClusterState } from '../cib/state.ts'
import type { Status } from '../cib/status.ts'
import { unpackCluster } from '../cib/unpack.ts'
import type { CloneShape, ClusterShape, GroupShape } from '../model/cluster.ts'
import { type PacemakerConfig, shapeOf } from './config.ts'
import { editConfiguration } from './edit-document.ts'
import { ownWords, readOrder } from './orders.ts'

/** A configuration that administrators will make, and what it describes. */
export interface Stage {
  readonly configuration: Configuration
  readonly state: ClusterState
}

/** What each of `commands` that changes `configuration` makes of it; `clockStart` in epoch seconds. Those that do not fit change nothing. */
export function stagesOf(
  configuration: Configuration,
  commands: readonly (readonly string[])[],
  clockStart: number,
): readonly Stage[] {
  const found: Stage[] = []
  let latest = configuration
  for (const words of commands) {
    const order = readOrder(ownWords(words))
    if (typeof order === 'string' || order.kind !== 'cib') continue
    const after = editConfiguration(latest, order.edits)
    if (typeof after === 'string' || after === latest) continue
    latest = after
    found.push({ configuration: after, state: unpackCluster({ configuration: after, status: NO_STATUS }, clockStart) })
  }
  return found
}

/** What a later configuration adds says nothing of what runs. */
const NO_STATUS: Status = { nodeStates: [], tickets: [], order: [] }

/** What exists in the world: what there is at the beginning, and after it whatever comes later. */
export function wholeShapeOf(config: Omit<PacemakerConfig, 'shape'>, later: readonly Stage[]): ClusterShape {
  const { configuration, status, clockStart } = config
  let shape = shapeOf(config, unpackCluster({ configuration, status }, clockStart))
  for (const stage of later)
    shape = both(shape, shapeOf({ ...config, configuration: stage.configuration }, stage.state))
  return shape
}

function both(shape: ClusterShape, later: ClusterShape): ClusterShape {
  const resources = later.resources.filter(isNewIn(shape.resources))
  const fresh = new Set(resources.map(({ id }) => id))
  return {
    ...shape,
    resources: [...shape.resources, ...resources],
    groups: withMore(shape.groups, later.groups, fresh),
    ...(later.clones === undefined ? {} : { clones: withMore(shape.clones ?? [], later.clones, fresh) }),
    fenceDevices: [...shape.fenceDevices, ...later.fenceDevices.filter(isNewIn(shape.fenceDevices))],
    storage: [...shape.storage, ...later.storage.filter(isNewIn(shape.storage))],
  }
}

function isNewIn(known: readonly { readonly id: string }[]): (entry: { readonly id: string }) => boolean {
  const ids = new Set(known.map(({ id }) => id))
  return ({ id }) => !ids.has(id)
}

/** Only what is new comes into a collection: whatever was there before stands where it stood. */
function withMore<Collection extends CloneShape | GroupShape>(
  known: readonly Collection[],
  later: readonly Collection[],
  fresh: ReadonlySet<string>,
): readonly Collection[] {
  const added = (collection: Collection | undefined): readonly string[] =>
    collection?.resources.filter((id) => fresh.has(id)) ?? []
  const grown = known.map((collection) => ({
    ...collection,
    resources: [...collection.resources, ...added(later.find(({ id }) => id === collection.id))],
  }))
  const made = later
    .filter(isNewIn(known))
    .map((collection) => ({ ...collection, resources: added(collection) }))
    .filter(({ resources }) => resources.length > 0)
  return [...grown, ...made]
}
