/**
 * How a simulated operation stands in a history afterwards: its records, its parameter digest, and the fail count of a failure.
 *
 * Source: spec D-8.4, D-9.1 to D-9.3, A-19.1, A-19.2.
 */
import { escapeValue } from '../cib/escape.ts'
import { md5 } from '../cib/md5.ts'
import { scanInteger } from '../cib/values.ts'
import type { HistoryEdit, NodeStateEdit } from './edit-node.ts'
import type { InjectedAttribute } from './result.ts'

/** The feature set that crm_simulate 2.1.5 writes. */
const FEATURE_SET = '3.16.1'
const UUID = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'
const INFINITY = 1_000_000

/** An operation that came to its end. */
export interface OpResult {
  readonly task: string
  readonly intervalMs: number
  readonly expectedRc: number
  readonly rc: number
  /** Written only where the operation failed, and never for a migration. */
  readonly exitReason: string
  /** Wall clock, epoch seconds. */
  readonly now: number
  readonly digest: string | undefined
  readonly migration: { readonly source: string; readonly target: string } | undefined
  readonly notification: { readonly type: string; readonly operation: string } | undefined
}

/**
 * Writes the records of `result` under the resource name `name`. Source: spec D-9.1, D-9.2.
 *
 * A `notify` that notifies of nothing (one that was configured as an operation) has no name to be recorded under (probed).
 */
export function recordResult(history: HistoryEdit, name: string, result: OpResult): void {
  const { intervalMs, notification } = result
  const call = history.nextCall()
  const task = result.task === 'reload' || result.task === 'reload-agent' ? 'start' : result.task
  const record = (id: string, change: Partial<OpResult> = {}): void => {
    history.record(`${name}_${id}`, call, toAttributes(name, call, { ...result, task, exitReason: '', ...change }))
  }
  if (task === 'notify' && notification === undefined) {
    history.recordNameless(call, toAttributes(name, call, { ...result, rc: 0, exitReason: '' }))
  } else if (task === 'notify' && notification !== undefined) {
    record(`${notification.type}_notify_${notification.operation}_0`, { rc: 0 })
  } else if (task === 'migrate_to' || task === 'migrate_from') record(`${task}_${intervalMs}`)
  else if (result.rc !== result.expectedRc) {
    const { exitReason } = result
    record('last_failure_0', { exitReason })
    if (intervalMs === 0) record('last_0', { exitReason })
  } else record(intervalMs > 0 ? `${task}_${intervalMs}` : 'last_0')
}

type Pairs = readonly (readonly [name: string, value: string])[]

function toAttributes(
  name: string,
  call: number,
  { task, intervalMs, expectedRc, rc, exitReason, now, digest, migration }: OpResult,
): Pairs {
  const key = `${call}:-1:${expectedRc}:${UUID}`
  const attributes: [string, string][] = [
    ['operation_key', `${name}_${task}_${intervalMs}`],
    ['operation', task],
    ['crm-debug-origin', 'crm_simulate'],
    ['crm_feature_set', FEATURE_SET],
    ['transition-key', key],
    ['transition-magic', `0:${rc};${key}`],
    ['exit-reason', exitReason],
    ['call-id', String(call)],
    ['rc-code', String(rc)],
    ['op-status', '0'],
    ['interval', String(intervalMs)],
    ['last-rc-change', String(now)],
    ['exec-time', '0'],
    ['queue-time', '0'],
  ]
  if (migration !== undefined && task.startsWith('migrate_')) {
    attributes.push(['migrate_source', migration.source], ['migrate_target', migration.target])
  }
  if (digest !== undefined) attributes.push(['op-digest', digest])
  return attributes
}

/**
 * Adds one failure to the counts of a node: the items that tell of it, none where the result counts as no failure.
 *
 * Source: spec D-8.4.
 */
export function injectFailure(
  state: NodeStateEdit,
  { name, task, intervalMs, rc, now }: Pick<OpResult, 'task' | 'intervalMs' | 'rc' | 'now'> & { readonly name: string },
): readonly InjectedAttribute[] {
  if (rc === 0 || (rc === 7 && intervalMs === 0)) return []
  const operation = `${name}#${task}_${intervalMs}`
  state.setTransient(`fail-count-${operation}`, increment)
  state.setTransient(`last-failure-${operation}`, () => String(now))
  const attribute = { kind: 'attribute', path: '/node_state', node: state.id } as const
  return [
    { ...attribute, name: `fail-count-${operation}`, value: 'value++' },
    { ...attribute, name: `last-failure-${operation}`, value: String(now) },
  ]
}

/** Words of infinity count in this spelling only. */
const WORDS = new Map([
  ['INFINITY', INFINITY],
  ['+INFINITY', INFINITY],
  ['-INFINITY', -INFINITY],
])

function increment(present = ''): string {
  return String(Math.min(INFINITY, (WORDS.get(present) ?? scanInteger(present) ?? 0) + 1))
}

/** Makes digests of parameters; equal parameters are hashed once. */
export class DigestMaker {
  readonly #known = new Map<string, string>()

  /** The digest of an action's attributes that are parameters, as it stands in a history. Source: spec. */
  digestOf(attributes: Pairs, params: Pairs): string {
    const text = digestText(attributes, params)
    let digest = this.#known.get(text)
    if (digest === undefined) {
      digest = md5(text)
      this.#known.set(text, digest)
    }
    return digest
  }
}

const NO_PARAMETERS = new Set(['id', 'crm_feature_set', 'op-digest', 'on_node', 'on_node_uuid', 'pcmk_external_ip'])

function digestText(attributes: Pairs, params: Pairs): string {
  const isRecurring = attributes.some(([name, value]) => name === 'CRM_meta_interval' && value !== '0')
  const all = params.length === 0 ? attributes : [...attributes, ...params].sort(byName)
  let text = ' <parameters'
  for (const [name, value] of all) {
    const isMeta = name.startsWith('CRM_meta_') && !(isRecurring && name === 'CRM_meta_timeout')
    if (!isMeta && !NO_PARAMETERS.has(name)) text += ` ${name}="${escapeValue(value)}"`
  }
  return `${text}/>\n`
}

function byName([left]: readonly [string, string], [right]: readonly [string, string]): number {
  return left < right ? -1 : left > right ? 1 : 0
}
