/** Which actions a decision asks for, in the order of their ids: requests, probes, role changes, recurring operations, migration. */
import { describe, expect, it } from 'vitest'
import { dummy, meta, ops, planned, required, type SmallCluster } from '../support/small-cluster.ts'

const MONITOR = ops('A', 'name="monitor" interval="10s"')

describe('a primitive', () => {
  it('is probed everywhere and started where it may run (C-6.1, C-7.4)', () => {
    expect(planned({ resources: dummy('A') })).toEqual(['A_monitor_0 n1', 'A_monitor_0 n2', 'A_start_0 n1'])
  })

  it('keeps an optional stop and start where it runs', () => {
    expect(planned({ resources: dummy('A'), history: { n1: 'A=start', n2: 'A=idle' } })).toEqual([
      'A_stop_0 n1 ?',
      'A_start_0 n1 ?',
    ])
  })

  it('moves: what history runs comes first, then stop, start and monitor (C-9.8)', () => {
    const location = '<rsc_location id="l" rsc="A" node="n2" score="INFINITY"/>'
    expect(
      planned({
        resources: dummy('A', MONITOR),
        constraints: location,
        history: { n1: 'A=start A=monitor/10000', n2: 'A=idle' },
      }),
    ).toEqual(['A_monitor_10000 n1 ?', 'A_stop_0 n1', 'A_start_0 n2', 'A_monitor_10000 n2'])
  })

  it('is restarted where it failed', () => {
    expect(required({ resources: dummy('A'), history: { n1: 'A=start A=fail', n2: 'A=idle' } })).toEqual([
      'A_stop_0 n1',
      'A_start_0 n1',
    ])
  })

  it('stops on both nodes and starts on one where it runs twice (C-7.4 item 6)', () => {
    const both = { n1: 'A=start', n2: 'A=start' }
    expect(required({ resources: dummy('A'), history: both })).toEqual(['A_stop_0 n1', 'A_stop_0 n2', 'A_start_0 n1'])
    expect(required({ resources: dummy('A', meta('A', 'multiple-active=stop_unexpected')), history: both })).toEqual([
      'A_stop_0 n2',
      'A_start_0 n1 ~',
    ])
  })

  it('that is unmanaged is probed, but neither started nor stopped (C-8.1)', () => {
    expect(planned({ resources: dummy('A', meta('A', 'is-managed=false')), history: { n1: 'A=start' } })).toEqual([
      'A_monitor_0 n2',
      'A_stop_0 n1 ?!',
      'A_start_0 n1 ?',
    ])
  })

  it('cannot start without quorum, and then its start stays optional (C-4.4, C-7.6)', () => {
    const idle = { n1: 'A=idle', n2: 'A=idle' }
    expect(planned({ resources: dummy('A'), history: idle, quorum: '0' })).toEqual(['A_start_0 n1 ?!'])
    expect(planned({ resources: dummy('A'), history: idle, quorum: '0', options: 'no-quorum-policy=ignore' })).toEqual([
      'A_start_0 n1',
    ])
  })

  it('leaves nothing behind with remove-after-stop (C-5.8)', () => {
    const stopped: SmallCluster = {
      options: 'remove-after-stop=true',
      resources: dummy('A', meta('A', 'target-role=Stopped')),
      history: { n1: 'A=start', n2: 'A=idle' },
    }
    expect(required(stopped)).toEqual(['A_stop_0 n1', 'A_delete_0 n1'])
  })
})

