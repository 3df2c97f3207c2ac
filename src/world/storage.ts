/** Shared storage: who has it open, and the corruption that follows when two nodes have at once what is not made for that. */
import type { LifecycleState } from '../model/lifecycle.ts'
import type { WorldContext } from './context.ts'
import { type ServiceTruth, type StorageTruth, serviceKey, type World } from './state.ts'

/** Brings the storage of one service up to date after its state changed. Records opening, closing, and each overlap once. */
export function noteUse(world: World, context: WorldContext, service: ServiceTruth): void {
  for (const storage of world.storage.values()) {
    if (!storage.usedBy.includes(service.spec.id)) continue
    const open = storage.usedBy.some((resource) =>
      hasOpen(world.services.get(serviceKey(service.node, resource))!.state),
    )
    if (open === storage.openOn.has(service.node)) continue
    if (open) openStorage(context, storage, service.node)
    else {
      storage.openOn.delete(service.node)
      context.record({
        kind: 'storage',
        phase: 'closed',
        storage: storage.id,
        nodes: [service.node],
        text: `${service.node} no longer uses ${storage.id}`,
      })
    }
  }
}

function openStorage(context: WorldContext, storage: StorageTruth, node: string): void {
  const others = [...storage.openOn].sort()
  storage.openOn.add(node)
  const seq = context.record({
    kind: 'storage',
    phase: 'opened',
    storage: storage.id,
    nodes: [node],
    text: `${node} uses ${storage.id}`,
  })
  if (storage.concurrent || others.length === 0) return
  const nodes = [...others, node].sort()
  context.because(seq, () =>
    context.record({
      kind: 'storage',
      phase: 'corrupted',
      storage: storage.id,
      nodes,
      text: `${nodes.join(' and ')} write to ${storage.id} at the same time: its data is corrupted`,
    }),
  )
}

/** A service that is not stopped, nor only on its way up, has its data open: also one that failed, hangs or could not be stopped. */
function hasOpen(state: LifecycleState): boolean {
  return state !== 'stopped' && state !== 'starting'
}
