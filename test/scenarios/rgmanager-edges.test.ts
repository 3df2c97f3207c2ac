/**
 * RGManager's rules that the worked scenarios do not touch: deaths in every state, shutdowns of what is stuck, what agents are told,
 * -N, retries, and central processing's exclusive priorities and dependents. Nodes and times as in rgmanager.test.ts.
 */
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import { command, decided, fault } from '../support/pair.ts'
import { changes, clustat, operations, PREFER_N1, runShop, START, STOP, said, web } from '../support/shop.ts'

const T0 = 3000
const s = (second: number): number => T0 + 1000 * second
const script = (name: string, special = ''): string => `<script name="${name}" file="/etc/init.d/${name}" ${special}/>`
const result = (at: number, resource: string, operation: string, times = 1, node = 'n1') =>
  fault(at, 'agent-result', { node, resource, operation, rc: 1, times })
const takes = (operation: string, subject: string, time: number) => ({ operation, subject, distribution: fixed(time) })
const CLEAN = '<cman two_node="1" expected_votes="1"/><fence_daemon clean_start="1"/>'

describe('the owner dies in every state (spec 14)', () => {
  const STOPPING = [takes('stop', 'fs:data', 20_000)]
  const dies = (second: number) => fault(s(second), 'node-crash', { node: 'n1' })

  it.each([
    ['starting', [takes('start', 'fs:data', 60_000)], [dies(20)], 'starting on n1', 'started on n2'],
    ['started', [], [dies(40)], 'started on n1', 'started on n2'],
    ['stopping', STOPPING, [command(s(30), 'n1', 'clusvcadm -s web'), dies(40)], 'stopping on n1', 'started on n2'],
    [
      'recoverable',
      STOPPING,
      [result(s(49), 'script:httpd', 'status'), dies(60)],
      'recoverable on n1',
      'started on n2',
    ],
    ['disabled', [], [command(s(30), 'n1', 'clusvcadm -d web'), dies(60)], 'disabled', 'disabled'],
    [
      'failed',
      [],
      [result(s(29), 'script:httpd', 'status'), result(s(29), 'fs:data', 'stop'), dies(40)],
      'failed',
      'failed',
    ],
  ])('%s', (_state, timings, timeline, before, after) => {
    const rm = web().replace('restricted="1"', 'restricted="1" nofailback="1"')
    const crash = timeline.at(-1)!.at
    const trace = runShop({ rm, timings, timeline, until: s(150) })
    expect(clustat(trace, 'n2', 'service:web', crash)).toBe(before)
    expect(clustat(trace, 'n2')).toBe(after)
  })

  it('recovering has no owner: it stays so until an operator disables and enables it', () => {
    // n1 asks n2 to start it and dies; the start fails, n2 stops it clean, and nobody is left who would go on.
    const timeline = [
      result(s(29), 'script:httpd', 'status'),
      result(s(29), 'ip:vip', 'start', 1, 'n2'),
      fault(s(45), 'node-crash', { node: 'n1' }),
      command(s(200), 'n2', 'clusvcadm -e web'),
      command(s(210), 'n2', 'clusvcadm -d web'),
      command(s(220), 'n2', 'clusvcadm -e web'),
    ]
    const trace = runShop({ rm: web('recovery="relocate"'), timings: [takes('start', 'ip:vip', 10_000)], timeline })
    const at = (second: number): string => clustat(trace, 'n2', 'service:web', s(second))
    expect([at(190), at(205), at(215), at(235)]).toEqual(['recovering', 'recovering', 'disabled', 'started on n2'])
    // Nothing to do is a success to whoever asks (9b).
    expect(said(trace)).toEqual(['clusvcadm: success', 'clusvcadm: success', 'clusvcadm: success (n2)'])
  })
})

describe('a clean shutdown (spec 14)', () => {
  it('a stop that fails is failed, and nobody recovers it', () => {
    const timeline = [result(s(29), 'fs:data', 'stop'), command(s(30), 'n1', 'rgmanager stop')]
    const trace = runShop({ timeline, until: s(120) })
    expect(clustat(trace, 'n2')).toBe('failed')
    expect(changes(trace, 'n2', s(30))).toEqual([])
  })

  it('what is frozen is not stopped', () => {
    const timeline = [command(s(20), 'n1', 'clusvcadm -Z web'), command(s(30), 'n1', 'rgmanager stop')]
    const trace = runShop({ timeline, until: s(120) })
    expect(changes(trace, 'n1', s(20))).toEqual([])
  })
})

