/** Reading cluster.conf: golden orders, references, overrides, quirks, and problems with their places. Source: spec rgmanager 1 to 5. */
import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/model/problem.ts'
import { readClusterConf } from '../../src/rgmanager/cluster-conf.ts'
import type { RgmanagerConfig, Service } from '../../src/rgmanager/config.ts'
import { shapeOf, startOrder, stopOrder } from '../../src/rgmanager/config.ts'
import { expandTime } from '../../src/rgmanager/rules.ts'
import { SWITCHES } from '../support/shop.ts'

const NODES = `<clusternodes><clusternode name="n1" nodeid="1"><fence><method name="p"><device name="d"/></method></fence></clusternode>
<clusternode name="n2" nodeid="2"><fence><method name="p"><device name="d"/></method></fence></clusternode></clusternodes>
<fencedevices><fencedevice name="d" agent="fence_apc"/></fencedevices>`

function read(
  rm: string,
  rest = NODES,
): { readonly config: RgmanagerConfig | undefined; readonly problems: readonly string[] } {
  const text = `<?xml version="1.0"?>\n<cluster name="c" config_version="1">\n${rest}\n<rm>\n${rm}\n</rm>\n</cluster>\n`
  const { value, problems } = readClusterConf([{ name: 'cluster.conf', text }], SWITCHES)
  return { config: value, problems: problems.map(problemText) }
}

function service(rm: string, index = 0): Service {
  const { config, problems } = read(rm)
  expect(problems).toEqual([])
  return config!.versions[0]!.services[index]!
}

function names(entry: Service, order: readonly number[]): readonly string[] {
  return order.map((index) => (index === 0 ? 'service' : entry.nodes[index]!.id))
}

const fs = (name: string, rest = '/>'): string =>
  `<fs name="${name}" mountpoint="/${name}" device="/dev/${name}"${rest}`
const script = (name: string, rest = '/>'): string => `<script name="${name}" file="/etc/init.d/${name}"${rest}`

describe('the order of the tree', () => {
  it('G1: by type levels, document order within a type; stop is no exact mirror', () => {
    const entry = service(
      `<service name="s">${script('z')}<ip address=".2"/>${fs('f2')}<ip address=".1"/>${fs('f1')}${script('a')}</service>`,
    )
    expect(names(entry, startOrder(entry))).toEqual([
      'service',
      'fs:f2',
      'fs:f1',
      'ip:.2',
      'ip:.1',
      'script:z',
      'script:a',
    ])
    expect(names(entry, stopOrder(entry))).toEqual([
      'script:a',
      'script:z',
      'ip:.1',
      'ip:.2',
      'fs:f1',
      'fs:f2',
      'service',
    ])
  })

  it('G2: children follow their parent, types without a level come last and stop first', () => {
    const entry = service(
      `<service name="s"><ip address=".1">${script('under_ip')}</ip>${fs('data')}${script('app')}<ip address=".2"/><vm name="odd"/></service>`,
    )
    expect(names(entry, startOrder(entry))).toEqual([
      'service',
      'fs:data',
      'ip:.1',
      'script:under_ip',
      'ip:.2',
      'script:app',
      'vm:odd',
    ])
    expect(names(entry, stopOrder(entry))).toEqual([
      'vm:odd',
      'script:app',
      'ip:.2',
      'script:under_ip',
      'ip:.1',
      'fs:data',
      'service',
    ])
  })

  it('smb starts after ip and stops after it too', () => {
    const entry = service(`<service name="s"><smb name="w"/><ip address=".1"/>${script('a')}</service>`)
    expect(names(entry, startOrder(entry))).toEqual(['service', 'ip:.1', 'smb:w', 'script:a'])
    expect(names(entry, stopOrder(entry))).toEqual(['script:a', 'ip:.1', 'smb:w', 'service'])
  })

  it('fs and nfsserver have levels of their own', () => {
    const entry = service(
      `<service name="s">${fs('a', '><nfsexport name="e"><nfsclient name="c" target="*"/></nfsexport>')}${fs('b')}</fs></service>`,
    )
    expect(names(entry, startOrder(entry))).toEqual(['service', 'fs:a', 'fs:b', 'nfsexport:e', 'nfsclient:c'])
    expect(names(entry, stopOrder(entry))).toEqual(['nfsclient:c', 'nfsexport:e', 'fs:b', 'fs:a', 'service'])
  })
})

