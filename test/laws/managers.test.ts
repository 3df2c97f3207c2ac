/**
 * The contract's laws (test/support/manager-laws.ts) over every manager of the catalogue, and a planted violation for each law, on each
 * manager: a law that cannot fail holds nothing. A new manager is under law once it has a sample here.
 */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import type { Command } from '../../src/manager/command.ts'
import type { DaemonContext } from '../../src/manager/contract.ts'
import type { Observation } from '../../src/manager/observation.ts'
import { type AnyManager, MANAGERS } from '../../src/run/managers.ts'
import { LAWS } from '../support/manager-laws.ts'

/** One shipped scenario of each manager. */
const SAMPLES = new Map([
  ['heartbeat', 'scenarios/heartbeat/s03b-node-dies-fenced.yaml'],
  ['pacemaker', 'scenarios/pacemaker/p01-node-dies-fenced.yaml'],
  ['rgmanager', 'scenarios/rgmanager/s08-node-dies.yaml'],
])

/** A manager that does something more after it has handled an observation. */
function spoilt(
  manager: AnyManager,
  more: (state: unknown, observation: Observation, context: DaemonContext) => void,
): AnyManager {
  return {
    ...manager,
    handle: (state, observation, context) => {
      manager.handle(state, observation, context)
      more(state, observation, context)
    },
  }
}

const run = (resource: string, ticket: number): Command => ({
  kind: 'run',
  ticket,
  resource,
  operation: 'start',
})

/** One manager for each law that breaks it. */
const PLANTED = new Map<string, (manager: AnyManager) => AnyManager>([
  [
    'describes a cluster whose parts know one another',
    (manager) => ({
      ...manager,
      shape: (config) => ({ ...manager.shape(config), groups: [{ id: 'g', resources: ['nobody'] }] }),
    }),
  ],
  [
    'never throws on mutilated files, and names the file of every problem',
    (manager) => ({
      ...manager,
      read: (files, options) => {
        const reading = manager.read(files, options)
        if (reading.value === undefined) throw new Error('cannot read this')
        return reading
      },
    }),
  ],
  [
    'refuses options and commands that it does not know',
    (manager) => ({ ...manager, read: (files) => manager.read(files, []) }),
  ],
  [
    'acts on what exists only',
    (manager) =>
      spoilt(manager, (_state, { kind }, { act }) => {
        if (kind === 'timer') act(run('nobody', 900_000))
      }),
  ],
  [
    'gives every call and fence request a ticket of its own',
    (manager) => ({
      ...manager,
      handle: (state, observation, context) =>
        manager.handle(state, observation, {
          ...context,
          act: (command) => {
            context.act(command)
            if (command.kind === 'run') context.act(command)
          },
        }),
    }),
  ],
  [
    'keeps its state plain',
    (manager) => spoilt(manager, (state) => Object.assign(state as object, { later: () => 1 })),
  ],
  [
    'decides by its state and what it is told, and by nothing else',
    (manager) => {
      let told = 0
      return spoilt(manager, (_state, { kind }, { act }) => {
        told += 1
        if (kind === 'timer') act({ kind: 'log', level: 'info', text: `told ${told} times` })
      })
    },
  ],
  [
    'never changes its configuration',
    (manager) => ({
      ...manager,
      daemon: (config, node) => {
        Object.assign(config as object, { lastNode: node })
        return manager.daemon(config, node)
      },
    }),
  ],
  [
    'ignores what is not its own',
    (manager) =>
      spoilt(manager, (_state, observation) => {
        if (observation.kind === 'result' && observation.ticket === 999_999) throw new Error('whose is this?')
      }),
  ],
])

describe.each(MANAGERS.map((manager) => ({ name: manager.name, manager })))('manager $name', ({ name, manager }) => {
  const scenario = loadScenario(SAMPLES.get(name)!)

  it.each(LAWS)('$name', ({ complaints }) => {
    expect(complaints(manager, scenario)).toEqual([])
  })

  it.each(LAWS)('and would be caught if it did not: $name', (law) => {
    expect(law.complaints(PLANTED.get(law.name)!(manager), scenario)).not.toEqual([])
  })
})