describe('stop-before-start (spec 14, boot)', () => {
  it('-N skips it: what ran before the daemon goes on running, frozen and all', () => {
    const timeline = [
      command(s(20), 'n1', 'clusvcadm -Z web'),
      command(s(30), 'n1', 'rgmanager stop'),
      command(s(40), 'n1', 'rgmanager start'),
    ]
    const options = [{ name: 'stopBeforeStart', value: 'false' }]
    const kept = runShop({ timeline, options, until: s(120) })
    expect(changes(kept, 'n1', s(20))).toEqual([])
    expect(changes(runShop({ timeline, until: s(120) }), 'n1', s(20))).toEqual(STOP)
  })

  it('a node without a fence method of its own does not wait for the domain, but its locks do', () => {
    const head = '<cman two_node="1" expected_votes="1"/><fence_daemon post_join_delay="60"/>'
    const alone = { head, power: [{ node: 'n2', at: 'never' as const }], until: s(20) }
    const waits = runShop(alone)
    expect(changes(waits, 'n1')).toEqual([])
    const goes = runShop({ ...alone, withoutFencing: 'n1' })
    expect(changes(goes, 'n1')).toEqual(STOP)
    expect(changes(runShop({ ...alone, withoutFencing: 'n1', until: s(90) }), 'n1')).toEqual([...STOP, ...START])
  })
})

describe('what agents are told (spec 5 and 7)', () => {
  const environments = (rm: string): ReadonlyMap<string, string> =>
    new Map(
      runShop({ rm, until: s(35) }).records.flatMap((record) =>
        record.kind === 'operation' && record.phase === 'begin' && record.node === 'n1' && record.operation !== 'stop'
          ? [
              [
                `${record.operation} ${record.resource}`,
                record.environment!.map(({ name, value }) => `${name}=${value}`).join(' '),
              ] as const,
            ]
          : [],
      ),
    )

  it('the timeout where it is not enforced, 0 where it is, the depth of a check, the number of references', () => {
    const told = environments(web())
    expect(told.get('start fs:data')).toBe('OCF_RESKEY_RGMANAGER_meta_timeout=900 OCF_RESKEY_RGMANAGER_meta_refcnt=1')
    expect(told.get('status fs:data')).toBe(
      'OCF_CHECK_LEVEL=10 OCF_RESKEY_RGMANAGER_meta_timeout=30 OCF_RESKEY_RGMANAGER_meta_refcnt=1',
    )
    const enforced = environments(web('', '<fs name="data" mountpoint="/s" device="/d" __enforce_timeouts="yes"/>'))
    expect(enforced.get('start fs:data')).toContain('meta_timeout=0 ')
  })

  it('a recover and a migration that hang are killed too where that is asked for, and fail a second later', () => {
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d"><nfsexport name="e" __enforce_timeouts="1"/></service></rm>`
    const timeline = [
      result(T0 + 3_600_000 - 1000, 'nfsexport:e', 'status'),
      fault(T0 + 3_600_000 - 1000, 'agent-hang', { node: 'n1', resource: 'nfsexport:e', operation: 'recover' }),
    ]
    const trace = runShop({ rm, timeline, until: T0 + 3_620_000 })
    expect(decided(trace, 'n1', 'status-failed')).toEqual([T0 + 3_600_000 + 6000])
    const guest = '<rm><vm name="guest" __enforce_timeouts="1"/></rm>'
    const hangs = fault(s(20), 'agent-hang', { node: 'n1', resource: 'vm:guest', operation: 'migrate_to' })
    const move = command(s(30), 'n1', 'clusvcadm -M vm:guest -m n2')
    const moved = runShop({ rm: guest, timeline: [hangs, move], until: s(700) })
    const failed = moved.records.find((record) => record.kind === 'machine' && record.to === 'failed')
    expect(failed?.at).toBe(s(30) + 601_000)
  })
})

