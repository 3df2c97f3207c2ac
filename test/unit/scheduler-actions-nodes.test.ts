/** Actions that concern nodes: fencing, unfencing, shutdown, what runs behind a connection; and what clones tell their instances. */
import { describe, expect, it } from 'vitest'
import { hostMeta, routerNode } from '../../src/scheduler/remote.ts'
import { decide, dummy, lineOf, meta, ops, required, type SmallCluster } from '../support/small-cluster.ts'

const FENCED = 'stonith-enabled=true'
const DEVICE = '<primitive id="F" class="stonith" type="fence_ipmilan"/>'
const LOST = 'in_ccm="false" crmd="offline" join="down" expected="member"'

/** What must be done before the action `key`: keys of the inputs that the graph shows. */
function inputsOf(cluster: SmallCluster, key: string): readonly string[] {
  const found = decide(cluster).graph.synapses.find(({ action }) => action.operationKey === key)
  return (found?.inputs ?? []).map(({ operationKey, node }) =>
    node === undefined ? operationKey : `${operationKey} ${node}`,
  )
}

describe('fencing', () => {
  const lost: SmallCluster = {
    options: FENCED,
    nodes: 3,
    resources: DEVICE + dummy('A'),
    history: { n1: 'F=idle A=idle', n2: 'F=start A=start', n3: 'F=idle A=idle' },
    states: { n2: LOST },
  }

  it('makes the stops on a lost node points in time, and what needs fencing waits (C-17.4)', () => {
    expect(required(lost)).toEqual([
      'stonith-n2-reboot n2',
      'F_stop_0 n2 ~',
      'F_start_0 n1',
      'A_stop_0 n2 ~',
      'A_start_0 n3',
    ])
    expect(inputsOf(lost, 'A_start_0')).toEqual(['stonith-n2-reboot n2', 'A_stop_0'])
    expect(inputsOf(lost, 'A_stop_0')).toEqual(['stonith-n2-reboot n2'])
    // A device needs quorum only: it does not wait.
    expect(inputsOf(lost, 'F_start_0')).toEqual(['F_stop_0'])
  })

  it('goes on one node after the other, the DC last (C-17.5)', () => {
    const both = { ...lost, nodes: 4, states: { n1: LOST, n2: LOST, n3: LOST } }
    expect(inputsOf(both, 'stonith-n1-reboot')).toEqual(['stonith-n3-reboot n3'])
    expect(inputsOf(both, 'stonith-n3-reboot')).toEqual(['stonith-n2-reboot n2'])
    const atOnce = { ...both, options: `${FENCED} concurrent-fencing=true` }
    expect(inputsOf(atOnce, 'stonith-n1-reboot')).toEqual(['stonith-n2-reboot n2', 'stonith-n3-reboot n3'])
  })

  it('is not asked for without a device', () => {
    expect(required({ ...lost, resources: dummy('A') }).filter((line) => line.startsWith('stonith'))).toEqual([])
  })

  it('tells an unfencing device to give a node its access back first (C-17.8)', () => {
    const device = `<primitive id="F" class="stonith" type="fence_scsi">${meta('F', 'provides=unfencing')}</primitive>`
    const cluster = { options: FENCED, resources: device + dummy('A') }
    expect(inputsOf(cluster, 'A_monitor_0')).toEqual(['stonith-n2-on n2'])
    expect(decide(cluster).sheet.nodeActions.get('stonith-n1-on')?.[0]?.reason).toBe('required by F monitor')
  })
})

describe('shutdown', () => {
  it('waits until everything on the node has stopped (C-17.11)', () => {
    const leaving: SmallCluster = {
      resources: dummy('A') + dummy('B', meta('B', 'is-managed=false')),
      history: { n1: 'A=idle B=idle', n2: 'A=start B=start' },
      attributes: { n2: 'shutdown=1' },
    }
    expect(required(leaving)).toEqual(['A_stop_0 n2', 'A_start_0 n1', 'do_shutdown-n2 n2'])
    expect(inputsOf(leaving, 'do_shutdown-n2')).toEqual(['A_stop_0 n2'])
  })

  it('of the DC comes after that of the others', () => {
    const all = { resources: '', attributes: { n1: 'shutdown=1', n2: 'shutdown=1' } }
    expect(inputsOf(all, 'do_shutdown-n1')).toEqual(['do_shutdown-n2 n2'])
  })
})

