/** Parts of the living Pacemaker cluster by themselves: corosync.conf, quorum, administrators' words, CIB copies. */
import { describe, expect, it } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import type { Problem } from '../../src/model/problem.ts'
import { readCorosync, toCorosync } from '../../src/pacemaker/corosync-conf.ts'
import { propertyEdits } from '../../src/pacemaker/edit-configuration.ts'
import { openDocument } from '../../src/pacemaker/edit-document.ts'
import { readOrder } from '../../src/pacemaker/orders.ts'
import { createQuorum, judgeQuorum, shrinkExpected } from '../../src/pacemaker/quorum.ts'
import { applySync, applyUpdate, type CibCopy, compareCopies } from '../../src/pacemaker/store.ts'

const names = (count: number) => Array.from({ length: count }, (_, index) => `n${index + 1}`)
const nodes = (count: number) => names(count).map((name, index) => ({ name, id: index + 1, votes: 1 }))
const ring = (count: number, quorum: Readonly<Record<string, string>> = {}) =>
  toCorosync(nodes(count), 1, new Map(), new Map(Object.entries(quorum)))

describe('corosync.conf', () => {
  it.each([
    [2, 3000, 3600],
    [3, 3650, 4380],
    [5, 4950, 5940],
    [16, 12_100, 14_520],
  ])('%i nodes wait %i ms for the token and %i ms for consensus (E-2.1)', (count, token, consensus) => {
    expect(ring(count).timers).toMatchObject({ token, consensus })
  })

  it('holds the token of an idle ring for 685 ms in a cluster of three (E-2.1)', () => {
    expect(ring(3).timers.hold).toBe(685)
  })

  it('reads nodes, options and links, and says what it cannot read', () => {
    const problems: Problem[] = []
    const text = `totem {\n token: 5000\n}\nquorum {\n two_node: 1\n}\nnodelist {\n node {\n name: b\n nodeid: 2\n ring0_addr: 1\n ring1_addr: 2\n }\n node {\n name: a\n nodeid: 1\n }\n}\nwhat is this\n`
    const config = readCorosync({ name: 'corosync.conf', text }, problems)!
    expect(config.nodes.map((node) => node.name)).toEqual(['a', 'b'])
    expect(config.timers.token).toBe(5000)
    expect(config.quorum).toMatchObject({ twoNode: true, waitForAll: true })
    expect(problems.map((problem) => problem.line)).toEqual([19])
  })
})

describe('votequorum (E-3)', () => {
  const judge = (config: ReturnType<typeof ring>, members: readonly string[], state = createQuorum(config)) =>
    judgeQuorum(state, config, { members, joined: [], left: [], leftCleanly: [], sequence: 1, wasQuorate: false })

  it('wants more than half of all votes', () => {
    expect(judge(ring(3), ['n1', 'n2'])).toBe(true)
    expect(judge(ring(3), ['n3'])).toBe(false)
    expect(judge(ring(4), ['n1', 'n2'])).toBe(false)
  })

  it('lets one of two go on, once both were seen', () => {
    const config = ring(2, { two_node: '1' })
    const state = createQuorum(config)
    expect(judge(config, ['n1'], state)).toBe(false)
    expect(judge(config, ['n1', 'n2'], state)).toBe(true)
    expect(judge(config, ['n1'], state)).toBe(true)
  })

  it('lets the half with the lowest node go on with auto_tie_breaker', () => {
    const config = ring(4, { auto_tie_breaker: '1' })
    expect(judge(config, ['n1', 'n2'])).toBe(true)
    expect(judge(config, ['n3', 'n4'])).toBe(false)
    expect(judge(ring(4, { auto_tie_breaker: '1', auto_tie_breaker_node: 'highest' }), ['n3', 'n4'])).toBe(true)
  })

  it('counts the rest as the whole with last_man_standing', () => {
    const config = ring(5, { last_man_standing: '1' })
    const state = createQuorum(config)
    expect(judge(config, ['n1', 'n2', 'n3'], state)).toBe(true)
    shrinkExpected(state, config, ['n1', 'n2', 'n3'])
    expect(judge(config, ['n1', 'n2'], state)).toBe(true)
  })
})

const CIB = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources>
  <primitive id="F" class="stonith" type="fence_x"><instance_attributes id="f"><nvpair id="f1" name="pcmk_host_list" value="n1,n2"/><nvpair id="f2" name="pcmk_delay_base" value="n1:5s;n2:10s"/><nvpair id="f3" name="pcmk_reboot_timeout" value="2min"/></instance_attributes></primitive>
  <primitive id="G" class="stonith" type="fence_y"><meta_attributes id="gm"><nvpair id="g1" name="target-role" value="Stopped"/></meta_attributes></primitive>
  <group id="grp"><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"/><primitive id="b" class="ocf" provider="heartbeat" type="Dummy"/></group>
  <clone id="c"><primitive id="p" class="ocf" provider="heartbeat" type="Dummy"/></clone>
