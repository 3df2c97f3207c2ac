/** What stock agents advertise, and what follows from it: operations, roles, usual times, warnings, parameters that a reload can change. */
import { describe, expect, it } from 'vitest'
import { familyOf } from '../../src/agents/catalogue.ts'
import { defaultTiming, hasOperation, knowsRoles } from '../../src/agents/stock.ts'
import { advertisedFor, factsOf } from '../../src/model/agent-facts.ts'
import type { AgentRef } from '../../src/model/resource.ts'
import { adviceOn } from '../../src/pacemaker/advice.ts'

const agent = (provider: string, type: string): AgentRef => ({ class: 'ocf', provider, type })
const ask = (
  ref: AgentRef,
  operation: 'migrate_to' | 'monitor' | 'notify' | 'promote' | 'reload',
  promotable = false,
) =>
  familyOf('ocf').plan({
    spec: { id: 'r', agent: ref, parameters: [], promotable },
    operation,
    state: 'started',
    misbehaviour: undefined,
  })

describe('facts of stock agents (issue 5, item 2)', () => {
  it('tells timeouts, intervals and roles as advertised, the role that is asked for first', () => {
    const pgsql = agent('heartbeat', 'pgsql')
    expect(advertisedFor(pgsql, 'start')).toMatchObject({ timeout: 120_000, interval: 0, role: undefined })
    expect(advertisedFor(pgsql, 'monitor', 'Promoted')).toMatchObject({ timeout: 30_000, interval: 29_000 })
    expect(advertisedFor(pgsql, 'monitor')).toMatchObject({ interval: 30_000, role: undefined })
    expect(advertisedFor(pgsql, 'migrate_to')).toBeUndefined()
  })

  it('knows who can promote, who can reload and what a reload cannot change', () => {
    expect(factsOf(agent('pacemaker', 'Stateful'))).toMatchObject({ promotable: true, fixedParameters: ['state'] })
    expect(factsOf(agent('heartbeat', 'IPaddr2'))).toMatchObject({ promotable: false, fixedParameters: undefined })
    expect(factsOf(agent('lab', 'Scripted'))).toBeUndefined()
    expect(factsOf({ class: 'lsb', type: 'Stateful' })).toBeUndefined()
  })

  it('answers what an agent does not advertise as unimplemented, and lets agents do everything that are not stock', () => {
    expect(ask(agent('heartbeat', 'IPaddr2'), 'migrate_to').rc).toBe(3)
    expect(ask(agent('heartbeat', 'IPaddr2'), 'notify').rc).toBe(3)
    expect(ask(agent('heartbeat', 'IPaddr2'), 'reload').rc).toBe(3)
    expect(ask(agent('heartbeat', 'VirtualDomain'), 'migrate_to')).toMatchObject({ rc: 0, begins: 'migrate' })
    expect(ask(agent('pacemaker', 'Dummy'), 'reload').rc).toBe(0)
    expect(ask(agent('lab', 'Scripted'), 'notify').rc).toBe(0)
    expect(hasOperation(agent('heartbeat', 'IPaddr2'), 'validate-all')).toBe(true)
  })

  it('lets an agent without roles neither promote nor tell a promotion score in a promotable clone', () => {
    expect(knowsRoles(agent('heartbeat', 'nginx'))).toBe(false)
    expect(ask(agent('heartbeat', 'nginx'), 'promote', true).rc).toBe(3)
    expect(ask(agent('heartbeat', 'nginx'), 'monitor', true)).toEqual({ rc: 0, output: '', hangs: false })
    expect(ask(agent('pacemaker', 'Stateful'), 'promote', true)).toMatchObject({ rc: 0, begins: 'promote' })
  })

  it('takes longer where an agent advertises more than a minute, never longer than it advertises', () => {
    expect(defaultTiming('start', agent('heartbeat', 'IPaddr2'))).toEqual(defaultTiming('start', undefined))
    expect(defaultTiming('start', agent('heartbeat', 'pgsql'))).toEqual({ kind: 'uniform', min: 400, max: 1600 })
    expect(defaultTiming('start', agent('heartbeat', 'SAPDatabase'))).toEqual({ kind: 'uniform', min: 1200, max: 4800 })
  })
})

const option = (name: string, value: string) =>
  `<cluster_property_set id="opts"><nvpair id="opt1" name="${name}" value="${value}"/></cluster_property_set>`
