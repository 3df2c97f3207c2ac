/**
 * Bundles: the implicit resources of each replica (container, address, connection), the nodes inside, and the implicit clone.
 *
 * Source: spec A-10.16 to A-10.23, B-17.3.
 */
import type {
  BundleConfig,
  CloneConfig,
  NvSet,
  OpConfig,
  PrimitiveConfig,
  ResourceConfigBase,
} from './configuration.ts'
import { addNode } from './nodes.ts'
import { addInstance, addResource, dropResource, toNodeConfig, unpackResource } from './resources.ts'
import { INFINITY } from './role.ts'
import type { BundleState, Replica } from './state.ts'
import { noteChange, type ResourceDraft, setEntry, type Unpacking } from './unpacking.ts'
import { intAtLeast, isFalse } from './values.ts'

type Pairs = readonly (readonly [name: string, value: string | undefined])[]

/** A bundle with all its replicas, or undefined where it is invalid. */
export function unpackBundle(u: Unpacking, config: BundleConfig): ResourceDraft | undefined {
  const { container, network, child } = config
  if (container === undefined) return undefined
  const hasPort = network?.controlPort !== undefined
  if (child !== undefined && network?.ipRangeStart === undefined && !hasPort) return undefined
  const promotedMax = intAtLeast(container.promotedMax ?? '0', 0)
  const count = intAtLeast(container.replicas ?? String(Math.max(1, promotedMax)), 1)
  const wantedPerHost = intAtLeast(container.replicasPerHost, 1)
  // A port without addresses can be had once on a host, yet the bundle stays what it was called (probed).
  const replicasPerHost = child !== undefined && network?.ipRangeStart === undefined ? 1 : wantedPerHost
  const bundle = addResource(u, config, undefined, undefined)
  bundle.unique = wantedPerHost > 1
  const state = {
    technology: container.technology,
    image: container.image,
    replicasPerHost,
    promotedMax,
    addHost: network === undefined || !isFalse(network.addHost),
  }
  const clone = child === undefined ? undefined : addClone(u, config, bundle, { count, replicasPerHost, promotedMax })
  if (child !== undefined && clone === undefined) {
    // A promotable bundle takes OCF agents only, as clones do (probed).
    dropResource(u, bundle)
    return undefined
  }
  // An agent that cannot be unique lowers the number of instances to that of the nodes (spec A-10.14), and so of replicas.
  const created = clone?.children.length ?? count
  const addresses = toAddresses(network?.ipRangeStart, created)
  const replicas: Replica[] = []
  const hostOptions = addresses.map((ip, number) => hostOption(config, state, `${config.id}-${number}`, ip)).join('')
  for (let number = 0; number < created; number++) {
    replicas.push(addReplica(u, { bundle, config, clone, number, ip: addresses[number], hostOptions }))
  }
  if (clone !== undefined) bundle.children.push(clone.index)
  bundle.bundle = { ...state, replicas, clone: clone?.index ?? -1 }
  dropInnerNodes(u, bundle)
  return bundle
}

/** A bundle's own table is filled last of all, when its nodes are no longer entered by default. Source: spec B-2.3. */
function dropInnerNodes(u: Unpacking, { allowed }: ResourceDraft): void {
  for (let at = allowed.nodes.length - 1; 0 <= at; at--) {
    if (u.list.nodes[allowed.nodes[at]!]!.discovery !== 'never') continue
    for (const list of [allowed.nodes, allowed.scores, allowed.discovery]) list.splice(at, 1)
  }
}

/** Addresses from the first one on. Source: spec A-10.20. */
function toAddresses(first: string | undefined, count: number): readonly string[] {
  if (first === undefined) return []
  const addresses = [first]
  while (addresses.length < count) {
    const parts = addresses.at(-1)!.split('.').map(Number)
    const [a = 0, b = 0, c = 0, d = 0] = parts
    addresses.push(d > 253 ? `${a}.${b}.${c + 1}.1` : `${a}.${b}.${c}.${d + 1}`)
  }
  return addresses
}

