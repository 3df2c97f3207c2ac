/** What faults of services and agents share: the parameters that name one on a node, and the scripts that make its agent misbehave. */
import type { Misbehaviour } from '../agents/contract.ts'
import type { OperationName } from '../model/operation.ts'
import type { ParameterSpec } from '../model/vocabulary.ts'
import { type ServiceTruth, serviceKey, type World } from '../world/state.ts'
import { nodeParameter, numberOf, type Occurrence, textOf } from './contract.ts'

export const RESOURCE: ParameterSpec = { name: 'resource', type: 'resource', required: true, about: 'the resource' }
export const OPERATIONS = [
  'any',
  'start',
  'stop',
  'status',
  'monitor',
  'promote',
  'demote',
  'migrate_to',
  'migrate_from',
  'notify',
  'reload',
  'recover',
  'reconfig',
]
export const OPERATION: ParameterSpec = {
  name: 'operation',
  type: 'text',
  required: false,
  about: 'the operation; absent: any',
  choices: OPERATIONS,
}
export const TIMES: ParameterSpec = {
  name: 'times',
  type: 'number',
  required: false,
  about: 'how many calls; absent: every one',
}
export const NODE = nodeParameter('the node')

export function serviceOf(world: World, occurrence: Occurrence): ServiceTruth {
  return world.services.get(serviceKey(textOf(occurrence, 'node'), textOf(occurrence, 'resource')))!
}

export function addScript(
  world: World,
  occurrence: Occurrence,
  misbehaviour: Misbehaviour | undefined,
  slowness = 1,
  delay = 0,
): void {
  const operation = textOf(occurrence, 'operation')
  serviceOf(world, occurrence).scripts.push({
    id: occurrence.id,
    // The reader accepts only the words of OPERATIONS here.
    operation: (operation === '' ? 'any' : operation) as OperationName | 'any',
    misbehaviour,
    slowness,
    delay,
    times: numberOf(occurrence, 'times', Number.MAX_SAFE_INTEGER),
  })
}

export function dropScript(world: World, occurrence: Occurrence): void {
  const service = serviceOf(world, occurrence)
  service.scripts = service.scripts.filter((script) => script.id !== occurrence.id)
}

export function targeting(
  occurrence: Occurrence,
  what: string,
): { readonly targets: readonly string[]; readonly text: string } {
  const resource = textOf(occurrence, 'resource')
  const node = textOf(occurrence, 'node')
  return { targets: [node, resource], text: `${resource} ${what} on ${node}` }
}

export function operationText(occurrence: Occurrence): string {
  const operation = textOf(occurrence, 'operation')
  return operation === '' || operation === 'any' ? 'every operation' : operation
}
