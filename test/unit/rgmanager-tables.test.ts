/** The tables of spec rgmanager as tables: advice on stops (9a) and starts (9b), and scores of nodes (12a). */
import { describe, expect, it } from 'vitest'
import { readClusterConf } from '../../src/rgmanager/cluster-conf.ts'
import { scoreOf } from '../../src/rgmanager/domains.ts'
import type { StartMode, StopMode } from '../../src/rgmanager/frames.ts'
import {
  blankRecord,
  createState,
  type RgState,
  type ServiceRecord,
  type ServiceState,
  serviceOf,
} from '../../src/rgmanager/state.ts'
import { adviseStart, adviseStop } from '../../src/rgmanager/steps.ts'
import { clusterConf, SWITCHES, web } from '../support/shop.ts'

/** A node n1 that serves, beside n2 that serves and n3 that does not. */
function stateOf(rm = web()): RgState {
  const { value } = readClusterConf([{ name: 'cluster.conf', text: clusterConf(rm, { nodes: 3 }) }], SWITCHES)
  const state = createState(value!, 'n1')
  state.phase = 'running'
  Object.assign(state.peers.get('n2')!, { member: true, serving: true })
  return state
}

function recordIn(state: ServiceState, owner?: string, more: Partial<ServiceRecord> = {}): ServiceRecord {
  return { ...blankRecord('service:web'), state, owner, ...more }
}

describe('what is advised on a stop (9a)', () => {
  const rows: readonly (readonly [ServiceState, string | undefined, Readonly<Record<string, string>>])[] = [
    ['failed', undefined, { stop: 'fail', 'user-stop': 'fail', relocate: 'fail', disable: 'run' }],
    ['recoverable', 'n1', { stop: 'fail', 'user-stop': 'fail', relocate: 'fail', disable: 'run' }],
    ['stopped', undefined, { stop: 'nothing', 'user-stop': 'nothing', relocate: 'nothing', disable: 'run' }],
    ['disabled', undefined, { stop: 'nothing', 'user-stop': 'nothing', relocate: 'invalid', disable: 'run' }],
    ...(['starting', 'started', 'stopping', 'recovering', 'migrating'] as const).flatMap((state) => [
      [state, 'n1', { stop: 'run', 'user-stop': 'run', relocate: 'run', disable: 'run' }] as const,
      [state, undefined, { stop: 'run', 'user-stop': 'run', relocate: 'run', disable: 'run' }] as const,
      [state, 'n2', { 'user-stop': 'forward', relocate: 'forward', disable: 'forward' }] as const,
      [state, 'n3', { stop: 'mark-stopped', 'user-stop': 'mark-stopped', disable: 'mark-stopped' }] as const,
    ]),
  ]

  it.each(rows)('%s, owned by %s', (state, owner, expected) => {
    for (const [mode, advice] of Object.entries(expected)) {
      expect([mode, adviseStop(stateOf(), recordIn(state, owner), mode as StopMode)]).toEqual([mode, advice])
      const frozen = recordIn(state, owner, { frozen: true })
      expect(adviseStop(stateOf(), frozen, mode as StopMode)).toBe('frozen')
    }
  })
})

describe('what is advised on a start (9b)', () => {
  const rows: readonly (readonly [ServiceState, string | undefined, Readonly<Record<StartMode, string>>])[] = [
    ['failed', undefined, { automatic: 'aborted', enable: 'aborted', recover: 'aborted' }],
    ['migrating', 'n2', { automatic: 'running', enable: 'running', recover: 'running' }],
    ...(['starting', 'started', 'stopping'] as const).flatMap((state) => [
      [state, 'n2', { automatic: 'running', enable: 'running', recover: 'running' }] as const,
      [state, 'n3', { automatic: 'run', enable: 'run', recover: 'run' }] as const,
    ]),
    ['recovering', undefined, { automatic: 'noop', enable: 'noop', recover: 'run' }],
    ['stopped', undefined, { automatic: 'run', enable: 'run', recover: 'run' }],
    ['recoverable', 'n3', { automatic: 'run', enable: 'run', recover: 'run' }],
    ['disabled', undefined, { automatic: 'refused', enable: 'run', recover: 'run' }],
  ]

  it.each(rows)('%s, owned by %s', (state, owner, expected) => {
    for (const [mode, advice] of Object.entries(expected)) {
      expect([mode, adviseStart(stateOf(), recordIn(state, owner), mode as StartMode)]).toEqual([mode, advice])
      expect(adviseStart(stateOf(), recordIn(state, owner, { frozen: true }), mode as StartMode)).toBe('frozen')
    }
  })

  it.each([
    ['stopped', 'automatic', 'again'],
    ['stopped', 'enable', 'run'],
    ['disabled', 'enable', 'again'],
    ['stopped', 'recover', 'run'],
  ] as const)('while starts are locked: %s, %s', (state, mode, advice) => {
    const locked = stateOf()
    locked.startsLocked = true
    expect(adviseStart(locked, recordIn(state), mode)).toBe(advice)
  })
})

describe('scores of nodes (12a)', () => {
  const domain = (flags: string, members: readonly (readonly [string, number])[]): string =>
    `<rm><failoverdomains><failoverdomain name="d" ${flags}>${members.map(([name, at]) => `<failoverdomainnode name="${name}" priority="${at}"/>`).join('')}</failoverdomain></failoverdomains><service name="web" domain="d"/></rm>`
  const score = (rm: string, node: string, online: readonly string[], owner?: string): number => {
    const state = stateOf(rm)
    if (owner !== undefined) state.records.set('service:web', recordIn('started', owner))
    return scoreOf(state, node, serviceOf(state, 'service:web'), online)
  }
  const PAIR = [
    ['n1', 1],
    ['n2', 2],
  ] as const
  const ALL = ['n1', 'n2', 'n3']

  it.each([
    ['offline', domain('ordered="1"', PAIR), 'n1', ['n2', 'n3'], undefined, 0],
    ['no domain', '<rm><service name="web"/></rm>', 'n3', ALL, undefined, 3],
    ['an unknown domain', '<rm><service name="web" domain="x"/></rm>', 'n3', ALL, undefined, 3],
    ['outside, no member online, restricted', domain('restricted="1"', PAIR), 'n3', ['n3'], undefined, 0],
    ['outside, no member online', domain('', PAIR), 'n3', ['n3'], undefined, 3],
    ['outside, a member online, restricted', domain('restricted="1"', PAIR), 'n3', ALL, undefined, 0],
    ['outside, a member online', domain('', PAIR), 'n3', ALL, undefined, 1],
    ['not the best, ordered', domain('ordered="1"', PAIR), 'n2', ALL, undefined, 2],
    ['not the best, ordered, nofailback, runs here', domain('ordered="1" nofailback="1"', PAIR), 'n2', ALL, 'n2', 3],
    ['best, ordered', domain('ordered="1"', PAIR), 'n1', ALL, undefined, 3],
    ['unordered', domain('', PAIR), 'n2', ALL, undefined, 3],
    ['best, nofailback, runs elsewhere', domain('ordered="1" nofailback="1"', PAIR), 'n1', ALL, 'n2', 2],
    ['best of those online', domain('ordered="1"', PAIR), 'n2', ['n2', 'n3'], undefined, 3],
  ] as const)('%s', (_title, rm, node, online, owner, expected) => {
    expect(score(rm, node, online, owner)).toBe(expected)
  })
})