const cib = (
  resources: string,
  defaults = '',
  { options = option('stonith-enabled', 'false'), constraints = '' } = {},
) => ({
  name: 'cib.xml',
  text: `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config>${options}</crm_config><nodes><node id="1" uname="n1"/></nodes>
<resources>${resources}</resources><constraints>${constraints}</constraints>${defaults}</configuration><status/></cib>`,
})
const IP = 'class="ocf" provider="heartbeat" type="IPaddr2"'

describe('advice on a CIB', () => {
  it('names timeouts below the advertised minimum with their place, the default of 20 s too', () => {
    const advice = adviceOn(
      cib(`<primitive id="db" class="ocf" provider="heartbeat" type="pgsql">
<operations><op id="o1" name="monitor" interval="10s" timeout="10s"/>
<op id="o2" name="stop" interval="0" timeout="2min"/></operations></primitive>`),
    )
    expect(advice.map(({ line, severity, what }) => `${line} ${severity} ${what}`)).toEqual([
      '3 warning db: monitor may take 10 s, ocf:heartbeat:pgsql advertises 30 s at least',
      '2 warning db: start may take 20 s (the default), ocf:heartbeat:pgsql advertises 120 s at least',
    ])
  })

  it('takes op_defaults where the operation has no timeout of its own', () => {
    const set = (value: string) =>
      `<op_defaults><meta_attributes id="d"><nvpair id="t" name="timeout" value="${value}"/></meta_attributes></op_defaults>`
    const ip = `<primitive id="ip" ${IP}/>`
    expect(adviceOn(cib(ip, set('60s')))).toEqual([])
    expect(adviceOn(cib(ip, set('5s'))).map(({ what }) => what)).toEqual([
      'ip: start may take 5 s (from op_defaults), ocf:heartbeat:IPaddr2 advertises 20 s at least',
      'ip: stop may take 5 s (from op_defaults), ocf:heartbeat:IPaddr2 advertises 20 s at least',
    ])
  })

  it('names operations and roles that an agent does not have; of other agents it says nothing', () => {
    const text = `<clone id="c"><meta_attributes id="m"><nvpair id="p" name="promotable" value="true"/></meta_attributes>
<primitive id="ip" ${IP}><operations><op id="o" name="promote" interval="0" timeout="60s"/></operations></primitive></clone>
<primitive id="x" class="ocf" provider="lab" type="Scripted"><operations><op id="y" name="start" interval="0" timeout="1s"/></operations></primitive>`
    expect(adviceOn(cib(text)).map(({ what }) => what)).toEqual([
      'ip: ocf:heartbeat:IPaddr2 advertises no promote',
      'c is promotable, but ocf:heartbeat:IPaddr2 advertises no promote and demote',
    ])
  })

  it('tells what Pacemaker takes silently: no fence device, constraints for no node, misspelt names (A-6, A-10)', () => {
    const dummy = (meta: string) =>
      `<primitive id="d" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m"><nvpair id="m1" name="${meta}" value="1"/></meta_attributes></primitive>`
    const told = (resources: string, more: Parameters<typeof cib>[2]) =>
      adviceOn(cib(resources, '', more)).map(({ line, what, advice }) => `${line} ${what} — ${advice}`)
    expect(told(dummy('site'), {})).toEqual([])
    expect(told(dummy('resource_stickiness'), {})).toEqual([])
    expect(told(dummy('target-roll'), {})).toEqual([
      '2 d: meta-attribute target-roll is unknown to Pacemaker and does nothing — did you mean target-role?',
    ])
    expect(told(dummy('site'), { options: option('stonith-enabeld', 'false') })).toEqual([
      expect.stringMatching(/^1 no resource will start: fencing is on \(by default\), but no fence device/),
      '1 cluster option stonith-enabeld is unknown to Pacemaker and does nothing — did you mean stonith-enabled?',
    ])
    const device = '<primitive id="f" class="stonith" type="fence_lab"/>'
    const far = (node: string) => ({
      options: '',
      constraints: `<rsc_location id="l" rsc="d" node="${node}" score="1"/>`,
    })
    expect(told(dummy('site') + device, far('N1'))).toEqual([])
    expect(told(dummy('site') + device, far('elsewhere'))).toEqual([
      '2 l never applies: no node is called elsewhere — nodes are n1',
    ])
  })
})