describe('a remote node', () => {
  const REMOTE = `<primitive id="R" class="ocf" provider="pacemaker" type="remote">${ops('R', 'name="monitor" interval="20s"')}</primitive>`
  const cluster: SmallCluster = {
    resources: REMOTE + dummy('A', ops('A', 'name="monitor" interval="10s"')),
    constraints: '<rsc_location id="l" rsc="A" node="R" score="INFINITY"/>',
    history: { n1: 'R=idle A=idle', n2: 'R=idle A=idle' },
  }

  it('runs nothing before its connection is up (C-18.4)', () => {
    expect(required(cluster)).toEqual([
      'A_monitor_0 R',
      'R_start_0 n1',
      'R_monitor_20000 n1',
      'A_start_0 R',
      'A_monitor_10000 R',
    ])
    expect(inputsOf(cluster, 'A_monitor_0')).toEqual(['R_start_0 n1'])
    expect(inputsOf(cluster, 'A_start_0')).toEqual(['A_monitor_0 R', 'R_start_0 n1'])
    expect(inputsOf(cluster, 'A_monitor_10000')).toEqual(['R_start_0 n1', 'A_start_0 R'])
  })

  it('is reached through the node that holds its connection (C-18.6)', () => {
    const { sheet } = decide(cluster)
    const start = sheet.resources.find(({ id }) => id === 'A')!.byTail.get('start_0')![0]!
    expect(sheet.nodes[routerNode(sheet, start)]?.name).toBe('n1')
    expect(hostMeta(sheet, start)).toEqual([])
  })
})

describe('notifications', () => {
  const clone: SmallCluster = {
    resources: `<clone id="C">${meta('C', 'notify=true clone-max=2')}${dummy('A')}</clone>`,
    history: { n1: 'A=start', n2: 'A=idle' },
  }

  it('tell those that run before and after another starts, and the new one afterwards (C-19.7)', () => {
    const { sheet } = decide(clone)
    const told = sheet.actions.filter(({ task, resource }) => task === 'notify' && resource?.id.startsWith('A'))
    expect(told.map((action) => lineOf(sheet, action)).filter((line) => !line.includes('?'))).toEqual([
      'A:0_pre_notify_start_0 n1',
      'A:0_post_notify_start_0 n1',
      'A:1_post_notify_start_0 n2',
    ])
    const texts = told[0]!.added
    expect(texts.get('notify_start_resource')).toBe('A:1')
    expect(texts.get('notify_active_uname')).toBe('n1')
    expect(texts.get('notify_stop_resource')).toBe(' ')
    expect(texts.get('notify_all_uname')).toBe('n1 n2')
  })

  it('stand between the clone and what is ordered after it (C-15.2)', () => {
    const ordered = {
      ...clone,
      resources: clone.resources + dummy('B'),
      constraints: '<rsc_order id="o" first="C" then="B"/>',
      history: { n1: 'A=idle B=idle', n2: 'A=idle B=idle' },
    }
    expect(inputsOf(ordered, 'B_start_0')).toEqual(['C_confirmed-post_notify_running_0'])
  })
})

describe('changed configuration', () => {
  const parameter = '<instance_attributes id="i"><nvpair id="i1" name="x" value="1"/></instance_attributes>'
  const changed: SmallCluster = { resources: dummy('A', parameter), history: { n1: 'A=start', n2: 'A=idle' } }

  it('restarts a resource whose parameters changed (C-5.4)', () => {
    const { sheet } = decide(changed)
    expect(required(changed)).toEqual(['A_start_0 n1', 'A_stop_0 n1'])
    expect(sheet.actions[0]!.reason).toBe('resource definition change')
  })

  it('cleans up what history knows under another agent, unless it is probed there anyway (C-5.3, C-14.1)', () => {
    const history = { n1: 'A=start', n2: 'A=idle' }
    expect(required({ resources: dummy('A'), history, formerly: { A: 'Dummy' } })).toEqual([
      'A_stop_0 n1',
      'A_delete_0 n1',
      'A_delete_0 n2',
      'A_start_0 n1',
    ])
  })

  it('clears the failures of what the configuration no longer knows (C-5.9)', () => {
    const orphan: SmallCluster = {
      resources: dummy('B'),
      history: { n1: 'A=start B=idle', n2: 'B=idle' },
      attributes: { n1: 'fail-count-A#start_0=2' },
    }
    expect(required(orphan)).toEqual(['A_delete_0 n1', 'A_clear_failcount_0 n1', 'B_start_0 n1', 'A_stop_0 n1'])
    expect(inputsOf(orphan, 'A_stop_0')).toEqual(['A_clear_failcount_0 n1'])
  })
})
