/** Where a manager's belief and the truth part: compares what a node's manager says it holds with what really runs there. */
import type { ClusterShape } from '../../src/model/cluster.ts'
import type { Frame } from '../../src/trace/frames.ts'

/** What node `name` believes of `resource`, in the manager's word for its group, or empty where it says nothing. */
export function beliefOf(frame: Frame, cluster: ClusterShape, name: string, resource: string): string {
  const group = cluster.groups.find((entry) => entry.resources.includes(resource))
  const beliefs = frame.nodes.get(name)?.beliefs
  return beliefs?.get(resource) ?? (group === undefined ? '' : (beliefs?.get(group.id) ?? ''))
}

/** True where the belief says one thing and the truth is another; work under way is no difference. */
export function differs(belief: string, state: string): boolean {
  const runs = state === 'started' || state === 'promoted'
  if (belief === 'held' || belief === 'acquired') return !runs && state !== 'starting'
  if (belief === 'acquiring' || belief === 'releasing') return false
  return state !== 'stopped' && state !== 'starting' && state !== 'stopping'
}

/** True where a node is seen as dead though it lives, or as alive though it is gone. */
export function viewDiffers(view: string, state: string): boolean {
  const alive = state === 'up' || state === 'shutting-down'
  return view === 'dead' ? alive : (view === 'active' || view === 'up') && !alive
}