function hostOption(
  { container }: BundleConfig,
  { addHost }: Pick<BundleState, 'addHost'>,
  name: string,
  ip: string,
): string {
  return container!.technology !== 'rkt' && addHost ? ` --add-host=${name}:${ip}` : ` --hosts-entry=${ip}=${name}`
}

/** Source: spec A-10.18. */
function addClone(
  u: Unpacking,
  config: BundleConfig,
  bundle: ResourceDraft,
  numbers: { readonly count: number; readonly replicasPerHost: number; readonly promotedMax: number },
): ResourceDraft | undefined {
  const { count, replicasPerHost, promotedMax } = numbers
  const id = `${config.id}-${promotedMax > 0 ? 'master' : 'clone'}`
  const promotion: Pairs =
    promotedMax > 0
      ? [
          ['promotable', 'true'],
          ['promoted-max', String(promotedMax)],
        ]
      : []
  const meta = toSet(`${id}-meta`, [
    ['ordered', 'true'],
    ['clone-max', String(count)],
    ['clone-node-max', String(replicasPerHost)],
    ['globally-unique', String(replicasPerHost > 1)],
    ...promotion,
  ])
  const element: CloneConfig = {
    ...toBase(id, config, [['id', id]]),
    kind: 'clone',
    element: 'clone',
    child: config.child,
    meta: [meta],
  }
  const before = bundle.children.length
  const clone = unpackResource(u, { ...element, child: config.child }, bundle, undefined)
  if (clone === undefined) return undefined
  bundle.children.length = before
  for (const child of clone.children) {
    const instance = u.resources[child]!
    instance.exclusiveDiscovery = true
    instance.allowed = { nodes: [], scores: [], discovery: [] }
    if (instance.notify) clone.notify = true
  }
  return clone
}

interface ReplicaInput {
  readonly bundle: ResourceDraft
  readonly config: BundleConfig
  readonly clone: ResourceDraft | undefined
  readonly number: number
  readonly ip: string | undefined
  readonly hostOptions: string
}

