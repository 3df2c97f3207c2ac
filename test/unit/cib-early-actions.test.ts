/** What reading the status asks for: actions, fencing, fail counts to be cleared. */
import { describe, expect, test } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import type { ClusterState } from '../../src/cib/state.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'

const KEY = '1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
const MEMBER = 'in_ccm="true" crmd="online" join="member" expected="member"'
const LOST = 'in_ccm="false" crmd="offline" join="member" expected="member"'

const pairs = (text = ''): string =>
  text
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => `<nvpair name="${pair.split('=')[0]}" value="${pair.split('=')[1]}"/>`)
    .join('')

interface Parts {
  readonly options?: string
  readonly resources?: string
  readonly meta?: string
  readonly states: string
  readonly quorum?: boolean
}

/** A cluster of n1 and n2 at second 10000, with A and what else is given. */
function unpack({ options, resources = '', meta, states, quorum = true }: Parts): ClusterState {
  const { value } = readCib(
    `<cib have-quorum="${quorum ? 1 : 0}" crm_feature_set="3.16.1"><configuration><crm_config><cluster_property_set id="o">
    ${pairs(options)}</cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
    <resources>${resources}<primitive id="A" class="ocf" provider="p" type="t"><meta_attributes id="m">${pairs(meta)}
    </meta_attributes></primitive></resources></configuration><status>${states}</status></cib>`,
    'x.xml',
  )
  return unpackCluster(value!, 10_000)
}

const state = (node: number, membership: string, history: string, attributes = ''): string =>
  `<node_state id="${node}" uname="n${node}" ${membership}><transient_attributes><instance_attributes id="t${node}">
  ${pairs(attributes)}</instance_attributes></transient_attributes><lrm><lrm_resources>${history}</lrm_resources></lrm></node_state>`
const entry = (id: string, ops: string, rest = ''): string =>
  `<lrm_resource id="${id}" class="ocf" provider="p" type="t" ${rest}>${ops}</lrm_resource>`
const op = (name: string, task: string, rest = 'call-id="1" rc-code="0" op-status="0"', interval = 0): string => {
  const id = name.includes('_') ? name : `${name}_last_0`
  const resource = id.split('_')[0]
  return `<lrm_rsc_op id="${id}" operation_key="${resource}_${task}_${interval}" operation="${task}" interval="${interval}"
  transition-key="${KEY}" ${rest}/>`
}

const shown = (cluster: ClusterState): readonly string[] =>
  cluster.earlyActions.map(({ key, node, optional, runnable }) => {
    const flags = `${optional ? ' optional' : ''}${runnable ? '' : ' unrunnable'}`
    return `${key} on ${cluster.nodes[node]!.uname}${flags}`
  })

describe('actions that reading the status asks for', () => {
  const failed = op('A_last_failure_0', 'monitor', 'call-id="2" rc-code="1" op-status="0"', 9000)

  test('are asked for once, however often they are wanted, and numbered in that order (C-3.2, C-4.1)', () => {
    const history = entry('A', op('A', 'start') + failed) + entry('A', op('A', 'start') + failed)
    const cluster = unpack({ options: 'stonith-enabled=false', states: state(1, MEMBER, history) })
    expect(shown(cluster)).toEqual(['A_monitor_9000 on n1 optional', 'A_stop_0 on n1'])
    expect(cluster.earlyActions.map(({ index }) => index)).toEqual([0, 1])
  })

  test('cannot run on a node that is pending (C-4.4)', () => {
    const pending = 'in_ccm="true" crmd="online" join="pending" expected="member"'
    const cluster = unpack({ states: state(1, pending, entry('A', op('A', 'start') + failed)) })
    expect(shown(cluster)).toContain('A_stop_0 on n1 unrunnable')
  })

  test('of a history that is removed run on the DC, wherever the node is (C-4.4)', () => {
    const down = 'in_ccm="false" crmd="offline" join="down" expected="down"'
    const history = entry('A', op('A', 'stop'), 'shutdown-lock="100"')
    const cluster = unpack({ options: 'shutdown-lock=true shutdown-lock-limit=1s', states: state(1, down, history) })
    expect(shown(cluster)).toEqual(['A_lrm_delete_0 on n1'])
  })

  test('of an unmanaged resource stay optional, but for recurring ones (C-4.3)', () => {
    const history = entry(
      'A',
      op('A', 'start') + op('A_last_failure_0', 'monitor', 'call-id="2" rc-code="1" op-status="0"', 9000),
    )
    const cluster = unpack({
      meta: 'is-managed=false',
      options: 'stonith-enabled=false',
      states: state(1, MEMBER, history),
    })
    expect(shown(cluster)).toContain('A_stop_0 on n1 optional')
  })
})

