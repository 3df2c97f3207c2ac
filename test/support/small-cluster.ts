/** Clusters of two or three nodes in a few lines, for tests of the scheduler: CIB text, and the actions that are planned for it. */
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { type Action, OPTIONAL, PSEUDO, RUNNABLE, SHOW } from '../../src/scheduler/action.ts'
import { type Decision, schedule } from '../../src/scheduler/schedule.ts'
import type { Worksheet } from '../../src/scheduler/worksheet.ts'

/** What differs from two healthy nodes without fencing. */
export interface SmallCluster {
  /** `name=value` of cluster options, separated by blanks. */
  readonly options?: string
  readonly nodes?: number
  /** By node name, `RSC=OP` or `RSC=OP/interval-ms`, separated by blanks: `A=start A=monitor/10000 B=stop`. `idle` is a probe that found nothing. */
  readonly history?: Readonly<Record<string, string>>
  /** Types that history records where they are not those of the configuration, by resource. */
  readonly formerly?: Readonly<Record<string, string>>
  /** Attributes of `node_state` that differ from those of a member, by node name. */
  readonly states?: Readonly<Record<string, string>>
  /** Transient attributes, by node name, as `name=value`. */
  readonly attributes?: Readonly<Record<string, string>>
  readonly resources: string
  readonly constraints?: string
  readonly quorum?: '0' | '1'
}

/** A primitive of an agent without parameters; `inner` is its content. */
export function dummy(id: string, inner = ''): string {
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Stateful">${inner}</primitive>`
}

/** Meta-attributes, `name=value` separated by blanks. */
export function meta(id: string, text: string): string {
  return `<meta_attributes id="${id}-meta">${pairs(`${id}-meta`, text)}</meta_attributes>`
}

/** One operation, as attributes of `op`. */
export function ops(id: string, ...list: readonly string[]): string {
  return `<operations>${list.map((op, at) => `<op id="${id}-op${at}" ${op}/>`).join('')}</operations>`
}

function pairs(id: string, text: string): string {
  return text
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('='))
    .map(([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`)
    .join('')
}

/** The CIB as text. */
export function smallCib(cluster: SmallCluster): string {
  const { options = '', nodes = 2, resources, constraints = '', quorum = '1' } = cluster
  const names = Array.from({ length: nodes }, (_, at) => `n${at + 1}`)
  return `<cib crm_feature_set="3.16.1" validate-with="none" epoch="1" num_updates="0" admin_epoch="0" have-quorum="${quorum}" dc-uuid="1"
 execution-date="1700000000"><configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
 ${pairs('option', options.includes('stonith-enabled') ? options : `stonith-enabled=false ${options}`)}</cluster_property_set></crm_config>
 <nodes>${names.map((name, at) => `<node id="${at + 1}" uname="${name}"/>`).join('')}</nodes>
 <resources>${resources}</resources><constraints>${constraints}</constraints></configuration>
 <status>${names.map((name, at) => nodeState(cluster, name, at + 1)).join('\n')}</status></cib>`
}

const MEMBER = 'in_ccm="true" crmd="online" join="member" expected="member"'

function nodeState(cluster: SmallCluster, name: string, id: number): string {
  const { history, states, attributes } = cluster
  const entries = new Map<string, string[]>()
  for (const item of (history?.[name] ?? '').split(' ').filter((text) => text !== '')) {
    const [resource = '', op = ''] = item.split('=')
    entries.set(resource, [...(entries.get(resource) ?? []), op])
  }
  let call = 0
  const lines = [...entries].map(([resource, list]) => {
    const results = list.map((op) => result(resource, op, ++call)).join('')
    return `<lrm_resource id="${resource}" ${agentOf(cluster, resource)}>${results}</lrm_resource>`
  })
  const transient = attributes?.[name]
  const set =
    transient === undefined
      ? ''
      : `<instance_attributes id="status-${id}">${pairs(`status-${id}`, transient)}</instance_attributes>`
  return `<node_state id="${id}" uname="${name}" ${states?.[name] ?? MEMBER}>
 <transient_attributes id="${id}">${set}</transient_attributes><lrm id="${id}"><lrm_resources>${lines.join('')}</lrm_resources></lrm></node_state>`
}

function agentOf({ resources, formerly }: SmallCluster, id: string): string {
  const agent = new RegExp(`<primitive id="${id}" (class="[^>]*?type="[^"]*")`).exec(resources)?.[1]
  const type = formerly?.[id]
  const known = agent ?? 'class="ocf" provider="pacemaker" type="Stateful"'
  return type === undefined ? known : known.replace(/type="[^"]*"/, `type="${type}"`)
}

/** Digests of no parameters at all, for a start and for a monitor with the default timeout (spec A-19.1). */
const DIGESTS = { once: 'f2317cad3d54cec5d7d7aa7d0bf35cf8', recurring: '4811cef7f7f94e3a35a70be7916cb2fd' }

function result(resource: string, text: string, call: number): string {
  const [written = '', interval = '0'] = text.split('/')
  const [task, rc] = written === 'idle' ? ['monitor', 7] : written === 'fail' ? ['monitor', 1] : [written, 0]
  const digest = interval === '0' ? DIGESTS.once : DIGESTS.recurring
  const key = `${resource}_${task}_${interval}`
  const expected = written === 'idle' ? 7 : 0
  const transition = `1:1:${expected}:f0d1f080-5898-4683-b71e-9209afe97464`
  return `<lrm_rsc_op id="${interval === '0' ? `${resource}_${task}` : key}" operation_key="${key}" operation="${task}" call-id="${call}"
 rc-code="${rc}" op-status="0" interval="${interval}" transition-key="${transition}" transition-magic="0:${rc};${transition}" op-digest="${digest}"/>`
}

/** The whole decision for a small cluster. */
export function decide(cluster: SmallCluster): Decision {
  const { value, problems } = readCib(smallCib(cluster), 'small.xml')
  if (value === undefined) throw new Error(problems[0]?.what)
  return schedule(unpackCluster(value, 1_700_000_000))
}

/** Every action as `key node`, with `?` where it is optional, `!` where it cannot run, `~` where nothing is executed for it. */
export function planned(cluster: SmallCluster): readonly string[] {
  const { sheet } = decide(cluster)
  return sheet.actions.map((action) => lineOf(sheet, action))
}

/** The same without what nobody needs. */
export function required(cluster: SmallCluster): readonly string[] {
  return planned(cluster).filter((line) => !line.includes('?'))
}

/** One action as `planned` shows it. */
export function lineOf(sheet: Worksheet, { key, task, node, flags }: Action): string {
  const at = node < 0 ? '' : ` ${sheet.nodes[node]!.name}`
  const marks = [
    (flags & (OPTIONAL | SHOW)) === OPTIONAL ? '?' : '',
    (flags & RUNNABLE) === 0 ? '!' : '',
    (flags & PSEUDO) !== 0 ? '~' : '',
  ].join('')
  const name = task === 'cancel' ? `cancel ${key}` : key
  return `${name}${at}${marks === '' ? '' : ` ${marks}`}`
}