describe('subtrees (spec 4 and 8)', () => {
  it('behind a failed independent part later levels are not checked this round, the same level and untyped ones are', () => {
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d"><fs name="a" mountpoint="/a" device="/a" __independent_subtree="1"/><fs name="b" mountpoint="/b" device="/b"/>${script('late')}<apache name="odd"><action name="status" depth="0" interval="30"/></apache></service></rm>`
    const trace = runShop({ rm, timeline: [result(s(29), 'fs:a', 'status')], until: s(31) })
    expect(operations(trace, 'n1', s(30))).toEqual([
      'status fs:a → 1',
      'status fs:b',
      'status apache:odd',
      'stop fs:a',
      'start fs:a',
    ])
  })

  it('a critical part that cannot be stopped in place fails the service; a non-critical one is only left out', () => {
    const rm = (kind: string): string =>
      `<rm>${PREFER_N1}<service name="web" domain="d">${script('x', `__independent_subtree="${kind}" __max_restarts="3" __restart_expire_time="600"`)}</service></rm>`
    const timeline = [result(s(29), 'script:x', 'status'), result(s(29), 'script:x', 'stop', 2)]
    expect(clustat(runShop({ rm: rm('1'), timeline, until: s(35) }), 'n2')).toBe('failed')
    expect(clustat(runShop({ rm: rm('2'), timeline, until: s(35) }), 'n2')).toBe('started on n1 [P]')
  })
})

describe('several parts at once (spec 8)', () => {
  it('are stopped and started untyped ones in reverse first, then by start level', () => {
    const part = (type: string, name: string, more = ''): string =>
      `<${type} name="${name}" ${more} __independent_subtree="1"><action name="status" depth="*" interval="30"/></${type}>`
    const members = part('fs', 'a', 'mountpoint="/a" device="/a"') + part('apache', 'x') + part('apache', 'y')
    const rm = `<rm>${PREFER_N1}<service name="web" domain="d">${members}</service></rm>`
    const timeline = ['fs:a', 'apache:x', 'apache:y'].map((id) => result(s(29), id, 'status'))
    expect(changes(runShop({ rm, timeline, until: s(31) }), 'n1', s(30))).toEqual([
      ...['stop apache:y', 'stop apache:x', 'stop fs:a'],
      ...['start apache:y', 'start apache:x', 'start fs:a'],
    ])
  })
})

describe('virtual machines (spec 2, 12d and 14)', () => {
  it('one without children goes home alive', () => {
    const rm = `<rm>${PREFER_N1}<vm name="guest" domain="d"/></rm>`
    const trace = runShop({ rm, timeline: [fault(s(60), 'node-crash', { node: 'n1' }, 30_000)] })
    expect(changes(trace, 'n2', s(60))).toEqual(['start vm:guest', 'migrate_to vm:guest'])
    expect(clustat(trace, 'n2', 'vm:guest')).toBe('started on n1')
  })

  it('a new one is not stopped first, a new service is', () => {
    const service = `<service name="a">${script('a')}</service>`
    const later = [`<rm>${service}<vm name="guest"/><service name="b">${script('b')}</service></rm>`]
    const trace = runShop({
      rm: `<rm>${service}</rm>`,
      later,
      timeline: [command(s(30), 'n1', 'cman_tool version -r')],
      until: s(40),
    })
    const onBoth = [...changes(trace, 'n1', s(30)), ...changes(trace, 'n2', s(30))]
    expect(onBoth.filter((text) => text.startsWith('stop '))).toEqual([
      ...['stop script:b', 'stop service:b'],
      ...['stop script:b', 'stop service:b'],
    ])
    expect(onBoth.filter((text) => text.includes('guest'))).toEqual(['start vm:guest'])
  })
})

describe('relocation (spec 10b)', () => {
  it('asks a node four times more, 3 s apart, that does not know the service yet', () => {
    // n2 still stops what the new configuration takes from it and has not loaded it; n1 has, and cannot start the new service.
    const old = `<rm><service name="old" domain="second">${script('o')}</service>DOMAINS</rm>`
    const domains =
      '<failoverdomains><failoverdomain name="second" ordered="1"><failoverdomainnode name="n2" priority="1"/></failoverdomain></failoverdomains>'
    const next = `<rm><service name="new">${script('x')}</service>${domains}</rm>`
    const trace = runShop({
      rm: old.replace('DOMAINS', domains),
      later: [next],
      timings: [takes('stop', 'script:o', 10_000)],
      timeline: [result(s(29), 'script:x', 'start'), command(s(60), 'n1', 'cman_tool version -r')],
      until: s(120),
    })
    expect(decided(trace, 'n1', 'relocate').filter((at) => s(60) <= at)).toHaveLength(1)
    expect(clustat(trace, 'n1', 'service:new')).toBe('started on n2')
    const start = trace.records.find(
      (record) =>
        record.kind === 'operation' &&
        record.node === 'n2' &&
        record.resource === 'script:x' &&
        record.operation === 'start',
    )
    // Asked at 60 s and every 3 s: the fourth time again, at 72 s, n2 knows it.
    expect(Math.round((start!.at - s(60)) / 1000)).toBe(12)
  })
})

