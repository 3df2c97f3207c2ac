/** Where a manager's belief and the truth part: compares what a node's manager says it holds with what really runs there. */
import type { ClusterShape } from '../../src/model/cluster.ts'
import type { Frame } from '../../src/trace/frames.ts'

/** What node `name` believes of `resource`, in the manager's word for its group, or empty where it says nothing. */
export function beliefOf(frame: Frame, cluster: ClusterShape, name: string, resource: string): string {
  const group = cluster.groups.find((entry) => entry.resources.includes(resource))
  const beliefs = frame.nodes.get(name)?.beliefs
  return beliefs?.get(resource) ?? (group === undefined ? '' : (beliefs?.get(group.id) ?? ''))
}

/** True where what `node` believes says one thing and the truth there is another; work under way is no difference. */
export function differs(belief: string, state: string, node: string): boolean {
  const runs = state === 'started' || state === 'promoted'
  const [word = '', , owner = node] = belief.split(' ')
  if (BUSY.has(word)) return false
  if (HELD.has(word) && owner === node) return !runs && state !== 'starting'
  return state !== 'stopped' && state !== 'starting' && state !== 'stopping'
}

/** Heartbeat says `held` of itself, RGManager `started on n1` of anyone. */
const HELD: ReadonlySet<string> = new Set(['acquired', 'held', 'started'])
const BUSY: ReadonlySet<string> = new Set(['acquiring', 'releasing', 'failed', 'recovering', 'starting', 'stopping'])

/** True where a node is seen as dead though it lives, or as alive though it is gone. */
export function viewDiffers(view: string, state: string): boolean {
  const alive = state === 'up' || state === 'shutting-down'
  return view === 'dead' ? alive : (view === 'active' || view === 'member' || view === 'up') && !alive
}
