/**
 * Digests of operation parameters: whether what a resource is configured with now is what an operation was run with.
 *
 * A digest is the MD5 of the parameters as one element of XML. Results are kept by node and key in a cache that the caller owns:
 * the first operation of a key decides what later ones are compared with, as in the original. Asks nobody to do anything; what
 * follows from a change is the caller's.
 *
 * Source: spec A-19.1 to A-19.6, A-20.4, C-5.5, C-17.10.
 */
import { escapeValue } from './escape.ts'
import { md5 } from './md5.ts'
import { findOp, opMeta } from './op-meta.ts'
import { applySets, type RuleContext } from './rules.ts'
import type { ClusterState, NodeState, ResourceState } from './state.ts'
import type { HistoryOp } from './status.ts'
import { parametersOf } from './unpacking.ts'
import { compareVersions, isSameText, timeoutMs } from './values.ts'

/** What a recurring failure that has expired is taken to have recorded: differs from every digest (spec A-14.9). */
export const EXPIRED_DIGEST = 'calculated-failure-timeout'

/** How an operation's parameters compare with those of now: `unknown` where it recorded no digest. */
export type DigestResult = 'match' | 'all' | 'restart' | 'unknown'

/** What digests are made from. A finished state is one; while status is being read it is made up. */
export interface DigestSource extends Pick<ClusterState, 'clock' | 'configuration' | 'options' | 'resources'> {
  readonly noteRecheck?: RuleContext['noteRecheck']
  readonly expiredOps?: ReadonlySet<DigestedOp>
}

/** The digests of one key on one node. */
export interface Digests {
  readonly all: string
  /** Only where the first operation of the key has one too. */
  readonly restart: string | undefined
  readonly secure: string
  /** The configured operation has parameters of its own. */
  readonly hasOwn: boolean
}

/** Node index → key → digests, in order of computation. */
export type DigestCache = Map<number, Map<string, Digests>>

/** What of an operation its digests depend on. */
export type DigestedOp = Pick<HistoryOp, 'operation' | 'intervalMs'> & Partial<HistoryOp>

/** Unfencing, as an operation of its device (spec A-19.4, C-17.10). */
const UNFENCING: DigestedOp = { operation: 'stonith-on', intervalMs: 0, opSecureParams: ' passwd password user ' }

/** What is compared. */
export interface Comparison {
  readonly state: DigestSource
  readonly cache: DigestCache
  readonly resource: ResourceState
  readonly node: NodeState
  readonly op: DigestedOp
  /** What the parameter `addr` is set to, for a connection that asks for its host's name (spec A-19.6). */
  readonly address?: string | undefined
}

/** A copy of the cache that reading the status began, for one decision to go on with. */
export function copyCache(cache: ReadonlyMap<number, ReadonlyMap<string, Digests>>): DigestCache {
  return new Map([...cache].map(([node, digests]) => [node, new Map(digests)]))
}

/**
 * Compares one operation with the configuration; `isPrivate` where it differs in nothing but what must not be shown.
 * Changes `cache`. Source: spec A-19.5, C-5.5.
 */
export function compareDigests(comparison: Comparison): { readonly result: DigestResult; readonly isPrivate: boolean } {
  const { state, op } = comparison
  const digests = cachedDigests(comparison)
  const restart = restartDigestOf(state, op)
  let result: DigestResult = 'match'
  if (restart !== undefined && digests.restart !== undefined && restart !== digests.restart) result = 'restart'
  else if (op.opDigest === undefined) result = 'unknown'
  else if (op.opDigest !== digests.all) result = op.intervalMs === 0 && digests.hasOwn ? 'restart' : 'all'
  return { result, isPrivate: result !== 'match' && op.opSecureDigest === digests.secure }
}

/** True for a connection that stands for its container's host: its address is known when that has one. Source: spec A-19.6. */
export function needsAddress(state: DigestSource, resource: ResourceState): boolean {
  if (!resource.remoteConnection) return false
  return isSameText(parametersOf(withContext(state), resource, undefined).get('addr'), '#uname')
}

function cachedDigests(comparison: Comparison): Digests {
  const { cache, resource, node, op } = comparison
  let ofNode = cache.get(node.index)
  if (ofNode === undefined) cache.set(node.index, (ofNode = new Map()))
  const key = `${resource.id}_${op.operation}_${op.intervalMs}`
  let digests = ofNode.get(key)
  if (digests === undefined) ofNode.set(key, (digests = toDigests(comparison, key)))
  return digests
}

/** Source: spec A-14.9, C-5.5. */
function restartDigestOf({ expiredOps }: DigestSource, op: DigestedOp): string | undefined {
  return expiredOps?.has(op) ? EXPIRED_DIGEST : op.opRestartDigest
}

/** Source: spec A-19.2 to A-19.4. */
function toDigests({ state, resource, node, op, address }: Comparison, key: string): Digests {
  const rules = { ...withContext(state).context, health: state.options.health }
  const parameters = parametersOf(withContext(state), resource, node)
  const own = new Map<string, string>()
  const configured = findOp(resource, key)
  if (configured !== undefined) applySets(own, configured.instance, { ...rules, attributes: node.attributes })
  const all = new Map(address === undefined ? [] : [['addr', address]])
  addAbsent(all, parameters)
  addAbsent(all, own)
  if (op.intervalMs > 0 && !all.has('CRM_meta_timeout')) {
    const task = op.operation ?? ''
    const meta = opMeta(withContext(state), { resource, op: configured, task, intervalMs: op.intervalMs })
    all.set('CRM_meta_timeout', String(timeoutMs(meta.get('timeout'))))
  }
  for (const name of all.keys()) {
    const isTimeout = name === 'CRM_meta_timeout' && op.intervalMs > 0
    if (NOT_DIGESTED.has(name) || (name.startsWith('CRM_meta_') && !isTimeout)) all.delete(name)
  }
  const hasRestart = restartDigestOf(state, op) !== undefined
  let secure: string | undefined
  return {
    all: digestOf(all),
    restart: hasRestart ? digestOf(onlyNamed(all, op.opForceRestart)) : undefined,
    // Asked for only where the others differ.
    get secure() {
      secure ??= digestOf(toSecure(state, resource, { all, parameters, op }))
      return secure
    },
    hasOwn: own.size > 0,
  }
}

