/** Faults of fence devices, shared disks and the cluster manager's own processes. */
import type { ParameterSpec } from '../model/vocabulary.ts'
import { reachDevice } from '../world/fencing.ts'
import { moveService } from '../world/service.ts'
import { type FenceScript, serviceKey, type World } from '../world/state.ts'
import { type Fault, nodeParameter, numberOf, type Occurrence, textOf } from './contract.ts'

const DEVICE: ParameterSpec = { name: 'device', type: 'device', required: true, about: 'the fence device' }
const TIMES: ParameterSpec = {
  name: 'times',
  type: 'number',
  required: false,
  about: 'how many requests; absent: every one',
}
const PROCESS: ParameterSpec = {
  name: 'process',
  type: 'text',
  required: false,
  about: 'the process; absent: the main one',
}

/** Requests fail. */
export const fenceFail: Fault = {
  name: 'fence-fail',
  about: 'A fence device answers that it failed, and did.',
  parameters: [DEVICE, TIMES],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `fencing by ${textOf(occurrence, 'device')} fails`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'fail'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** Requests take longer. */
export const fenceSlow: Fault = {
  name: 'fence-slow',
  about: 'A fence device needs so much longer.',
  parameters: [DEVICE, { name: 'delay', type: 'duration', required: true, about: 'extra time' }, TIMES],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `fencing by ${textOf(occurrence, 'device')} takes ${numberOf(occurrence, 'delay', 0)} ms longer`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'slow'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** The worst of all: success without deed. */
export const fenceLie: Fault = {
  name: 'fence-lie',
  about: 'A fence device reports success and does nothing: the classic cause of two nodes on one disk.',
  parameters: [DEVICE, TIMES],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `${textOf(occurrence, 'device')} reports success without fencing`,
  }),
  begin: (world, _context, occurrence) => addScript(world, occurrence, 'lie'),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** Nobody can reach it. */
export const fenceUnreachable: Fault = {
  name: 'fence-unreachable',
  about: 'A fence device cannot be reached: every request fails after the time that it takes to give up.',
  parameters: [DEVICE],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'device')],
    text: `${textOf(occurrence, 'device')} cannot be reached`,
  }),
  begin: (world, context, occurrence) => reachDevice(context, world.devices.get(textOf(occurrence, 'device'))!, 'cut'),
  end: (world, context, occurrence) => reachDevice(context, world.devices.get(textOf(occurrence, 'device'))!, 'heal'),
}

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

/** A process of the cluster manager ends without a word. */
export const processCrash: Fault = {
  name: 'process-crash',
  about: 'A process of the cluster manager is killed on one node; services go on.',
  parameters: [nodeParameter('the node'), PROCESS],
  lasting: false,
  describe: (occurrence, world) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${processOf(world, occurrence)} is killed on ${textOf(occurrence, 'node')}`,
  }),
  begin: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'crashed'),
}

/** A process of the cluster manager stands still. */
export const processHang: Fault = {
  name: 'process-hang',
  about: 'A process of the cluster manager stands still on one node. With `for`, it goes on after that time.',
  parameters: [nodeParameter('the node'), PROCESS],
  lasting: true,
  describe: (occurrence, world) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${processOf(world, occurrence)} stands still on ${textOf(occurrence, 'node')}`,
  }),
  begin: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'hung'),
  end: (world, context, occurrence) =>
    context.processChanged(textOf(occurrence, 'node'), processOf(world, occurrence), 'running'),
}

function processOf(world: World, occurrence: Occurrence): string {
  const named = textOf(occurrence, 'process')
  return named === '' ? world.shape.processes[0]! : named
}

function addScript(world: World, occurrence: Occurrence, kind: FenceScript['kind']): void {
  const device = world.devices.get(textOf(occurrence, 'device'))!
  device.scripts.push({
    id: occurrence.id,
    kind,
    delay: numberOf(occurrence, 'delay', 0),
    times: numberOf(occurrence, 'times', Number.MAX_SAFE_INTEGER),
  })
}

function dropScript(world: World, occurrence: Occurrence): void {
  const device = world.devices.get(textOf(occurrence, 'device'))!
  device.scripts = device.scripts.filter((script) => script.id !== occurrence.id)
}