describe('fencing that reading the status asks for', () => {
  test('tells why, and is asked for once for each node (C-17.3)', () => {
    const cluster = unpack({ states: state(1, MEMBER, '') + state(2, LOST, entry('A', op('A', 'start'))) })
    expect(cluster.earlyActions).toMatchObject([
      { key: 'stonith-n2-reboot', optional: true, reason: 'peer is no longer part of the cluster' },
    ])
  })

  test('waits where a delay by priority is set and the peer is lost (A-20.4)', () => {
    const cluster = unpack({ options: 'priority-fencing-delay=9s', states: state(2, LOST, '') })
    expect(cluster.earlyActions[0]!.meta).toContainEqual(['priority-fencing-delay', '0'])
  })
})

describe('fail counts', () => {
  const counts = (name: string): string => `fail-count-${name}#monitor_9000=1 last-failure-${name}#monitor_9000=500`
  const old = op('A_last_failure_0', 'monitor', 'call-id="2" rc-code="1" op-status="0" last-rc-change="500"', 9000)
  const keys = (meta: string, attributes: string, ops = op('A', 'start') + old): readonly string[] =>
    unpack({
      options: 'stonith-enabled=false',
      meta,
      states: state(1, MEMBER, entry('A', ops), attributes),
    }).earlyActions.map(({ key }) => key)

  test('are cleared when the failure has expired (A-18.4)', () => {
    expect(keys('failure-timeout=60s', counts('A'))).toContain('A_clear_failcount_0')
    expect(keys('failure-timeout=3h', counts('A'))).not.toContain('A_clear_failcount_0')
    expect(keys('', counts('A'))).not.toContain('A_clear_failcount_0')
  })

  test('that are not there need not be cleared (A-18.5)', () => {
    expect(keys('failure-timeout=60s', '')).not.toContain('A_clear_failcount_0')
  })

  test('a dot in a name stands for any character, as in the original (A-18.1)', () => {
    const resources =
      '<primitive id="a.b" class="ocf" provider="p" type="t"><meta_attributes id="n"><nvpair name="failure-timeout" value="60s"/></meta_attributes></primitive>'
    const history = entry('a.b', op('a.b', 'start', 'call-id="1" rc-code="0" op-status="0" last-rc-change="100"'))
    const cleared = (attribute: string): boolean =>
      unpack({
        options: 'stonith-enabled=false',
        resources,
        states: state(1, MEMBER, history, counts(attribute)),
      }).earlyActions.some(({ task }) => task === 'clear_failcount')
    expect(['a.b', 'axb', 'ab', 'axbc'].map(cleared)).toEqual([true, true, false, false])
  })

  test('of a connection are cleared after its node was fenced, where it waits before it reconnects (A-18.4, C-5.10)', () => {
    const resources = `<primitive id="r1" class="ocf" provider="pacemaker" type="remote"><instance_attributes id="ri">
      <nvpair name="reconnect_interval" value="60s"/></instance_attributes></primitive>`
    const start = op('r1', 'start', 'call-id="1" rc-code="1" op-status="4" last-rc-change="500"')
    const cluster = unpack({ resources, states: state(1, MEMBER, entry('r1', start), counts('r1')) })
    expect(cluster.earlyActions).toMatchObject([
      { key: 'r1_clear_failcount_0', after: 1, meta: [['op_no_wait', 'true']] },
      { key: 'stonith-r1-reboot', optional: true, reason: undefined },
    ])
  })
})
