/** The optional sections of the status display, and its plain form. */
import { describe, expect, test } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { introLines, type StatusOptions, statusLines } from '../../src/crmsim/status.ts'

const KEY = '1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
const ONLINE = 'in_ccm="true" crmd="online" join="member" expected="member"'

interface Parts {
  readonly resources?: string
  readonly attributes?: string
  readonly ops?: string
  readonly state?: string
}

const pairs = (text: string): string =>
  text
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => `<nvpair name="${pair.split('=')[0]}" value="${pair.split('=')[1]}"/>`)
    .join('')

/** The status block of a cluster of n1, on which A has the history `ops`; its sections after the resources. */
function sections(parts: Parts, options: Partial<StatusOptions> = {}): readonly string[] {
  const { resources = '', attributes = '', ops = '', state = ONLINE } = parts
  const { value } = readCib(
    `<cib have-quorum="1" crm_feature_set="3.16.1"><configuration><crm_config><cluster_property_set id="o">
    <nvpair name="stonith-enabled" value="false"/></cluster_property_set></crm_config><nodes><node id="1" uname="n1"/></nodes>
    <resources><primitive id="A" class="ocf" provider="p" type="t"/>${resources}</resources></configuration><status>
    <node_state id="1" uname="n1" ${state}><transient_attributes><instance_attributes id="t">${pairs(attributes)}
    </instance_attributes></transient_attributes><lrm><lrm_resources><lrm_resource id="A" class="ocf" provider="p" type="t">${ops}
    </lrm_resource>${resources === '' ? '' : PING_HISTORY}</lrm_resources></lrm></node_state></status></cib>`,
    'x.xml',
  )
  const localTime = (at: number): string => `<${at}>`
  const all = { showAttributes: true, showFailcounts: true, localTime, ...options }
  const lines = statusLines(unpackCluster(value!, 1000), 'Current cluster status', true, all)
  const start = lines.findIndex((line) => /Node Attributes|Migration Summary/.test(line))
  return options.isPlain ? lines : lines.slice(start < 0 ? lines.length : start)
}

const op = (resource: string, task: string, intervalMs: number, rest: string, rc = 0): string =>
  `<lrm_rsc_op id="${resource}_${task}_${intervalMs}" operation_key="${resource}_${task}_${intervalMs}" operation="${task}"
   interval="${intervalMs}" transition-key="${KEY}" call-id="2" rc-code="${rc}" op-status="0" ${rest}/>`

const PING_HISTORY = `<lrm_resource id="ping" class="ocf" provider="p" type="ping">${op('ping', 'start', 0, '')}</lrm_resource>`

describe('Node Attributes', () => {
  const ping = `<primitive id="ping" class="ocf" provider="p" type="ping"><instance_attributes id="pi">
    <nvpair name="host_list" value="a b"/><nvpair name="multiplier" value="100"/></instance_attributes></primitive>`
  const shown = (attributes: string): readonly string[] =>
    sections({ resources: ping, attributes }, { showFailcounts: false })

  test('are sorted and padded; what the cluster keeps for itself is hidden (D-5.1)', () => {
    expect(shown('b=2 a=1 standby=off shutdown=0 fail-count-x=3')).toEqual([
      '  * Node Attributes:',
      '    * Node: n1:',
      '      * a                               \t: 1         ',
      '      * b                               \t: 2         ',
    ])
  })

  test.each([
    ['0', '\t: Connectivity is lost'],
    ['abc', '\t: Connectivity is lost'],
    ['100', '\t: Connectivity is degraded (Expected=200)'],
    ['200', ''],
  ])('a ping attribute of %s says what it means (D-5.1)', (value, meaning) => {
    expect(shown(`pingd=${value}`).at(-1)).toBe(
      `      * pingd                           \t: ${value.padEnd(10)}${meaning}`,
    )
  })

  test('of nodes that are offline, or that have none, are not shown (D-5.1)', () => {
    expect(sections({ attributes: 'a=1', state: 'in_ccm="false"' })).toEqual([])
    expect(shown('shutdown=0')).toEqual([])
  })
})

describe('Migration Summary and Failed Resource Actions', () => {
  test('the header stands even when nothing failed (D-5.2)', () => {
    expect(sections({})).toEqual(['  * Migration Summary:'])
  })

  test('counts are summed over operations, with the last failure in local time (D-5.2)', () => {
    const attributes = 'fail-count-A#start_0=2 fail-count-A#monitor_9000=1 last-failure-A#start_0=500'
    expect(sections({ attributes, ops: op('A', 'start', 0, '') })).toEqual([
      '  * Migration Summary:',
      '    * Node: n1:',
      "      * A: migration-threshold=1000000 fail-count=3 last-failure='<500>'",
    ])
  })

  test('a failed operation tells what happened; absent parts are left out (D-5.3)', () => {
    const full = op('A', 'start', 0, 'exit-reason="no disk" last-rc-change="600" queue-time="1" exec-time="20"', 1)
    expect(sections({ ops: full }).slice(1)).toEqual([
      '',
      '  * Failed Resource Actions:',
      "    * A_start_0 on n1 'error' (1): call=2, status='complete', exitreason='no disk', last-rc-change='<600>', queued=1ms, exec=20ms",
    ])
    expect(sections({ ops: op('A', 'start', 0, '', 198) }).at(-1)).toBe(
      "    * A_start_0 on n1 'unknown' (198): call=2, status='complete'",
    )
  })

  test('a probe that found nothing installed is no failed action (D-5.3)', () => {
    expect(sections({ ops: op('A', 'monitor', 0, 'on_node="n1"', 5) })).toEqual(['  * Migration Summary:'])
  })
})

describe('the plain form', () => {
  test('has neither headers nor bullets nor labels (D-2.1)', () => {
    expect(sections({ ops: op('A', 'start', 0, '') }, { isPlain: true, showAttributes: false })).toEqual([
      '[ n1 ]',
      '',
      'A\t(ocf:p:t):\t Started n1',
      '',
    ])
  })
})

describe('the lines before', () => {
  test('say what was noticed while reading, then that nothing is managed (D-2.3)', () => {
    const { value } = readCib(
      `<cib have-quorum="1"><configuration><crm_config><cluster_property_set id="o">
      <nvpair name="maintenance-mode" value="true"/></cluster_property_set></crm_config></configuration></cib>`,
      'x.xml',
    )
    const state = { ...unpackCluster(value!, 1000), notices: ['notice'] }
    expect(introLines(state)).toEqual([
      'notice',
      '',
      '              *** Resource management is DISABLED ***',
      '  The cluster will not attempt to start, stop or recover services',
      '',
    ])
  })
})
