/** Faults of services and their agents: what crashes or hangs by itself, what an agent returns, and what somebody starts by hand. */
import type { Misbehaviour } from '../agents/contract.ts'
import type { OperationName } from '../model/operation.ts'
import type { ParameterSpec } from '../model/vocabulary.ts'
import { moveService } from '../world/service.ts'
import { type ServiceTruth, serviceKey, type World } from '../world/state.ts'
import { type Fault, nodeParameter, numberOf, type Occurrence, textOf } from './contract.ts'

const RESOURCE: ParameterSpec = { name: 'resource', type: 'resource', required: true, about: 'the resource' }
const OPERATIONS = [
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
]
const OPERATION: ParameterSpec = {
  name: 'operation',
  type: 'text',
  required: false,
  about: 'the operation; absent: any',
  choices: OPERATIONS,
}
const TIMES: ParameterSpec = {
  name: 'times',
  type: 'number',
  required: false,
  about: 'how many calls; absent: every one',
}
const NODE = nodeParameter('the node')

/** The service ends by itself. */
export const serviceCrash: Fault = {
  name: 'service-crash',
  about: 'A service ends by itself on one node; nobody is told.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'leaves',
      type: 'text',
      required: false,
      about: 'whether it is plainly stopped (the default) or left half alive',
      choices: ['stopped', 'failed'],
    },
  ],
  lasting: false,
  describe: (occurrence) => targeting(occurrence, 'ends by itself'),
  begin: (world, context, occurrence) => {
    moveService(
      world,
      context,
      serviceOf(world, occurrence),
      textOf(occurrence, 'leaves') === 'failed' ? 'crash' : 'vanish',
    )
  },
}

/** The service answers nothing. */
export const serviceHang: Fault = {
  name: 'service-hang',
  about: 'A service stops answering: every operation on it hangs. With `for`, it goes on after that time.',
  parameters: [NODE, RESOURCE],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, 'hangs'),
  begin: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'hang')
  },
  end: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'resume')
  },
}

/** Somebody starts it where the cluster did not. */
export const startedByHand: Fault = {
  name: 'started-by-hand',
  about: 'Somebody starts a service on a node by hand, behind the back of the cluster manager.',
  parameters: [NODE, RESOURCE],
  lasting: false,
  describe: (occurrence) => targeting(occurrence, 'is started by hand'),
  begin: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'appeared')
  },
}

/** Calls return a given code. */
export const agentResult: Fault = {
  name: 'agent-result',
  about: 'Calls of an agent return a given code, whatever is so: a fixed number of times, for a while, or for ever.',
  parameters: [
    NODE,
    RESOURCE,
    OPERATION,
    { name: 'rc', type: 'number', required: true, about: 'the exit code' },
    { name: 'output', type: 'text', required: false, about: 'what it prints' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) =>
    targeting(occurrence, `returns ${numberOf(occurrence, 'rc', 0)} from ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => {
    const output = textOf(occurrence, 'output')
    const misbehaviour: Misbehaviour = {
      kind: 'result',
      rc: numberOf(occurrence, 'rc', 1),
      ...(output === '' ? {} : { output }),
    }
    addScript(world, occurrence, misbehaviour)
  },
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** Calls never return. */
export const agentHang: Fault = {
  name: 'agent-hang',
  about: 'Calls of an agent never return; only a timeout ends them.',
  parameters: [NODE, RESOURCE, OPERATION, TIMES],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `never returns from ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'hang' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** The program is gone. */
export const agentMissing: Fault = {
  name: 'agent-missing',
  about: 'The agent’s program is not installed on a node: calls fail and touch nothing.',
  parameters: [NODE, RESOURCE],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, 'has no program'),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'missing' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** Status says what is not so. */
export const agentLies: Fault = {
  name: 'agent-lies',
  about: 'A monitor or status reports another state than the true one.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'as',
      type: 'text',
      required: true,
      about: 'what it reports',
      choices: ['started', 'stopped', 'promoted', 'failed'],
    },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `is reported as ${textOf(occurrence, 'as')}`),
  begin: (world, _context, occurrence) => {
    const as = textOf(occurrence, 'as')
    addScript(world, occurrence, {
      kind: 'lie',
      as: as === 'started' || as === 'promoted' || as === 'failed' ? as : 'stopped',
    })
  },
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** A change is claimed and not made. */
export const agentPretends: Fault = {
  name: 'agent-pretends',
  about: 'Calls of an agent that should change something return success and do nothing.',
  parameters: [NODE, RESOURCE, OPERATION, TIMES],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `claims success for ${operationText(occurrence)} and does nothing`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'pretend' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** What was brought up does not stay up. */
export const agentCrashLater: Fault = {
  name: 'agent-crash-later',
  about: 'What an agent starts, promotes or receives by migration works at first and crashes some time later.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'operation',
      type: 'text',
      required: true,
      about: 'the operation that brings it up',
      choices: ['start', 'promote', 'migrate_from'],
    },
    { name: 'after', type: 'duration', required: true, about: 'how long it works' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `crashes some time after ${operationText(occurrence)} has worked`),
  begin: (world, _context, occurrence) =>
    addScript(world, occurrence, { kind: 'crash-later', after: numberOf(occurrence, 'after', 0) }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

/** Calls take longer. */
export const agentSlow: Fault = {
  name: 'agent-slow',
  about: 'Calls of an agent take so many times as long.',
  parameters: [
    NODE,
    RESOURCE,
    OPERATION,
    { name: 'factor', type: 'number', required: true, about: 'how many times as long' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) =>
    targeting(occurrence, `takes ${numberOf(occurrence, 'factor', 1)} times as long for ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, undefined, numberOf(occurrence, 'factor', 1)),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}

function serviceOf(world: World, occurrence: Occurrence): ServiceTruth {
  return world.services.get(serviceKey(textOf(occurrence, 'node'), textOf(occurrence, 'resource')))!
}

function addScript(world: World, occurrence: Occurrence, misbehaviour: Misbehaviour | undefined, slowness = 1): void {
  const operation = textOf(occurrence, 'operation')
  serviceOf(world, occurrence).scripts.push({
    id: occurrence.id,
    // The reader accepts only the words of OPERATIONS here.
    operation: (operation === '' ? 'any' : operation) as OperationName | 'any',
    misbehaviour,
    slowness,
    times: numberOf(occurrence, 'times', Number.MAX_SAFE_INTEGER),
  })
}

function dropScript(world: World, occurrence: Occurrence): void {
  const service = serviceOf(world, occurrence)
  service.scripts = service.scripts.filter((script) => script.id !== occurrence.id)
}

function targeting(
  occurrence: Occurrence,
  what: string,
): { readonly targets: readonly string[]; readonly text: string } {
  const resource = textOf(occurrence, 'resource')
  const node = textOf(occurrence, 'node')
  return { targets: [node, resource], text: `${resource} ${what} on ${node}` }
}

function operationText(occurrence: Occurrence): string {
  const operation = textOf(occurrence, 'operation')
  return operation === '' || operation === 'any' ? 'every operation' : operation
}
