/** RGManager's rules on checks, policies, domains and operators, each with its place in the spec. Nodes and times as in rgmanager.test.ts. */
import { describe, expect, it } from 'vitest'
import { command, decided, fault } from '../support/pair.ts'
import { changes, checks, clustat, operations, PREFER_N1, runShop, START, STOP, said, web } from '../support/shop.ts'

const T0 = 3000
const s = (second: number): number => T0 + 1000 * second
const failsAt = (second: number, resource: string, times = 1) =>
  fault(s(second) - 1000, 'agent-result', { node: 'n1', resource, operation: 'status', rc: 1, times })
const option = (name: string, value: string) => ({ options: [{ name, value }] })
const script = (name: string, special = '', inner = ''): string =>
  `<script name="${name}" file="/etc/init.d/${name}" ${special}>${inner}</script>`
const only = (members: string, attributes = ''): string =>
  `<rm>${PREFER_N1}<service name="web" domain="d" ${attributes}>${members}</service></rm>`
const seconds = (list: readonly (readonly [number, number])[]): string =>
  list.map(([at, depth]) => `${(at - T0) / 1000}:${depth}`).join(' ')

describe('depths and intervals (spec 6)', () => {
  const drbd = (actions: string): string => only(`<fs name="x" mountpoint="/x" device="/dev/x">${actions}</fs>`)
  const THREE = [
    [0, 30],
    [10, 60],
    [20, 120],
  ]
    .map(([depth, interval]) => `<action name="status" depth="${depth}" interval="${interval}"/>`)
    .join('')

  it('each depth has a clock of its own: the executed code', () => {
    const trace = runShop({ rm: drbd(THREE), until: s(290) })
    expect(seconds(checks(trace, 'n1', 'fs:x'))).toBe(
      '30:0 60:10 70:0 100:0 120:20 130:10 140:0 170:0 190:10 200:0 230:0 240:20 250:10 260:0 290:0',
    )
  })

  it('depthClear: a deep check counts for the lesser ones: the wiki', () => {
    const trace = runShop({ rm: drbd(THREE), until: s(245), ...option('depthClear', 'true') })
    expect(seconds(checks(trace, 'n1', 'fs:x'))).toBe('30:0 60:10 90:0 120:20 150:0 180:10 210:0 240:20')
  })

  it('depth="*" interval="30" rotates through all depths in code', () => {
    const rm = drbd('<action name="status" depth="*" interval="30"/>')
    expect(seconds(checks(runShop({ rm, until: s(85) }), 'n1', 'fs:x'))).toBe('30:20 40:10 50:0 60:20 70:10 80:0')
  })

  it('depth="*" checks only the deepest in the wiki model', () => {
    const rm = drbd('<action name="status" depth="*" interval="30"/>')
    const trace = runShop({ rm, until: s(95), ...option('depthClear', 'true') })
    expect(seconds(checks(trace, 'n1', 'fs:x'))).toBe('30:20 60:20 90:20')
  })

  it('stock fs, ip and script over three minutes', () => {
    const trace = runShop({ until: s(185) })
    const at = (resource: string, depth: number): string =>
      checks(trace, 'n1', resource)
        .filter((check) => check[1] === depth)
        .map((check) => (check[0] - T0) / 1000)
        .join(' ')
    expect(at('ip:vip', 0)).toBe('20 40 70 90 110 130 150 170')
    expect(at('ip:vip', 10)).toBe('60 120 180')
    expect(at('fs:data', 10)).toBe('30 70 100 130 160')
    expect(at('fs:data', 20)).toBe('60 120 180')
    expect(at('fs:data', 0)).toBe('80 140')
    expect(at('script:httpd', 0)).toBe('30 60 90 120 150 180')
  })

  it('status_child_max: a check above the cap is left out, and the cached result stands', () => {
    const rm = `<rm status_child_max="1">${PREFER_N1}<service name="web" domain="d">${script('a')}</service><service name="db" domain="d">${script('b')}</service></rm>`
    const timeline = [fault(s(29), 'agent-hang', { node: 'n1', resource: 'script:a', operation: 'status' })]
    const trace = runShop({ rm, timeline, until: s(100) })
    expect(checks(trace, 'n1', 'script:b')).toEqual([])
  })

  it.each([
    ['false', []],
    ['true', ['stop nfsclient:c', 'stop nfsexport:e', 'stop service:web']],
  ])('recover mends in place; recoverCacheBug %s (row 6)', (value, expected) => {
    const rm = only('<nfsexport name="e"><nfsclient name="c" target="*"/></nfsexport>')
    const trace = runShop({
      rm,
      timeline: [failsAt(60, 'nfsclient:c')],
      until: s(75),
      ...option('recoverCacheBug', value),
    })
    expect(operations(trace, 'n1', s(60), s(61))).toEqual(['status nfsclient:c → 1', 'recover nfsclient:c'])
    expect(changes(trace, 'n1', s(61)).slice(0, 3)).toEqual(expected)
  })

  it('__max_failures=2: two failing checks in the window are taken for good, the third is not', () => {
    const rm = only(script('x', '__max_failures="2" __failure_expire_time="600"'))
    const trace = runShop({ rm, timeline: [failsAt(30, 'script:x', 3)], until: s(100) })
    expect(decided(trace, 'n1', 'status-failed')).toEqual([s(90)])
  })

  it('a subtree that cannot be restarted in place is tried again at every tick', () => {
    const rm = only(script('x', '__independent_subtree="1"'))
    const fails = fault(s(20), 'agent-result', {
      node: 'n1',
      resource: 'script:x',
      operation: 'start',
      rc: 1,
      times: 2,
    })
    const trace = runShop({ rm, timeline: [failsAt(30, 'script:x'), fails], until: s(65) })
    expect(changes(trace, 'n1', s(30))).toEqual([
      ...['stop script:x', 'start script:x → 1'],
      ...['stop script:x', 'start script:x → 1'],
      ...['stop script:x', 'start script:x'],
    ])
    expect(decided(trace, 'n1', 'restart-subtree')).toEqual([s(30), s(40), s(50)])
  })

  it('an independent subtree beyond its counter takes the service with it (spec 8)', () => {
    const rm = only(script('x', '__independent_subtree="1" __max_restarts="1" __restart_expire_time="600"'))
    const trace = runShop({ rm, timeline: [failsAt(30, 'script:x'), failsAt(60, 'script:x')], until: s(65) })
    expect(changes(trace, 'n1', s(60))).toEqual([
      'stop script:x',
      'stop service:web',
      'start service:web',
      'start script:x',
    ])
  })
})

