/** Runs that go on from a CIB with a status section, as a DC keeps the inputs of its decisions (issue 5, item 4). */
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/run/simulate.ts'
import { continuation } from '../../src/run/standard.ts'
import type { Trace } from '../../src/trace/record.ts'
import { decisions, placesOf } from '../support/trio.ts'

const NOW = 1_767_225_600
const op = (resource: string, operation: string, rc: number, more = '') =>
  `<lrm_rsc_op id="${resource}_${operation}" operation="${operation.replace(/_.*/, '').replace('last', 'start')}" operation_key="${resource}_start_0" interval="0" call-id="5" rc-code="${rc}" op-status="0" transition-key="4:7:0:0a0a0a0a-0000-0000-0000-000000000000" transition-magic="0:${rc};4:7:0:0a0a0a0a-0000-0000-0000-000000000000" last-rc-change="${NOW - 100}" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8" crm_feature_set="3.16.1"${more}/>`
const node = (id: number, crmd: string, history: string, attributes = '') =>
  `<node_state id="${id}" uname="n${id}" in_ccm="${crmd === 'online'}" crmd="${crmd}" join="${crmd === 'online' ? 'member' : 'down'}" expected="${crmd === 'online' ? 'member' : 'down'}"><transient_attributes id="${id}"><instance_attributes id="status-${id}">${attributes}</instance_attributes></transient_attributes><lrm id="${id}"><lrm_resources>${history}</lrm_resources></lrm></node_state>`
const lrm = (ops: string) => `<lrm_resource id="r" class="ocf" provider="pacemaker" type="Dummy">${ops}</lrm_resource>`
const none = (id: string) =>
  lrm(
    `<lrm_rsc_op id="r_last_0" operation="monitor" operation_key="r_monitor_0" interval="0" call-id="3" rc-code="7" op-status="0" transition-key="${id}:6:7:0a0a0a0a-0000-0000-0000-000000000000" transition-magic="0:7;${id}:6:7:0a0a0a0a-0000-0000-0000-000000000000"/>`,
  )

function goOn(status: string, meta = '', replace: readonly (readonly [string, string])[] = []): Trace {
  let text = `<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="0" epoch="9" num_updates="1" have-quorum="1" dc-uuid="1" execution-date="${NOW}"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"/></nodes>
<resources><primitive id="r" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m">${meta}</meta_attributes></primitive></resources><constraints/></configuration>
<status>${status}</status></cib>`
  for (const [from, to] of replace) text = text.replace(from, to)
  const { value, problems } = continuation({ name: 'pe-input-7', text })
  expect(problems).toEqual([])
  return simulate({ ...value!, until: 300_000 }).trace
}

