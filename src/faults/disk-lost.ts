/** A node can no longer reach a shared disk: what uses it there fails, and what is started there on it fails. */
import { moveService } from '../world/service.ts'
import { serviceKey } from '../world/state.ts'
import { type Fault, nodeParameter, textOf } from './contract.ts'

/** A node loses its disk. */
export const diskLost: Fault = {
  name: 'disk-lost',
  about: 'A node can no longer reach a shared disk: what uses it there fails, and what is started there on it fails.',
  parameters: [
    nodeParameter('the node that loses the disk'),
    { name: 'storage', type: 'storage', required: true, about: 'the disk' },
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node'), textOf(occurrence, 'storage')],
    text: `${textOf(occurrence, 'node')} loses access to ${textOf(occurrence, 'storage')}`,
  }),
  begin: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    const storage = world.storage.get(textOf(occurrence, 'storage'))!
    storage.lostOn.add(node)
    context.record({
      kind: 'storage',
      phase: 'access-lost',
      storage: storage.id,
      nodes: [node],
      text: `${node} cannot reach ${storage.id}`,
    })
    for (const resource of storage.usedBy) {
      const service = world.services.get(serviceKey(node, resource))!
      service.scripts.push({
        id: occurrence.id,
        operation: 'start',
        misbehaviour: { kind: 'result', rc: 1 },
        slowness: 1,
        times: Number.MAX_SAFE_INTEGER,
      })
      moveService(world, context, service, 'crash')
    }
  },
  end: (world, context, occurrence) => {
    const node = textOf(occurrence, 'node')
    const storage = world.storage.get(textOf(occurrence, 'storage'))!
    storage.lostOn.delete(node)
    context.record({
      kind: 'storage',
      phase: 'access-restored',
      storage: storage.id,
      nodes: [node],
      text: `${node} reaches ${storage.id} again`,
    })
    for (const resource of storage.usedBy) {
      const service = world.services.get(serviceKey(node, resource))!
      service.scripts = service.scripts.filter((script) => script.id !== occurrence.id)
    }
  },
}