describe('policies (spec 10 and 17)', () => {
  it('recovery=relocate moves at once (row 3)', () => {
    const trace = runShop({ rm: web('recovery="relocate"'), timeline: [failsAt(30, 'script:httpd')], until: s(40) })
    expect(changes(trace, 'n1', s(30))).toEqual(STOP)
    expect(changes(trace, 'n2', s(30))).toEqual(START)
  })

  it('restart-disable: disabled when the threshold is exceeded (row 5), but a restart that fails is moved (spec 20.2)', () => {
    const rm = web('recovery="restart-disable" max_restarts="1" restart_expire_time="600"')
    const twice = [failsAt(30, 'script:httpd'), failsAt(60, 'script:httpd')]
    const disabled = runShop({ rm, timeline: twice, until: s(100) })
    expect(clustat(disabled, 'n2')).toBe('disabled')
    const broken = fault(s(20), 'agent-result', { node: 'n1', resource: 'ip:vip', operation: 'start', rc: 1, times: 1 })
    const moved = runShop({ rm, timeline: [failsAt(30, 'script:httpd'), broken], until: s(100) })
    expect(clustat(moved, 'n2')).toBe('started on n2')
  })

  it('a start and a stop that fail end in failed (row 11)', () => {
    const bad = (operation: string) =>
      fault(s(20), 'agent-result', {
        node: 'n1',
        resource: 'ip:vip',
        operation,
        rc: 1,
        times: operation === 'stop' ? 2 : 1,
      })
    const timeline = [failsAt(30, 'script:httpd'), bad('start')]
    const first = fault(s(30), 'agent-result', { node: 'n1', resource: 'ip:vip', operation: 'stop', rc: 1, times: 1 })
    const trace = runShop({ timeline: [...timeline, { ...first, at: s(30) + 600 }], until: s(60), timings: SLOW })
    expect(clustat(trace, 'n2')).toBe('failed')
    expect(changes(trace, 'n2', s(30))).toEqual([])
  })

  it.each([
    ['true', 'started on n2'],
    ['false', 'failed'],
  ])(
    'not installed: the stop that says so too is no failure with notInstalledStopOk %s (row 17)',
    (value, expected) => {
      const missing = fault(s(30) + 600, 'agent-missing', { node: 'n1', resource: 'script:httpd' })
      const trace = runShop({
        timeline: [failsAt(30, 'ip:vip'), failsAt(30, 'script:httpd'), missing],
        timings: SLOW,
        until: s(60),
        ...option('notInstalledStopOk', value),
      })
      expect(changes(trace, 'n1', s(30))).toContain('start script:httpd → 5')
      expect(clustat(trace, 'n2')).toBe(expected)
    },
  )

  it('self_fence: a file system that cannot be unmounted reboots its node (spec 2)', () => {
    const rm = web(
      '',
      '<fs name="data" mountpoint="/srv" device="/dev/d" self_fence="1"/><script name="httpd" file="/h"/>',
    )
    const stuck = fault(T0 + 1000, 'agent-result', {
      node: 'n1',
      resource: 'fs:data',
      operation: 'stop',
      rc: 1,
      times: 1,
    })
    const trace = runShop({ rm, timeline: [failsAt(30, 'script:httpd'), stuck], until: s(100) })
    expect(trace.records.some((r) => r.kind === 'node' && r.node === 'n1' && r.text.includes('self_fence'))).toBe(true)
  })
})