describe('Pacemaker, a run that begins from a recorded state', () => {
  it('decides at once what the recorded DC was about to decide, under its next number', () => {
    const trace = goOn(node(1, 'online', none('1')) + node(2, 'online', none('2')) + node(3, 'online', none('3')))
    expect(decisions(trace, 0)).toEqual(['Start r ( n1 )'])
    const [first] = trace.records.filter(({ kind }) => kind === 'decision')
    expect(first?.at).toBeLessThan(100)
    expect(
      trace.records.some((record) => record.kind === 'log' && record.text.startsWith('Calculated transition 7,')),
    ).toBe(true)
    expect(placesOf(trace, 'r')).toEqual(['n1'])
  })

  it('rests where nothing is to be done; what ran runs on', () => {
    const trace = goOn(
      node(1, 'online', none('1')) + node(2, 'online', lrm(op('r', 'last_0', 0))) + node(3, 'online', none('3')),
    )
    expect(decisions(trace, 0)).toEqual([])
    expect(placesOf(trace, 'r')).toEqual(['n2'])
  })

  it('looks again when a recorded failure has expired (E-9.7)', () => {
    const key = (action: number) => `${action}:6:0:0a0a0a0a-0000-0000-0000-000000000000`
    const failed = `<lrm_rsc_op id="r_last_failure_0" operation="monitor" operation_key="r_monitor_10000" interval="10000" call-id="4" rc-code="7" op-status="0" transition-key="${key(5)}" transition-magic="0:7;${key(5)}" last-rc-change="${NOW - 10}"/>`
    const stopped = `<lrm_rsc_op id="r_last_0" operation="stop" operation_key="r_stop_0" interval="0" call-id="6" rc-code="0" op-status="0" transition-key="${key(2)}" transition-magic="0:0;${key(2)}" last-rc-change="${NOW - 9}"/>`
    const counts = `<nvpair id="f1" name="fail-count-r#monitor_10000" value="1"/><nvpair id="f2" name="last-failure-r#monitor_10000" value="${NOW - 10}"/>`
    const metas = `<nvpair id="m1" name="migration-threshold" value="1"/><nvpair id="m2" name="failure-timeout" value="60s"/>`
    const trace = goOn(
      node(1, 'online', lrm(failed + stopped), counts) +
        node(2, 'online', lrm(op('r', 'last_0', 0))) +
        node(3, 'online', none('3')),
      metas,
    )
    const [first] = trace.records.filter((entry) => entry.kind === 'log' && entry.text.startsWith('Calculated'))
    expect(first?.at).toBeGreaterThan(50_000)
    expect(first?.at).toBeLessThan(52_000)
    expect(decisions(trace, 0)).toEqual([])
  })

  it('leaves off who was off: nobody switches it on', () => {
    const trace = goOn(
      node(1, 'online', none('1')) + node(2, 'online', lrm(op('r', 'last_0', 0))) + node(3, 'offline', ''),
    )
    expect(trace.records.some((record) => record.kind === 'node' && record.node === 'n3')).toBe(false)
    expect(decisions(trace, 0)).toEqual([])
  })

  it('keeps to the numbered names of an old history: what was stopped is stopped, and recurring operations find their agent (D-7.6)', () => {
    const held = (id: number, name: string, role: 'promote' | 'start') => {
      const key = `${id}:6:0:0a0a0a0a-0000-0000-0000-000000000000`
      const record = (operation: string, interval: number, rc: number, call: number) =>
        `<lrm_rsc_op id="${name}_${interval > 0 ? `${operation}_${interval}` : 'last_0'}" operation="${operation}" operation_key="${name}_${operation}_${interval}" interval="${interval}" call-id="${call}" rc-code="${rc}" op-status="0" transition-key="${key}" transition-magic="0:${rc};${key}"/>`
      const ops = record(role, 0, 0, 5) + record('monitor', 10_000, role === 'promote' ? 8 : 0, 6)
      return `<node_state id="${id}" uname="n${id}" in_ccm="true" crmd="online" join="member" expected="member"><lrm id="${id}"><lrm_resources><lrm_resource id="${name}" class="ocf" provider="pacemaker" type="Stateful">${ops}</lrm_resource></lrm_resources></lrm></node_state>`
    }
    const text = `<cib validate-with="pacemaker-3.9" crm_feature_set="3.0.5" admin_epoch="0" epoch="9" num_updates="1" have-quorum="1" dc-uuid="1" execution-date="${NOW}"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources><clone id="pair"><meta_attributes id="m"><nvpair id="m1" name="promotable" value="true"/><nvpair id="m2" name="target-role" value="Stopped"/></meta_attributes><primitive id="s" class="ocf" provider="pacemaker" type="Stateful"><operations><op id="s-m" name="monitor" interval="10s"/></operations></primitive></clone></resources><constraints/></configuration>
<status>${held(1, 's:1', 'promote')}${held(2, 's:0', 'start')}</status></cib>`
    const { value, problems } = continuation({ name: 'pe-input-8', text })
    expect(problems).toEqual([])
    const { trace } = simulate({ ...value!, until: 120_000 })
    expect(placesOf(trace, 's')).toEqual([])
    const last = trace.records.filter(({ kind }) => kind === 'decision').at(-1)
    expect(last?.at).toBeLessThan(5_000)
  })

  it('goes by the recorded quorum and DC, where the CIB names one that was there, until the ring changes', () => {
    const status =
      node(1, 'online', none('1')) + node(2, 'online', lrm(op('r', 'last_0', 0))) + node(3, 'online', none('3'))
    const trace = goOn(status, '', [
      ['have-quorum="1"', 'have-quorum="0"'],
      ['dc-uuid="1"', 'dc-uuid="9"'],
    ])
    expect(decisions(trace, 0)).toEqual(['Stop r ( n2 ) due to no quorum'])
    const leaders = trace.records.flatMap((record) =>
      record.kind === 'belief' && record.about === 'DC' ? [record.state] : [],
    )
    expect(new Set(leaders)).toEqual(new Set(['n1']))
  })
})
