/** A node's wall clock can be wrong; its timers are not touched. */
import { expect, it } from 'vitest'
import type { Manager } from '../../src/manager/contract.ts'
import type { AnyManager } from '../../src/run/managers.ts'
import { simulate } from '../../src/run/simulate.ts'
import { fault, pairScenario } from '../support/pair.ts'

/** Writes down, every minute, what its node's clock shows. */
const diarist: Manager<object, object> = {
  name: 'heartbeat',
  read: () => ({ value: {}, problems: [] }),
  shape: () => ({
    manager: 'heartbeat',
    nodes: ['alice'],
    media: [],
    pingTargets: [],
    resources: [],
    groups: [],
    fenceDevices: [],
    storage: [],
    processes: ['diarist'],
  }),
  checkCommand: () => undefined,
  daemon: () => ({}),
  handle: (_state, _observation, { act, clock }) => {
    act({ kind: 'log', level: 'info', text: String(clock) })
    act({ kind: 'timer', name: 'minute', delay: 60_000 })
  },
}

it('shows the wrong time from the fault to its end, while minutes stay minutes', () => {
  const timeline = [fault(90_000, 'clock-wrong', { node: 'alice', by: 5000, direction: 'behind' }, 60_000)]
  // The diarist keeps its own configuration and state, as the catalogue's managers do.
  const manager = diarist as unknown as AnyManager
  const { trace } = simulate(pairScenario({ until: 200_000, timeline }), { manager })
  const diary = trace.records.flatMap((record) => (record.kind === 'log' ? [[record.at, Number(record.text)]] : []))
  expect(diary).toEqual([
    [0, 0],
    [60_000, 60_000],
    [120_000, 115_000],
    [180_000, 180_000],
  ])
})