describe('domains and exclusive services (spec 12 and 13)', () => {
  const domain = (flags: string, members: readonly (readonly [string, number])[]): string =>
    `<failoverdomains><failoverdomain name="d" ${flags}>${members.map(([name, priority]) => `<failoverdomainnode name="${name}" priority="${priority}"/>`).join('')}</failoverdomain></failoverdomains>`
  const rmOf = (domains: string, services: string): string => `<rm>${domains}${services}</rm>`
  const one = (attributes = '') => `<service name="web" ${attributes}>${script('x')}</service>`

  it('without a domain the lowest id wins the race, and nothing goes back', () => {
    const trace = runShop({ rm: rmOf('', one()), timeline: [fault(s(60), 'node-crash', { node: 'n1' }, 30_000)] })
    expect(clustat(trace, 'n2', 'service:web', s(30))).toBe('started on n1')
    expect(clustat(trace, 'n2')).toBe('started on n2')
  })

  it('outside of an unrestricted domain it runs only while no member is there, and goes home even with nofailback', () => {
    const rm = rmOf(domain('nofailback="1"', [['n2', 1]]), one('domain="d"'))
    const trace = runShop({ rm, power: [{ node: 'n2', at: 100_000 }], head: CLEAN })
    expect(clustat(trace, 'n1', 'service:web', 90_000)).toBe('started on n1')
    expect(clustat(trace, 'n1')).toBe('started on n2')
  })

  it('a restricted domain without members online: nowhere', () => {
    const rm = rmOf(domain('restricted="1"', [['n2', 1]]), one('domain="d"'))
    const trace = runShop({ rm, power: [{ node: 'n2', at: 'never' }], head: CLEAN })
    expect(clustat(trace, 'n1')).toBe('stopped')
  })

  it.each([
    ['highest-id', ['n4', 'n4', 'n4', 'n4']],
    ['shuffle', ['n2', 'n3', 'n4']],
  ])('equal scores with relocateTie %s', (tie, expected) => {
    const owners = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
      const trace = runShop({
        rm: rmOf('', one('recovery="relocate"')),
        nodes: 4,
        seed,
        timeline: [failsAt(30, 'script:x')],
        until: s(40),
        ...option('relocateTie', tie),
      })
      return clustat(trace, 'n1').replace('started on ', '')
    })
    expect([...new Set(owners)].sort()).toEqual([...new Set(expected)].sort())
  })

  it('exclusive: two of them never share a node, nor does anything else join one', () => {
    const rm = rmOf('', `${one('exclusive="1"')}<service name="db">${script('y')}</service>`)
    const trace = runShop({ rm, until: s(30) })
    expect([clustat(trace, 'n1'), clustat(trace, 'n1', 'service:db')]).toEqual(['started on n1', 'started on n2'])
    const alone = runShop({ rm, until: s(30), power: [{ node: 'n2', at: 'never' }], head: CLEAN })
    expect(clustat(alone, 'n1', 'service:db')).toBe('stopped')
  })

  it('autostart=0: disabled until somebody enables it', () => {
    const rm = rmOf('', one('autostart="0"'))
    const trace = runShop({ rm, timeline: [command(s(30), 'n2', 'clusvcadm -e web')], until: s(40) })
    expect(clustat(trace, 'n1', 'service:web', s(29))).toBe('disabled')
    expect(clustat(trace, 'n1')).toBe('started on n2')
  })
})

