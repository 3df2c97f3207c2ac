/**
 * What exists in the cluster's world over a whole run: what its configuration describes at the beginning, and what changes of the CIB on
 * the timeline will add. A machine that is configured later has been there all the time; nobody used it.
 *
 * Differs: a resource that is made anew with another agent keeps its first one; members of the ring are those of the beginning.
 */
import type { Configuration } from '../cib/configuration.ts'
import type { Status } from '../cib/status.ts'
import type { CloneShape, ClusterShape, GroupShape } from '../model/cluster.ts'
import { type PacemakerConfig, shapeOf } from './config.ts'
import { editConfiguration } from './edit-document.ts'
import { ownWords, readOrder } from './orders.ts'

/** The configuration after each of `commands` that changes what it describes. Those that do not fit change nothing. */
export function laterOf(
  configuration: Configuration,
  commands: readonly (readonly string[])[],
): readonly Configuration[] {
  const found: Configuration[] = []
  let latest = configuration
  for (const words of commands) {
    const order = readOrder(ownWords(words))
    if (typeof order === 'string' || order.kind !== 'cib') continue
    const after = editConfiguration(latest, order.edits)
    if (typeof after === 'string' || after === latest) continue
    latest = after
    found.push(after)
  }
  return found
}

/** What exists in the world: what there is at the beginning, and after it whatever comes later. */
export function wholeShapeOf(config: PacemakerConfig): ClusterShape {
  let shape = shapeOf(config)
  for (const configuration of config.later)
    shape = both(shape, shapeOf({ ...config, configuration, status: NO_STATUS }))
  return shape
}

/** What a later configuration adds says nothing of what runs. */
const NO_STATUS: Status = { nodeStates: [], tickets: [], order: [] }

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