</resources>
<constraints><rsc_location id="l" rsc="F" node="n2" score="-INFINITY"/></constraints>
<fencing-topology><fencing-level id="t1" target="n1" index="2" devices="F"/><fencing-level id="t2" target="n1" index="1" devices="G,F"/><fencing-level id="t3" target-pattern="n.*" index="1" devices="F"/></fencing-topology>
</configuration><status/></cib>`
const { configuration, status } = readCib(CIB, 'cib.xml').value!

describe("administrators' words (E-10)", () => {
  it.each([
    ['standby n1', { kind: 'node-attribute', node: 'n1', name: 'standby', value: 'on' }],
    ['crm_resource --move -r a -N n2', { kind: 'location', resource: 'a', node: 'n2', isBan: false }],
    ['crm_resource --ban -r c --promoted -N n1', { kind: 'location', isBan: true, role: 'Promoted' }],
    ['crm_resource -r a --meta -p is-managed -v false', { kind: 'resource-value', set: 'meta', value: 'false' }],
    ['crm_resource --refresh', { kind: 'refresh', resource: undefined }],
    ['crm_attribute -n maintenance-mode -v true', { kind: 'property', name: 'maintenance-mode', value: 'true' }],
    ['attrd_updater -n conn -U 0 -d 5s', { kind: 'node-attribute', isTransient: true, dampening: '5s' }],
    ['inject a_monitor_10000@n1=7', { kind: 'fail', resource: 'a', node: 'n1', intervalMs: 10_000, rc: 7 }],
    ['ticket grant T', { kind: 'ticket', action: 'grant', ticket: 'T' }],
    ['stonith_admin --reboot n1', { kind: 'fence', node: 'n1', action: 'reboot' }],
    ['stonith_admin --fence n1 --delay=-1', { kind: 'fence', node: 'n1', action: 'off', delay: -1 }],
  ])('%s', (text, order) => {
    expect(readOrder(text.split(' '))).toMatchObject(order)
  })

  it('answers what it does not understand', () => {
    expect(readOrder(['dance'])).toContain('knows no command "dance"')
    expect(readOrder(['move'])).toContain('needs a resource')
    expect(readOrder(['inject', 'nonsense'])).toContain('is no operation')
  })
})

describe('copies of the CIB (E-1.3, E-4.5)', () => {
  const copy: CibCopy = { configuration, status, version: { adminEpoch: 0, epoch: 5, updates: 0 } }
  const node = { id: '1', name: 'n1' }

  it('counts changes of the status and of the configuration apart', () => {
    const once = applyUpdate(copy, { kind: 'node', node, fields: { crmd: 'online' } })
    expect(once.version).toEqual({ adminEpoch: 0, epoch: 5, updates: 1 })
    const read = { ...once, configuration: { ...configuration, document: { text: CIB, edits: [] } } }
    const edits = propertyEdits('maintenance-mode', 'true')(openDocument(read.configuration.document))
    const twice = applyUpdate(read, { kind: 'configuration', edits })
    expect(twice.version).toMatchObject({ epoch: 6, updates: 0 })
    expect(applyUpdate(twice, { kind: 'configuration', edits })).toBe(twice)
    expect(compareCopies(once.version, copy.version)).toBeGreaterThan(0)
  })

  it('sets and deletes transient attributes', () => {
    const set = (value: string | undefined) => ({ kind: 'attributes', node, changes: [{ name: 'x', value }] }) as const
    const there = applyUpdate(copy, set('1'))
    expect(there.status.nodeStates[0]?.attributes[0]?.pairs).toMatchObject([{ name: 'x', value: '1' }])
    expect(applyUpdate(there, set(undefined)).status.nodeStates[0]?.attributes[0]?.pairs).toEqual([])
  })

  it('loses nothing that was applied after a synchronisation was sent', () => {
    const update = { kind: 'node', node, fields: { crmd: 'online' } } as const
    const sync = { to: ['n2'], copy, ring: 8, since: 3 }
    const log = [
      { sequence: 3, update: { ...update, fields: { crmd: 'offline' } } },
      { sequence: 4, update },
    ]
    expect(applySync(sync, log, 8).status.nodeStates[0]?.crmd).toBe('online')
    expect(applySync(sync, log, 8).version.updates).toBe(1)
  })
})