describe('clusvcadm (spec 9 and 15)', () => {
  it('-e starts here even where another node is better; -F follows the domain', () => {
    const timeline = [
      command(s(30), 'n1', 'clusvcadm -d web'),
      command(s(40), 'n2', 'clusvcadm -e web'),
      command(s(50), 'n1', 'clusvcadm -d web'),
      command(s(60), 'n2', 'clusvcadm -e web -F'),
      command(s(70), 'n2', 'clusvcadm -d web'),
      command(s(80), 'n1', 'clusvcadm -e web -m n2'),
    ]
    const trace = runShop({ timeline })
    const at = (second: number): string => clustat(trace, 'n1', 'service:web', s(second))
    expect([at(39), at(49), at(59), at(69), at(79), at(89)]).toEqual([
      'disabled',
      'started on n2',
      'disabled',
      'started on n1',
      'disabled',
      'started on n2',
    ])
  })

  it('-s stops it until a node event; -R restarts it where it runs, from any node', () => {
    const timeline = [
      command(s(30), 'n2', 'clusvcadm -s web'),
      fault(s(40), 'node-crash', { node: 'n2' }, 20_000),
      command(s(150), 'n2', 'clusvcadm -R web'),
    ]
    const trace = runShop({ timeline })
    expect(clustat(trace, 'n1', 'service:web', s(39))).toBe('stopped')
    expect(clustat(trace, 'n1', 'service:web', s(140))).toBe('started on n1')
    expect(changes(trace, 'n1', s(150))).toEqual([...STOP, ...START])
  })

  it('frozen: no checks, no stop, no failover; a dead owner leaves it stopped and frozen', () => {
    const timeline = [
      command(s(15), 'n1', 'clusvcadm -Z web'),
      command(s(60), 'n1', 'clusvcadm -d web'),
      fault(s(100), 'node-crash', { node: 'n1' }),
      command(s(200), 'n2', 'clusvcadm -U web'),
      command(s(210), 'n2', 'clusvcadm -e web'),
    ]
    const trace = runShop({ timeline, until: s(230) })
    expect(operations(trace, 'n1', s(1), s(100))).toEqual([])
    expect(said(trace)).toContain('clusvcadm: service is frozen')
    expect(clustat(trace, 'n2', 'service:web', s(190))).toBe('stopped [Z]')
    expect(clustat(trace, 'n2')).toBe('started on n2')
  })

  it('-l locks starts cluster-wide, also those after a death', () => {
    const timeline = [
      command(s(30), 'n2', 'clusvcadm -l'),
      fault(s(40), 'node-crash', { node: 'n1' }),
      command(s(100), 'n2', 'clusvcadm -u'),
      command(s(110), 'n2', 'clusvcadm -e web'),
    ]
    const trace = runShop({
      timeline,
      until: s(120),
      timings: [{ operation: 'boot', subject: 'n1', distribution: { kind: 'fixed', value: 0 } }],
      rm: web().replace('ordered="1"', ''),
    })
    expect(changes(trace, 'n2', s(40), s(109)).filter((text) => text.startsWith('start'))).toEqual([])
    expect(changes(trace, 'n2', s(110))).toEqual(START)
  })

  it('a virtual machine migrates alive; a failed migration is a failed service', () => {
    const rm = `<rm><vm name="guest"/></rm>`
    const move = command(s(30), 'n2', 'clusvcadm -M vm:guest -m n2')
    const good = runShop({ rm, timeline: [move], until: s(40) })
    expect(clustat(good, 'n1', 'vm:guest')).toBe('started on n2')
    expect(changes(good, 'n1', s(30))).toEqual(['migrate_to vm:guest'])
    expect(changes(good, 'n2', s(30))).toEqual(['migrate_from vm:guest'])
    const bad = fault(s(20), 'agent-result', { node: 'n1', resource: 'vm:guest', operation: 'migrate_to', rc: 1 })
    expect(clustat(runShop({ rm, timeline: [bad, move], until: s(40) }), 'n1', 'vm:guest')).toBe('failed')
    const stays = fault(s(20), 'agent-result', { node: 'n1', resource: 'vm:guest', operation: 'migrate_to', rc: 150 })
    expect(clustat(runShop({ rm, timeline: [stays, move], until: s(40) }), 'n1', 'vm:guest')).toBe('started on n1')
  })

  it('refuses what it cannot do', () => {
    const timeline = [
      command(s(30), 'n1', 'clusvcadm -d web'),
      command(s(40), 'n1', 'clusvcadm -r web'),
      command(s(50), 'n1', 'clusvcadm -e nothing'),
      command(s(60), 'n1', 'clusvcadm -c web'),
    ]
    expect(said(runShop({ timeline })).slice(1)).toEqual([
      'clusvcadm: invalid operation for resource',
      'clusvcadm: no such service',
      'clusvcadm: invalid operation for resource',
    ])
  })
})

const CLEAN = '<cman two_node="1" expected_votes="1"/><fence_daemon clean_start="1"/>'
const SLOW = [{ operation: 'stop', subject: 'script:httpd', distribution: { kind: 'fixed', value: 500 } as const }]