describe('references and inheritance', () => {
  it('uses shared definitions, and attributes come from the nearest ancestor', () => {
    const entry = service(
      `<resources><nfsexport name="e"/><nfsclient name="lan" target="10.0.0.0/8"/></resources>
       <service name="s">${fs('d', '>')}<nfsexport ref="e"><nfsclient ref="lan"/></nfsexport></fs></service>`,
    )
    const of = (id: string) => entry.nodes.find((node) => node.id === id)!.attributes
    expect(of('nfsexport:e')).toContainEqual({ name: 'path', value: '/d' })
    expect(of('nfsclient:lan')).toContainEqual({ name: 'path', value: '/d' })
    expect(of('nfsclient:lan')).toContainEqual({ name: 'svcname', value: 's' })
  })

  it('an ip in two services leaves the second without it, and its children too', () => {
    const { config, problems } = read(
      `<resources><ip address=".1"/></resources>
       <service name="a"><ip ref=".1"/></service>
       <service name="b"><ip ref=".1">${script('x')}</ip>${script('y')}</service>`,
    )
    expect(problems).toEqual([
      'cluster.conf:9:26: warning: ip ".1" is used already and may stand 1 time in the tree: it is skipped with all below it — use it in one service only',
    ])
    expect(config!.versions[0]!.services[1]!.nodes.map((node) => node.id)).toEqual(['service:b', 'script:y'])
  })

  it('tells instances of one definition apart, and drops non-critical for them', () => {
    const { config } = read(
      `<resources>${script('x')}</resources>
       <service name="a"><script ref="x" __independent_subtree="2"/></service><service name="b"><script ref="x"/></service>`,
    )
    const [a, b] = config!.versions[0]!.services
    expect([a!.nodes[1]!.id, b!.nodes[1]!.id]).toEqual(['script:x@a', 'script:x@b'])
    expect(a!.nodes[1]!.independent).toBe('independent')
  })

  it('skips references to nothing and to what is inline', () => {
    const { config, problems } = read(
      `<service name="a">${script('x')}</service><service name="b"><script ref="x"/><script ref="nope"/></service>`,
    )
    expect(config!.versions[0]!.services[1]!.nodes).toHaveLength(1)
    expect(problems[0]).toContain('cluster.conf:7:86: warning: script "x" is defined inline in line 7')
    expect(problems[1]).toContain('there is no script "nope"')
  })

  it('an fs without mountpoint hides all later fs siblings', () => {
    const { config, problems } = read(
      `<service name="a"><fs name="p" device="/dev/p"/>${fs('q')}${script('x')}</service>`,
    )
    expect(config!.versions[0]!.services[0]!.nodes.map((node) => node.id)).toEqual(['service:a', 'script:x'])
    expect(problems).toHaveLength(2)
    expect(problems[0]).toContain('this fs has no `mountpoint`: it is not loaded')
    expect(problems[1]).toContain('hidden by the incomplete one before it')
  })

  it('drops the later of two definitions that share what must be unique', () => {
    const { config, problems } = read(
      `<service name="a">${fs('p')}<fs name="q" mountpoint="/p" device="/dev/q"/></service>`,
    )
    expect(config!.versions[0]!.services[0]!.nodes.map((node) => node.id)).toEqual(['service:a', 'fs:p'])
    expect(problems[0]).toContain('has the same `mountpoint` as the one in line 7')
  })
})

