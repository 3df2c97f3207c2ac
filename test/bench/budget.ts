/**
 * The budget case of the design: three nodes, twenty resources, a monitor of each every ten seconds, heartbeats every second. Heartbeat
 * has neither three nodes nor monitors, so a manager made for this measurement loads kernel, world, agents and trace as one would.
 */
import { fixed } from '../../src/kernel/draw.ts'
import { HOUR } from '../../src/kernel/time.ts'
import type { Manager } from '../../src/manager/contract.ts'
import type { AnyManager } from '../../src/run/managers.ts'
import { type SimulateOptions, simulate } from '../../src/run/simulate.ts'
import { pairScenario } from '../support/pair.ts'
import { type RunRow, timeRun, toRows } from './timed.ts'

const NODES = ['n1', 'n2', 'n3']
const RESOURCES = Array.from({ length: 20 }, (_, index) => `r${index + 1}`)
const MONITOR_INTERVAL = 10_000

interface State {
  readonly own: readonly string[]
  ticket: number
}

const monitoring: Manager<object, State> = {
  name: 'pacemaker',
  read: () => ({ value: {}, problems: [] }),
  shape: () => ({
    manager: 'pacemaker',
    nodes: NODES,
    media: [{ id: 'eth0', kind: 'ethernet', members: NODES }],
    pingTargets: [],
    resources: RESOURCES.map((id) => ({
      id,
      agent: { class: 'ocf', provider: 'bench', type: 'Dummy' },
      parameters: [],
      promotable: false,
    })),
    groups: [],
    fenceDevices: [],
    storage: [],
    processes: ['bench'],
  }),
  checkCommand: () => undefined,
  daemon: (_config, node) => ({
    own: RESOURCES.filter((_, index) => index % NODES.length === NODES.indexOf(node)),
    ticket: 0,
  }),
  handle: (state, observation, { act }) => {
    const run = (resource: string, operation: 'monitor' | 'start'): void => {
      state.ticket += 1
      act({
        kind: 'run',
        ticket: state.ticket,
        resource,
        operation,
        ...(operation === 'monitor' ? { interval: MONITOR_INTERVAL } : {}),
      })
    }
    if (observation.kind === 'boot') {
      for (const resource of state.own) run(resource, 'start')
      act({ kind: 'timer', name: 'beat', delay: 1000 })
    } else if (observation.kind === 'result')
      act({ kind: 'timer', name: observation.resource, delay: MONITOR_INTERVAL })
    else if (observation.kind === 'timer' && observation.name !== 'beat') run(observation.name, 'monitor')
    else if (observation.kind === 'timer') {
      act({ kind: 'send', to: '*', body: { type: 'beat', data: state.ticket }, routine: true })
      act({ kind: 'timer', name: 'beat', delay: 1000 })
    }
  },
}

const CASES: readonly (readonly [string, SimulateOptions])[] = [
  ['table engine, no trace', { trace: 'none' }],
  ['table engine, full trace', { messages: 'all' }],
  ['XState engine, no trace', { trace: 'none', engine: 'xstate' }],
  ['XState engine, full trace', { messages: 'all', engine: 'xstate' }],
]

/** Times every case over the same twelve virtual hours, after a warm-up of each. */
export function benchBudget(): readonly RunRow[] {
  const until = 12 * HOUR
  const timings = [{ operation: 'monitor', subject: '*', distribution: fixed(50) }]
  const scenario = { ...pairScenario({ until, timings }) }
  // The bench manager keeps its own configuration and state, as the catalogue's managers do.
  const manager = monitoring as unknown as AnyManager
  return toRows(
    CASES.map(([run, options]) => {
      simulate({ ...scenario, until: HOUR }, { ...options, manager })
      return timeRun(run, scenario, { ...options, manager })
    }),
  )
}