describe('central processing (spec 13 and 16)', () => {
  const central = (rm: string): string => rm.replace('<rm', '<rm central_processing="1"')
  const exclusive = (name: string, number: number): string =>
    `<service name="${name}" exclusive="${number}">${script(name)}</service>`

  it('an exclusive service of a lower number evicts one of a higher number, which looks for another place', () => {
    const rm = central(`<rm>${exclusive('low', 3)}${exclusive('high', 1)}</rm>`)
    const power = [{ node: 'n2', at: 60_000 }]
    const trace = runShop({ rm, head: CLEAN, power, until: s(90) })
    const at = (name: string, second: number): string => clustat(trace, 'n1', `service:${name}`, s(second))
    expect([at('high', 50), at('low', 50)]).toEqual(['started on n1', 'stopped'])
    expect(at('low', 85)).toBe('started on n2')
    expect(changes(trace, 'n1', 0, s(50)).slice(4)).toEqual([
      ...['start service:low', 'start script:low', 'stop script:low', 'stop service:low'],
      ...['start service:high', 'start script:high'],
    ])
  })

  it('equal numbers, a plain service and a failed stop are no room', () => {
    const alone = { head: CLEAN, power: [{ node: 'n2', at: 'never' as const }], until: s(30) }
    const equal = runShop({ ...alone, rm: central(`<rm>${exclusive('a', 2)}${exclusive('b', 2)}</rm>`) })
    expect([clustat(equal, 'n1', 'service:a'), clustat(equal, 'n1', 'service:b')]).toEqual(['started on n1', 'stopped'])
    const plain = `<service name="plain">${script('p')}</service>`
    const beside = runShop({ ...alone, rm: central(`<rm>${plain}${exclusive('b', 1)}</rm>`) })
    expect(clustat(beside, 'n1', 'service:b')).toBe('stopped')
    const stuck = runShop({
      ...alone,
      rm: central(
        `<rm>${exclusive('low', 3)}${exclusive('high', 1).replace('exclusive', 'autostart="0" exclusive')}</rm>`,
      ),
      timeline: [result(s(5), 'script:low', 'stop'), command(s(10), 'n1', 'clusvcadm -e high')],
    })
    expect([clustat(stuck, 'n1', 'service:low'), clustat(stuck, 'n1', 'service:high')]).toEqual(['failed', 'stopped'])
    expect(said(stuck)).toEqual(['clusvcadm: failed'])
  })

  it.each([
    ['hard', ['stop script:app', 'stop service:app', 'start service:app', 'start script:app']],
    ['soft', []],
  ])('a %s dependent follows a dependency that has started anew', (mode, expected) => {
    const rm = central(
      `<rm>${PREFER_N1}<service name="db" domain="d">${script('pg')}</service><service name="app" domain="d" depend="service:db" depend_mode="${mode}">${script('app')}</service></rm>`,
    )
    const trace = runShop({ rm, timeline: [result(s(29), 'script:pg', 'status')], until: s(60) })
    expect(changes(trace, 'n1', s(20)).filter((text) => text.includes('app'))).toEqual(expected)
  })

  it('the master tells operators how it went, on whatever node they are', () => {
    const timeline = [
      command(s(10), 'n2', 'clusvcadm -e web'),
      command(s(20), 'n2', 'clusvcadm -r web'),
      command(s(30), 'n2', 'clusvcadm -Z web'),
      command(s(40), 'n2', 'clusvcadm -d web'),
      command(s(50), 'n2', 'clusvcadm -U web'),
      command(s(60), 'n2', 'clusvcadm -d web'),
      command(s(70), 'n2', 'clusvcadm -r web'),
      command(s(80), 'n2', 'clusvcadm -l'),
      command(s(81), 'n2', 'clusvcadm -S'),
      command(s(82), 'n2', 'clusvcadm -e web'),
      command(s(83), 'n2', 'clusvcadm -u'),
      command(s(90), 'n2', 'clusvcadm -e web'),
      command(s(100), 'n2', 'clusvcadm -e nothing'),
    ]
    expect(said(runShop({ rm: central(web()), timeline }))).toEqual([
      'clusvcadm: service is already running',
      'clusvcadm: success (n2)',
      'clusvcadm: success',
      'clusvcadm: service is frozen',
      'clusvcadm: success',
      'clusvcadm: success',
      'clusvcadm: invalid operation for resource',
      'clusvcadm: starts are locked',
      'clusvcadm: temporarily unavailable, try again',
      'clusvcadm: success (n1)',
      'clusvcadm: no such service',
    ])
  })
})
