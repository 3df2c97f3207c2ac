/** What faults of fence devices and processes share. */
import type { ParameterSpec } from '../model/vocabulary.ts'
import type { FenceScript, World } from '../world/state.ts'
import { numberOf, type Occurrence, textOf } from './contract.ts'

export const DEVICE: ParameterSpec = { name: 'device', type: 'device', required: true, about: 'the fence device' }
export const TIMES: ParameterSpec = {
  name: 'times',
  type: 'number',
  required: false,
  about: 'how many requests; absent: every one',
}
export const PROCESS: ParameterSpec = {
  name: 'process',
  type: 'process',
  required: false,
  about: 'the process; absent: the main one',
}

export function processOf(world: World, occurrence: Occurrence): string {
  const named = textOf(occurrence, 'process')
  return named === '' ? world.shape.processes[0]! : named
}

export function addScript(world: World, occurrence: Occurrence, kind: FenceScript['kind']): void {
  const device = world.devices.get(textOf(occurrence, 'device'))!
  device.scripts.push({
    id: occurrence.id,
    kind,
    delay: numberOf(occurrence, kind === 'fail' ? 'after' : 'delay', 0),
    times: numberOf(occurrence, 'times', Number.MAX_SAFE_INTEGER),
  })
}

export function dropScript(world: World, occurrence: Occurrence): void {
  const device = world.devices.get(textOf(occurrence, 'device'))!
  device.scripts = device.scripts.filter((script) => script.id !== occurrence.id)
}
