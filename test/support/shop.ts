/** RGManager clusters for tests: two nodes with `web` of spec rgmanager 18, agents that take no time, and runs as short lines. */
import { fixed } from '../../src/kernel/draw.ts'
import type { RgSwitches } from '../../src/rgmanager/config.ts'
import { simulate } from '../../src/run/simulate.ts'
import { SCENARIO_DEFAULTS, type Scenario, type Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'

/** The switches of RGManager as they are where a scenario sets none. */
export const SWITCHES: RgSwitches = {
  depthClear: false,
  relocateTie: 'shuffle',
  recoverCacheBug: false,
  notInstalledStopOk: true,
  doubleStopOnDisable: true,
  stopBeforeStart: true,
  centralProcessing: 'file',
}

/** One node with its own fence device. */
function node(name: string, id: number, isFenced = true): string {
  if (!isFenced) return `<clusternode name="${name}" nodeid="${id}"/>`
  return `<clusternode name="${name}" nodeid="${id}"><fence><method name="power"><device name="ipmi-${name}"/></method></fence></clusternode>`
}

export interface ConfOptions {
  readonly nodes?: number
  /** What stands before the nodes. */
  readonly head?: string
  readonly version?: number
  /** How long the agent that fences n1 waits, in seconds. */
  readonly delay?: number
  /** A node that has no fence method. */
  readonly withoutFencing?: string
}

/** Everything around a resource section, for nodes n1 to nN. */
export function clusterConf(
  rm: string,
  { nodes = 2, head, version = 1, delay = 0, withoutFencing }: ConfOptions = {},
): string {
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`)
  const devices = names.map(
    (name) => `<fencedevice name="ipmi-${name}" agent="fence_ipmilan"${name === 'n1' ? ` delay="${delay}"` : ''}/>`,
  )
  return [
    `<?xml version="1.0"?>\n<cluster name="shop" config_version="${version}">`,
    head ?? (nodes === 2 ? '<cman two_node="1" expected_votes="1"/>' : ''),
    `<clusternodes>${names.map((name, index) => node(name, index + 1, name !== withoutFencing)).join('\n')}</clusternodes>`,
    `<fencedevices>${devices.join('')}</fencedevices>`,
    `${rm}\n</cluster>\n`,
  ].join('\n')
}

/** The ordered domain of the spec's scenarios. */
export const PREFER_N1 =
  '<failoverdomains><failoverdomain name="d" ordered="1" restricted="1"><failoverdomainnode name="n1" priority="1"/><failoverdomainnode name="n2" priority="2"/></failoverdomain></failoverdomains>'

/** The members of `web`. */
export const MEMBERS =
  '<fs name="data" mountpoint="/srv" device="/dev/d"/><ip address="vip" sleeptime="0"/><script name="httpd" file="/etc/init.d/httpd"/>'

/** The service `web` with attributes, in the ordered domain. */
export function web(attributes = '', members = MEMBERS): string {
  return `<rm>${PREFER_N1}<service name="web" domain="d" ${attributes}>${members}</service></rm>`
}

export interface ShopOptions extends Omit<ConfOptions, 'version'> {
  readonly rm?: string
  readonly until?: number
  readonly timeline?: readonly Step[]
  readonly power?: Scenario['power']
  readonly options?: Scenario['options']
  readonly timings?: Scenario['timings']
  /** Later versions of the resource section. */
  readonly later?: readonly string[]
  readonly seed?: number
}

/** The scenario: nodes are up at instant 0, agents take no time, links 1 ms, fencing 3 s. */
export function shopScenario(options: ShopOptions = {}): Scenario {
  const operations = [
    'start',
    'stop',
    'status',
    'recover',
    'reconfig',
    'migrate_to',
    'migrate_from',
    'boot',
    'shutdown',
  ]
  const sections = [options.rm ?? web(), ...(options.later ?? [])]
  return {
    title: 'a shop',
    question: '',
    description: '',
    manager: 'rgmanager',
    files: sections.map((rm, index) => ({
      name: index === 0 ? 'cluster.conf' : `cluster.conf.${index + 1}`,
      text: clusterConf(rm, { ...options, version: index + 1 }),
    })),
    options: options.options ?? [],
    until: options.until ?? 300_000,
    seed: options.seed ?? SCENARIO_DEFAULTS.seed,
    eventsMax: SCENARIO_DEFAULTS.eventsMax,
    timings: [
      ...operations.map((operation) => ({ operation, subject: '*', distribution: fixed(0) })),
      { operation: 'latency', subject: '*', distribution: fixed(1) },
      { operation: 'fence', subject: '*', distribution: fixed(3000) },
      ...(options.timings ?? []),
    ],
    power: options.power ?? [],
    timeline: options.timeline ?? [],
    chaos: [],
    expectations: [],
  }
}

/** Runs the shop. */
export function runShop(options: ShopOptions = {}): Trace {
  return simulate(shopScenario(options)).trace
}

/** The last belief of a node of a service, as clustat shows it. */
export function clustat(trace: Trace, on: string, service = 'service:web', at = Number.POSITIVE_INFINITY): string {
  let found = 'stopped'
  for (const record of trace.records)
    if (record.kind === 'belief' && record.node === on && record.about === service && record.at <= at)
      found = record.state
  return found
}

/** Agents' calls on a node from an instant on, without checks: `start script:httpd`, `start script:httpd → 1`. */
export function changes(trace: Trace, on: string, from = 0, until = Number.POSITIVE_INFINITY): readonly string[] {
  return operations(trace, on, from, until).filter((text) => !text.startsWith('status '))
}

/** Agents' calls on a node from an instant on, with checks as `status0 fs:data`. */
export function operations(trace: Trace, on: string, from = 0, until = Number.POSITIVE_INFINITY): readonly string[] {
  return trace.records.flatMap((record) => {
    if (record.kind !== 'operation' || record.phase !== 'end' || record.node !== on) return []
    if (record.at < from || until < record.at) return []
    const failed = record.status !== 'done' ? ` → ${record.status}` : record.rc === 0 ? '' : ` → ${record.rc}`
    return [`${record.operation} ${record.resource}${failed}`]
  })
}

/** Checks on a node as `[second, depth]` for one resource, from an instant on. */
export function checks(trace: Trace, on: string, resource: string, from = 0): readonly (readonly [number, number])[] {
  return trace.records.flatMap((record) => {
    if (record.kind !== 'operation' || record.phase !== 'begin' || record.node !== on || record.at < from) return []
    if (record.resource !== resource || record.operation !== 'status') return []
    const depth = Number(record.environment?.find(({ name }) => name === 'OCF_CHECK_LEVEL')?.value)
    return [[record.at, depth] as const]
  })
}

/** What clusvcadm answered, in order. */
export function said(trace: Trace): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'log' && record.text.startsWith('clusvcadm') ? [record.text] : [],
  )
}

export const START = ['start service:web', 'start fs:data', 'start ip:vip', 'start script:httpd'] as const
export const STOP = ['stop script:httpd', 'stop ip:vip', 'stop fs:data', 'stop service:web'] as const