const NOT_DIGESTED = new Set(['id', 'crm_feature_set', 'op-digest', 'on_node', 'on_node_uuid', 'pcmk_external_ip'])

function withContext(state: DigestSource): Parameters<typeof parametersOf>[0] {
  const { clock, noteRecheck, configuration, options, resources } = state
  return { configuration, options, resources, context: { clock, noteRecheck } }
}

function addAbsent(table: Map<string, string>, pairs: ReadonlyMap<string, string>): void {
  for (const [name, value] of pairs) if (!table.has(name)) table.set(name, value)
}

/** Those whose names stand between blanks in `list`; all where there is no list. Source: spec A-19.3. */
function onlyNamed(parameters: ReadonlyMap<string, string>, list: string | undefined): ReadonlyMap<string, string> {
  if (list === undefined) return parameters
  return new Map([...parameters].filter(([name]) => list.includes(` ${name} `)))
}

/** Source: spec A-19.4. */
function toSecure(
  { configuration }: DigestSource,
  resource: ResourceState,
  {
    all,
    parameters,
    op,
  }: {
    readonly all: ReadonlyMap<string, string>
    readonly parameters: ReadonlyMap<string, string>
    readonly op: DigestedOp
  },
): ReadonlyMap<string, string> {
  const version = op.featureSet ?? configuration.root.featureSet ?? '3.16.1'
  const isNew = compareVersions(version, '3.16.0') >= 0
  const secure = new Map(isNew ? all : parameters)
  for (const name of [...secure.keys()]) {
    const isOfDevice = resource.fenceDevice && FENCER_PARAMETER.test(name)
    // The timeout never counts, though the spec has it in newer feature sets (probed).
    const isDropped = (!isNew && isOfDevice) || name === 'CRM_meta_timeout'
    if (isDropped || op.opSecureParams?.includes(` ${name} `)) secure.delete(name)
  }
  return secure
}

/** What the fencer itself reads of a device's parameters. */
const FENCER_PARAMETER =
  /^(provides|stonith-timeout|pcmk_(action_limit|delay_base|delay_max|host_(argument|check|list|map)|[^_]+_(action|timeout|retries)))$/

/** The digest of parameters as they stand. Source: spec A-19.1. */
export function digestOf(parameters: ReadonlyMap<string, string>): string {
  const names = [...parameters.keys()].sort()
  return md5(` <parameters${names.map((name) => ` ${name}="${escapeValue(parameters.get(name)!)}"`).join('')}/>\n`)
}

/** What a fence action says of the devices that unfence its node. */
export interface UnfencingDigests {
  /** `ID:TYPE:DIGEST,` of each device, all parameters. */
  readonly all: string
  /** The same, without what must not be shown. */
  readonly secure: string
  /** A device is defined otherwise than when the node was unfenced. */
  readonly isChanged: boolean
  /** What the reference tool prints about it while it reads the status. */
  readonly notices: readonly string[]
}

/** Asks for every device that unfences, the last one first. Changes `cache`. Source: spec A-20.4, C-17.10. */
export function unfencingDigests(
  state: DigestSource & Pick<ClusterState, 'tops'>,
  cache: DigestCache,
  node: NodeState,
): UnfencingDigests {
  const known = node.attributes.get('#digests-all')
  const knownSecure = node.attributes.get('#digests-secure')
  let all = ''
  let secure = ''
  let isChanged = false
  const notices: string[] = []
  for (const resource of unfencingDevices(state)) {
    const digests = cachedDigests({ state, cache, resource, node, op: UNFENCING })
    const start = `${resource.id}:${resource.type}:`
    all += `${start}${digests.all},`
    secure += `${start}${digests.secure},`
    if (known === undefined || known.includes(start + digests.all)) continue
    const what = `arameters to ${resource.id} for unfencing ${node.uname} changed`
    if (knownSecure?.includes(start + digests.secure)) notices.push(`Only 'private' p${what}`)
    else {
      isChanged = true
      notices.push(`P${what}, try '${start}${digests.secure}'`)
      // Whatever kind of node it is: the words are the original's.
      notices.push(
        `notice: Unfencing Pacemaker Remote node ${node.uname} because the definition of ${resource.id} changed`,
      )
    }
  }
  return { all, secure, isChanged, notices }
}

/** Source: spec A-20.4. */
function unfencingDevices({ resources, tops }: Pick<ClusterState, 'resources' | 'tops'>): readonly ResourceState[] {
  const devices: ResourceState[] = []
  const visit = (index: number): void => {
    const resource = resources[index]!
    const { fenceDevice, needsUnfencing, meta } = resource
    if (fenceDevice && (needsUnfencing || isSameText(meta.get('provides'), 'unfencing'))) devices.push(resource)
    resource.children.forEach(visit)
  }
  tops.forEach(visit)
  return devices.reverse()
}