describe('actions', () => {
  const depths = (entry: Service): readonly (readonly [number, number | undefined, number])[] =>
    entry.nodes[1]!.actions.filter(({ name }) => name === 'status').map(
      (a) => [a.depth, a.interval, a.timeout] as const,
    )

  it('stock fs has depths 0, 10 and 20', () => {
    expect(depths(service(`<service name="a">${fs('p')}</service>`))).toEqual([
      [0, 60, 10],
      [10, 30, 30],
      [20, 60, 30],
    ])
  })

  it.each([
    [
      'depth="20" interval="300"',
      [
        [0, 60, 10],
        [10, 30, 30],
        [20, 300, 30],
      ],
    ],
    [
      'depth="*" interval="30"',
      [
        [0, 30, 10],
        [10, 30, 30],
        [20, 30, 30],
      ],
    ],
    [
      'interval="10"',
      [
        [0, 10, 10],
        [10, 10, 30],
        [20, 10, 30],
      ],
    ],
    [
      'depth="10" interval="0"',
      [
        [0, 60, 10],
        [10, undefined, 30],
        [20, 60, 30],
      ],
    ],
    [
      'depth="30" interval="1m30s" timeout="7"',
      [
        [0, 60, 10],
        [10, 30, 30],
        [20, 60, 30],
        [30, 90, 7],
      ],
    ],
  ])('an override %s replaces what it names', (words, expected) => {
    expect(depths(service(`<service name="a">${fs('p', '>')}<action name="status" ${words}/></fs></service>`))).toEqual(
      expected,
    )
  })

  it('a new depth needs all three figures; below a reference nothing counts', () => {
    const { problems } = read(
      `<resources>${script('x')}</resources><service name="a">${fs('p', '>')}<action name="status" depth="30" interval="5"/></fs>
       <script ref="x"><action name="status" interval="5"/></script></service>`,
    )
    expect(problems[0]).toContain('a new action needs depth, timeout and interval')
    expect(problems[1]).toContain('an action below a reference is ignored')
  })

  it('refuses event scripts of one’s own where they would act, with line and column (spec 16)', () => {
    const events =
      '<events>\n  <event name="mine" class="node"/>\n</events>\n<resource-defaults><ip/></resource-defaults>'
    const text = (rm: string): string =>
      `<?xml version="1.0"?>\n<cluster name="c" config_version="1">\n${NODES}\n${rm}</cluster>\n`
    const at = (rm: string): readonly string[] =>
      readClusterConf([{ name: 'cluster.conf', text: text(rm) }], SWITCHES).problems.map(problemText)
    expect(at(`<rm central_processing="1">${events}</rm>`)).toEqual([
      'cluster.conf:7:3: error: mine is an S-Lang script, which is not run here — remove it: the default script acts',
      'cluster.conf:9:20: warning: defaults of ip are not read — write them in each resource',
    ])
    expect(at(`<rm>${events}</rm>`)[0]).toBe(
      'cluster.conf:7:3: warning: mine is never called without central_processing="1"',
    )
  })

  it('reads an NFS service and a virtual machine with central processing without a complaint (spec 19 C)', () => {
    const { config, problems } = read(
      `<failoverdomains><failoverdomain name="all" ordered="0" restricted="0"/></failoverdomains>
<resources><nfsexport name="e"/><nfsclient name="net" target="198.51.100.0/24" options="ro"/></resources>
<service name="files" priority="1"><fs name="disk" device="LABEL=files" mountpoint="/files">
<nfsexport ref="e"><nfsclient ref="net"/></nfsexport></fs><ip address="198.51.100.7"/></service>
<vm name="guest" domain="all" priority="2" migrate="live" recovery="restart"/>`,
    )
    expect(problems).toEqual([])
    const [files, guest] = config!.versions[0]!.services
    expect(names(files!, startOrder(files!))).toEqual([
      ...['service', 'fs:disk', 'nfsexport:e', 'nfsclient:net', 'ip:198.51.100.7'],
    ])
    const client = files!.nodes.find(({ type }) => type === 'nfsclient')!
    expect(client.attributes.filter(({ name }) => name === 'path' || name === 'svcname')).toEqual([
      { name: 'path', value: '/files' },
      { name: 'svcname', value: 'files' },
    ])
    expect([files!.priority, guest!.priority, guest!.id]).toEqual([1, 2, 'vm:guest'])
  })

  it('nfslock of a service reaches its addresses and file systems (spec 2)', () => {
    const rm = '<service name="w" nfslock="1"><fs name="f" mountpoint="/f" device="/f"/><ip address="1"/></service>'
    const { nodes } = service(rm)
    const told = nodes.map(({ attributes }) => attributes.find(({ name }) => name === 'nfslock')?.value)
    expect(told).toEqual(['1', '1', '1'])
  })

  it('reads times as sums, and a chunk of an unknown unit as nothing', () => {
    expect(['30', '1m30s', '1h30', '2d', '10x'].map(expandTime)).toEqual([30, 90, 3630, 172_800, 0])
  })
})

describe('the rest of the file', () => {
  it('knows token, consensus, domains and what exists', () => {
    const { config, problems } = read(
      `<failoverdomains><failoverdomain name="d" ordered="1" restricted="1"><failoverdomainnode name="n2" priority="1"/>
       <failoverdomainnode name="n1" priority="200"/></failoverdomain></failoverdomains>
       <service name="a" domain="d" recovery="weird" exclusive="yes">${fs('p')}</service>`,
      `<cman two_node="1" expected_votes="1"/>${NODES}`,
    )
    expect(problems).toEqual([])
    expect([config!.token, config!.consensus, config!.twoNode]).toEqual([10_000, 2000, true])
    expect(config!.versions[0]!.domains[0]!.members).toEqual([
      { node: 'n2', priority: 1 },
      { node: 'n1', priority: 0 },
    ])
    expect(config!.versions[0]!.services[0]).toMatchObject({ recovery: 'restart', exclusive: 1 })
    const shape = shapeOf(config!)
    expect(shape.groups).toEqual([{ id: 'service:a', resources: ['service:a', 'fs:p'], preferredNode: 'n1' }])
    expect(shape.storage).toEqual([{ id: '/dev/p', concurrent: false, usedBy: ['fs:p'] }])
    expect(shape.fenceDevices[0]).toMatchObject({ id: 'd', targets: ['n1', 'n2'] })
  })

  it.each([
    ['', 'the file is empty'],
    ['<cluster><clusternodes>', 'unclosed tag'],
    ['<!DOCTYPE x><cluster/>', 'a document type declaration is not accepted'],
    ['<cib/>', 'the root is <cib>, not <cluster>'],
    ['<cluster/>', 'there are no cluster nodes'],
    ['<cluster><clusternodes><clusternode/></clusternodes></cluster>', 'this clusternode has no name'],
  ])('refuses %s', (text, expected) => {
    const { value, problems } = readClusterConf([{ name: 'cluster.conf', text }], SWITCHES)
    expect(value).toBeUndefined()
    expect(problems.map(problemText).join('\n')).toContain(expected)
  })
})
