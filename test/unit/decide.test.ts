import { describe, expect, test } from 'vitest'
import { decide } from '../../src/pacemaker/decide.ts'
import { pacemaker } from '../../src/pacemaker/manager.ts'
import { createState, type PacemakerState } from '../../src/pacemaker/state.ts'
import { summaryTexts } from '../../src/scheduler/summary-items.ts'

/** The daemons of a node of one, with `constraints` on its one resource; quorate. */
function asker(constraints = ''): PacemakerState {
  const text = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration>
    <crm_config><cluster_property_set id="o"><nvpair id="o-f" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
    <nodes><node id="1" uname="n1"/></nodes>
    <resources><primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/></resources>
    <constraints>${constraints}</constraints></configuration><status>
    <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>`
  const { value } = pacemaker.read([{ name: 'cib.xml', text }], [])
  const state = createState(value!, 'n1')
  state.quorum.isQuorate = true
  return state
}

const about = (state: PacemakerState, now: number): readonly string[] =>
  summaryTexts(decide(state, now).items).map((text) => text.trim().replace(/\s+/g, ' '))

describe('asking the scheduler again', () => {
  test('of a CIB that nobody has changed it says the same, whatever the time', () => {
    const state = asker()
    const first = decide(state, 1000)
    expect(about(state, 1000)).toEqual(['Start ip ( n1 )'])
    expect(decide(state, 99_000)).toBe(first)
  })

  test('a change of the status, of the configuration or of quorum is a new question', () => {
    const state = asker()
    const first = decide(state, 1000)
    state.quorum.isQuorate = false
    expect(about(state, 1000)).toEqual(['Start ip ( n1 ) due to no quorum (blocked)'])
    state.quorum.isQuorate = true
    state.cib = { ...state.cib, configuration: { ...state.cib.configuration, resources: [] } }
    expect(about(state, 1000)).toEqual([])
    const again = asker()
    again.cib = { ...again.cib, status: { ...again.cib.status } }
    expect(decide(again, 1000)).not.toBe(first)
  })

  test('an answer that rests on the time is not kept', () => {
    const ban = `<rsc_location id="l" rsc="ip"><rule id="l-r" score="-INFINITY">
      <date_expression id="l-d" operation="gt" start="1970-01-01 00:30:00Z"/></rule></rsc_location>`
    const state = asker(ban)
    expect(about(state, 1000)).toEqual(['Start ip ( n1 )'])
    expect(decide(state, 1000).recheckAt).toBe(1801)
    expect(about(state, 2000)).toEqual([])
  })
})

/** The series of the input of a node `n1` with fencing, quorum and nothing to do but what is given. */
describe('series of saved inputs (E-11.6)', () => {
  const OP = `operation_key="ip_start_0" operation="start" crm_feature_set="3.16.1" transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" rc-code="0" op-status="0" interval="0" call-id="1"`
  const runs = `<lrm id="1"><lrm_resources><lrm_resource id="ip" class="ocf" provider="heartbeat" type="IPaddr2"><lrm_rsc_op id="ip_last_0" ${OP}/></lrm_resource></lrm_resources></lrm>`
  const series = (
    given: {
      readonly options?: string
      readonly quorate?: boolean
      readonly second?: string
      readonly order?: string
      readonly isRunning?: boolean
    } = {},
  ): string => {
    const { options = '', quorate = true, second = '', order = '', isRunning = true } = given
    const text = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration>
      <crm_config><cluster_property_set id="o">${options}<nvpair id="o-s" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
      <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
      <resources><primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2"/>
        <primitive id="off" class="ocf" provider="heartbeat" type="Dummy"><meta_attributes id="off-m"><nvpair id="off-r" name="target-role" value="Stopped"/></meta_attributes></primitive></resources>
      <constraints>${order}</constraints></configuration><status>
      <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">${isRunning ? runs : ''}</node_state>${second}</status></cib>`
    const { value } = pacemaker.read([{ name: 'cib.xml', text }], [])
    const state = createState(value!, 'n1')
    state.quorum.isQuorate = quorate
    return decide(state, 1000).series
  }
  const member = (inside: string) =>
    `<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member">${inside.replace('lrm id="1"', 'lrm id="2"')}</node_state>`
  const freeze = '<nvpair id="o-q" name="no-quorum-policy" value="freeze"/>'

  test('nothing amiss is an input', () => {
    expect(series()).toBe('input')
    expect(series({ second: member('') })).toBe('input')
  })

  test('no quorum is a warning, even where nothing stops for it; not where nobody cares', () => {
    expect(series({ quorate: false, options: freeze })).toBe('warn')
    expect(series({ quorate: false, options: freeze.replace('freeze', 'ignore') })).toBe('input')
  })

  test('what cannot be done is a warning', () => {
    const order = '<rsc_order id="l" first="off" then="ip" kind="Mandatory"/>'
    expect(series({ order, isRunning: false })).toBe('warn')
    expect(series({ isRunning: false })).toBe('input')
  })

  test('a resource in two places is an error', () => {
    expect(series({ second: member(runs) })).toBe('error')
  })
})