/** Source: spec A-10.21 to A-10.23. */
function addReplica(u: Unpacking, input: ReplicaInput): Replica {
  const { bundle, config, clone, number, ip } = input
  const { technology } = config.container!
  const add = (part: PrimitiveConfig): ResourceDraft => {
    const resource = addResource(u, part, bundle, undefined)
    resource.replica = number
    bundle.children.push(resource.index)
    return resource
  }
  const containerId = `${config.id}-${technology}-${number}`.replaceAll(/[:#]/g, '.')
  const container = add(
    toPart(config, containerId, ['ocf', 'heartbeat', technology], {
      instance: [toSet(`${config.id}-attributes-${number}`, containerParameters(input))],
      ops: [toOp(containerId, 'monitor', '60s')],
    }),
  )
  let address = -1
  if (ip !== undefined) {
    const id = `${config.id}-ip-${ip}`.replaceAll(/[:#]/g, '.')
    const { hostInterface, hostNetmask } = config.network!
    const pairs: Pairs = [
      ['ip', ip],
      ['nic', hostInterface],
      ['cidr_netmask', hostNetmask ?? '32'],
    ]
    const instance = [toSet(`${config.id}-attributes-${number}`, pairs)]
    address = add(
      toPart(config, id, ['ocf', 'heartbeat', 'IPaddr2'], { instance, ops: [toOp(id, 'monitor', '60s')] }),
    ).index
  }
  if (clone === undefined) {
    return { number, container: container.index, ip: address, remote: -1, child: -1, node: -1, ipAddress: ip }
  }
  const remote = addRemote(u, input, container, add)
  const child = u.resources[clone.children[number] ?? addInstance(u, clone).index]!
  child.replica = number
  const node = addInnerNode(u, remote, child, clone)
  for (const [option, value] of child.utilization) container.utilization.set(option, value)
  child.utilization.clear()
  if (ip !== undefined) child.meta.set('external-ip', ip)
  const target = child.meta.get('container-attribute-target')
  if (target !== undefined) for (const other of [bundle, clone]) other.meta.set('container-attribute-target', target)
  return {
    number,
    container: container.index,
    ip: address,
    remote: remote.index,
    child: child.index,
    node,
    ipAddress: ip,
  }
}

function addRemote(
  u: Unpacking,
  { config, number, ip, clone }: ReplicaInput,
  container: ResourceDraft,
  add: (part: PrimitiveConfig) => ResourceDraft,
): ResourceDraft {
  const name = `${config.id}-${number}`
  const childId = u.resources[clone!.children[number]!]?.id ?? ''
  const id = u.byId.has(name) ? `pcmk-internal-${childId}-remote-${number}` : name
  const pairs: Pairs = [
    ['addr', ip ?? '#uname'],
    ['port', config.network?.controlPort ?? '3121'],
  ]
  prepareNode(u, id, config)
  const remote = add(
    toPart(config, id, ['ocf', 'pacemaker', 'remote'], {
      instance: [toSet(`${id}-instance_attributes`, pairs)],
      meta: [
        toSet(`${id}-meta_attributes`, [
          ['internal_rsc', 'true'],
          ['container', container.id],
        ]),
      ],
      ops: [toOp(id, 'monitor', '30s', '30s')],
    }),
  )
  remote.container = container.index
  remote.mayRunRemote = true
  container.fillers.push(remote.index)
  return remote
}

/**
 * The node inside a replica: what is unpacked from now on, its own connection first, has it in no table by default.
 * Source: spec A-10.22, B-17.3.
 */
function prepareNode(u: Unpacking, name: string, { line, column }: BundleConfig): void {
  const known = u.list.nodes[u.list.byName.get(name.toLowerCase()) ?? -1]
  const node = known ?? addNode(u.list, toNodeConfig(name, line, column), 'remote', u)
  node.weight = -INFINITY
  node.discovery = 'never'
}

/** Who may run on the node inside a replica. Source: spec A-10.22. */
function addInnerNode(u: Unpacking, remote: ResourceDraft, child: ResourceDraft, clone: ResourceDraft): number {
  const node = u.list.nodes[u.list.byName.get(remote.id.toLowerCase())!]!
  node.attributes.set('#kind', 'container')
  node.connection = remote.index
  remote.remoteNode = node.index
  // Only entries that exist, and not those of this bundle (B-17.3).
  for (const resource of u.resources) {
    if (resource.root !== remote.root && resource.allowed.nodes.includes(node.index))
      setEntry(resource, node, -INFINITY, 'never')
  }
  child.allowed = { nodes: [], scores: [], discovery: [] }
  setEntry(child, node, 500, 'exclusive')
  setEntry(clone, node, -INFINITY)
  for (const other of u.list.nodes) {
    if (other.type === 'remote' && remote.allowed.nodes.includes(other.index)) setEntry(remote, other, -INFINITY)
  }
  const { line, column } = child
  noteChange(u, child, node.index, { score: 500, replaced: true, reason: 'bundle node', line, column })
  return node.index
}

/** Source: spec A-10.19, A-10.21. */
function containerParameters({ config, number, ip, hostOptions }: ReplicaInput): Pairs {
  const { container, network, child } = config
  const { technology, network: net, options, runCommand, image } = container!
  const name = `${config.id}-${number}`
  const mounts = config.mounts.map(({ sourceDir, sourceDirRoot, targetDir, options: mountOptions }) => ({
    source: sourceDir ?? sourceDirRoot ?? '',
    isRoot: sourceDir === undefined,
    target: targetDir ?? '',
    options: mountOptions,
  }))
  const key = '/etc/pacemaker/authkey'
  const hasLog = mounts.some(({ target }) => target === '/var/log')
  const logs = { source: '/var/log/pacemaker/bundles', isRoot: true, target: '/var/log', options: undefined }
  const implied = child === undefined ? [] : [{ source: key, isRoot: false, target: key, options: undefined }]
  const all = [...mounts, ...implied, ...(child === undefined || hasLog ? [] : [logs])]
  const port = network?.controlPort ?? '3121'
  const isRkt = technology === 'rkt'
  let text = technology === 'docker' ? ' --restart=no' : ''
  if (network?.ipRangeStart !== undefined) text += isRkt ? ` --hostname=${name}` : ` -h ${name}`
  text += isRkt ? ' --environment=PCMK_stderr=1' : ' -e PCMK_stderr=1'
  if (net !== undefined) text += ` --net=${net}`
  text += isRkt ? ` --environment=PCMK_remote_port=${port}` : ` -e PCMK_remote_port=${port}`
  for (const [at, mount] of all.entries()) {
    const source = mount.isRoot ? `${mount.source}/${name}` : mount.source
    text += isRkt
      ? ` --volume vol${at},kind=host,source=${source}${mount.options === undefined ? '' : `,${mount.options}`} --mount volume=vol${at},target=${mount.target}`
      : ` -v ${source}:${mount.target}${mount.options === undefined ? '' : `:${mount.options}`}`
  }
  const ports = config.ports.map(({ port: own, internalPort, range }) => {
    const source = own ?? range ?? ''
    return { source, target: own === undefined ? source : (internalPort ?? source) }
  })
  for (const { source, target } of child === undefined ? ports : [...ports, { source: port, target: port }]) {
    if (isRkt) text += ip === undefined ? ` --port=${target}:${source}` : ` --port=${target}:${ip}:${source}`
    else if (ip !== undefined) text += ` -p ${ip}:${source}:${target}`
    else if (net !== 'host') text += ` -p ${source}:${target}`
  }
  if (options !== undefined) text += ` ${options}`
  text += ` ${hostOptions}`
  const points = all.filter(({ isRoot }) => isRoot).map(({ source }) => `${source}/${name}`)
  return [
    ['image', image],
    ['allow_pull', 'true'],
    ['force_kill', 'false'],
    ['reuse', 'false'],
    ['run_opts', text],
    ['mount_points', points.join(',')],
    ['run_cmd', runCommand ?? (child === undefined ? undefined : '/usr/sbin/pacemaker-remoted')],
    ['monitor_cmd', '/bin/true'],
  ]
}

function toSet(id: string, pairs: Pairs): NvSet {
  const made = pairs.flatMap(([name, value]) =>
    value === undefined ? [] : [{ id: `${id}-${name}`, name, value, line: 0, column: 0 }],
  )
  return { id, score: undefined, rules: [], pairs: made, line: 0, column: 0 }
}

function toOp(resource: string, name: string, interval: string, timeout?: string): OpConfig {
  const id = `${resource}-${name}-interval-${interval}`
  const limit = timeout === undefined ? [] : ([['timeout', timeout]] as const)
  const attributes = [['id', id], ['interval', interval], ['name', name], ...limit] as const
  const intervalMs = Number.parseInt(interval, 10) * 1000
  return { id, name, interval, intervalMs, attributes, meta: [], instance: [], line: 0, column: 0 }
}

function toBase(
  id: string,
  { line, column }: BundleConfig,
  attributes: readonly (readonly [string, string])[],
): ResourceConfigBase {
  return { id, attributes, meta: [], instance: [], utilization: [], ops: [], line, column }
}

function toPart(
  bundle: BundleConfig,
  id: string,
  [cls, provider, type]: readonly [string, string, string],
  parts: Partial<Pick<PrimitiveConfig, 'meta' | 'instance' | 'ops'>>,
): PrimitiveConfig {
  const attributes = [
    ['id', id],
    ['class', cls],
    ['provider', provider],
    ['type', type],
  ] as const
  return {
    ...toBase(id, bundle, attributes),
    ...parts,
    kind: 'primitive',
    class: cls,
    provider,
    type,
    template: undefined,
  }
}