describe('probes', () => {
  it('skip nodes that are down, and a node that says so', () => {
    expect(required({ resources: dummy('A'), nodes: 3, states: { n2: 'in_ccm="false"' } })).toEqual([
      'A_monitor_0 n1',
      'A_monitor_0 n3',
      'A_start_0 n1',
    ])
    expect(required({ resources: dummy('A'), attributes: { n2: 'probe_complete=false' } })).toEqual([
      'A_monitor_0 n1',
      'probe_again-n2 n2',
      'A_start_0 n1',
    ])
  })

  it('ask one instance of an anonymous clone on each node: the one that belongs there (C-6.5)', () => {
    const clone = `<clone id="C">${dummy('A')}</clone>`
    expect(required({ resources: clone }).slice(0, 2)).toEqual(['A:0_monitor_0 n1', 'A:1_monitor_0 n2'])
    const unique = `<clone id="C">${meta('C', 'globally-unique=true')}${dummy('A')}</clone>`
    expect(required({ resources: unique }).slice(0, 4)).toEqual([
      'A:0_monitor_0 n1',
      'A:1_monitor_0 n1',
      'A:0_monitor_0 n2',
      'A:1_monitor_0 n2',
    ])
  })

  it('can be switched off', () => {
    expect(planned({ resources: dummy('A'), options: 'enable-startup-probes=false' })).toEqual(['A_start_0 n1'])
  })
})

describe('recurring operations', () => {
  const running = { n1: 'A=start A=monitor/10000', n2: 'A=idle' }

  it('of the same name and interval cancel each other out (C-9.2)', () => {
    const twice = ops('A', 'name="monitor" interval="10s"', 'name="monitor" interval="10" timeout="30s"')
    expect(planned({ resources: dummy('A', twice) }).filter((line) => line.includes('10000'))).toEqual([])
  })

  it('that are no longer configured are cancelled, unless orphaned actions may stay (C-5.4)', () => {
    expect(required({ resources: dummy('A'), history: running })).toEqual(['cancel A_monitor_10000 n1'])
    expect(required({ resources: dummy('A'), history: running, options: 'stop-orphan-actions=false' })).toEqual([])
  })

  it('end in maintenance (C-5.3 item 5)', () => {
    expect(required({ resources: dummy('A', MONITOR), history: running, options: 'maintenance-mode=true' })).toEqual([
      'cancel A_monitor_10000 n1',
    ])
  })

  it('for role Stopped run on every other node (C-9.7)', () => {
    const stopped = ops('A', 'name="monitor" interval="11s" role="Stopped"')
    expect(required({ resources: dummy('A', stopped), history: { n1: 'A=start', n2: 'A=idle' }, nodes: 3 })).toEqual([
      'A_monitor_0 n3',
      'A_monitor_11000 n2',
      'A_monitor_11000 n3',
    ])
  })

  it('of another role give way to those of the new one (C-9.3)', () => {
    const both = ops(
      'S',
      'name="monitor" interval="10s" role="Promoted"',
      'name="monitor" interval="11s" role="Unpromoted"',
    )
    const resources = `<clone id="C">${meta('C', 'promotable=true')}${dummy('S', both)}</clone>`
    expect(
      required({
        resources,
        history: { n1: 'S=start S=monitor/11000', n2: 'S=start S=monitor/11000' },
        attributes: { n1: 'master-S=10' },
      }),
    ).toEqual([
      'cancel S:0_monitor_11000 n1',
      'S:0_promote_0 n1',
      'S:0_monitor_10000 n1',
      'C_promote_0 ~',
      'C_promoted_0 ~',
    ])
  })
})

describe('live migration', () => {
  const moving: SmallCluster = {
    resources: dummy('A', meta('A', 'allow-migrate=true')),
    constraints: '<rsc_location id="l" rsc="A" node="n2" score="INFINITY"/>',
    history: { n1: 'A=start', n2: 'A=idle' },
  }

  it('moves a resource that may migrate, and its start becomes a point in time (C-10.2)', () => {
    expect(required(moving)).toEqual(['A_stop_0 n1', 'A_start_0 n2 ~', 'A_migrate_to_0 n1', 'A_migrate_from_0 n2'])
  })

  it('is given up where something that it waits for restarts (C-10.5)', () => {
    const constraints = `${moving.constraints}<rsc_order id="o" first="B" then="A"/>`
    const resources = `${moving.resources}${dummy('B')}`
    const history = { n1: 'A=start B=start B=fail', n2: 'A=idle B=idle' }
    expect(required({ resources, constraints, history })).toEqual([
      'B_stop_0 n1',
      'A_stop_0 n1',
      'A_start_0 n2',
      'A_migrate_to_0 n1 !',
      'A_migrate_from_0 n2 !',
      'B_start_0 n1',
    ])
  })
})
