/**
 * Results of operations as records of the CIB, and what a node's executor remembers of them. Source: spec E-7.7 to E-7.9, D-9.1, A-19.
 */
import { digestOf } from '../cib/digests.ts'
import type { HistoryOp, ResourceHistory } from '../cib/status.ts'
import type { DaemonContext } from '../manager/contract.ts'
import { factsOf } from '../model/agent-facts.ts'
import { undegraded } from '../model/ocf.ts'
import { type OpEvent, type OpRequest, recordId } from './executor-state.ts'
import { keyOf, type PacemakerState, servedBy, updateCib, wallClock } from './state.ts'
import { withOps } from './store.ts'

/** What a DC of Pacemaker 2.1.5 calls the features that it has. */
export const FEATURE_SET = '3.16.1'
const PENDING_RC = 193

/** How an operation ended. Times in milliseconds; `call` −1 where it never began. */
export interface OpResult {
  readonly call: number
  readonly rc: number
  readonly status: number
  readonly startedAt: number
  readonly took: number
  /** How long it waited for others of its resource; absent: not at all. */
  readonly waited?: number
  readonly text: string
}

/** Writes that an operation is under way. Source: spec E-7.1, item 3. */
export function reportPending(state: PacemakerState, context: DaemonContext, request: OpRequest): void {
  const result = { call: -1, rc: PENDING_RC, status: -1, startedAt: context.now, took: 0, text: '' }
  const op = toRecord(state, context, request, result)
  updateCib(
    state,
    context,
    { kind: 'op', node: keyOf(state, servedBy(state)), agent: request.agent, ops: [op] },
    toEvent(state, request, result, 'pending'),
  )
}

/** Writes a result, or tells the DC directly where nothing is recorded. */
export function reportResult(
  state: PacemakerState,
  context: DaemonContext,
  request: OpRequest,
  result: OpResult,
): void {
  const { agent, operation, intervalMs, expectedRc } = request
  const event = toEvent(state, request, result, 'result')
  const ops: HistoryOp[] = []
  if (operation !== 'notify' && result.status !== 9) {
    const record = toRecord(state, context, request, result)
    ops.push(record)
    const isMigration = operation === 'migrate_to' || operation === 'migrate_from'
    if (undegraded(result.rc) !== expectedRc && !isMigration) ops.push({ ...record, id: `${agent.id}_last_failure_0` })
  }
  if (intervalMs === 0 && operation !== 'monitor' && operation !== 'notify' && result.status !== 9)
    keepHistory(state, { kind: 'erase-recurring', resource: agent.id })
  const kept = ops.filter((op) => !isFailedLast(op, expectedRc))
  if (kept.length > 0) state.executor.history = withOps(state.executor.history, agent, kept)
  updateCib(state, context, { kind: 'op', node: keyOf(state, servedBy(state)), agent, ops }, event)
  const words = result.status === 2 ? `Timed Out (${result.text})` : `rc=${result.rc}`
  context.act({ kind: 'believe', about: `${agent.id} ${operation}/${intervalMs}`, state: words })
}

/** What the executor itself remembers as last is what succeeded last. Source: spec E-7.8. */
function isFailedLast({ id, rc, status }: HistoryOp, expectedRc: number): boolean {
  return id?.endsWith('_last_0') === true && (rc !== expectedRc || status !== 0)
}

/** Tells the DC a result that is not recorded. Source: spec E-7.1 item 5. */
export function acknowledge(state: PacemakerState, context: DaemonContext, request: OpRequest, result: OpResult): void {
  const { agent } = request
  const event = toEvent(state, request, result, 'result')
  updateCib(state, context, { kind: 'op', node: keyOf(state, servedBy(state)), agent, ops: [] }, event)
}

function toEvent(state: PacemakerState, request: OpRequest, result: OpResult, kind: OpEvent['kind']): OpEvent {
  const { agent, operation, intervalMs, expectedRc, origin, onFail } = request
  const { rc, status, text } = result
  return {
    kind,
    node: servedBy(state),
    resource: agent.id,
    service: request.service,
    operation,
    intervalMs,
    rc,
    status,
    expectedRc,
    origin,
    onFail,
    isNack: status === 9,
    text,
  }
}

function toRecord(
  state: PacemakerState,
  context: DaemonContext,
  request: OpRequest,
  { call, rc, status, startedAt, took, waited, text }: OpResult,
): HistoryOp {
  const { agent, intervalMs, expectedRc, origin, digest, migration, parameters } = request
  // A reload makes of a running resource what a start would have made (spec D-9.1).
  const operation = request.operation === 'reload-agent' ? 'start' : request.operation
  const key = `${origin?.action ?? -1}:${origin?.transition ?? -1}:${expectedRc}:${origin?.dc ?? 'none'}`
  const since = wallClock(state, context) - Math.floor((context.now - startedAt) / 1000)
  const force = intervalMs === 0 ? restartNames(state, agent) : undefined
  return {
    id: recordId(agent.id, operation, intervalMs),
    operation,
    operationKey: `${agent.id}_${operation}_${intervalMs}`,
    callId: call,
    rc,
    rcText: String(rc),
    status,
    statusText: String(status),
    intervalMs,
    transitionKey: key,
    transitionMagic: `${status}:${rc};${key}`,
    lastRcChange: since,
    onNode: servedBy(state),
    exitReason: text,
    execTime: String(took),
    queueTime: String(waited ?? 0),
    migrateSource: migration?.source,
    migrateTarget: migration?.target,
    featureSet: FEATURE_SET,
    opDigest: digest,
    opRestartDigest: force === undefined ? undefined : restartDigest(parameters, force),
    opSecureDigest: undefined,
    opForceRestart: force,
    opSecureParams: undefined,
    line: 0,
    column: 0,
  }
}

/**
 * The parameters whose change needs a restart, where the agent can reload: as any earlier record of the resource tells them from its
 * agent's metadata, else as stock agents advertise. Found by the recordings: `  state  ` for ocf:pacemaker:Dummy and Stateful.
 */
function restartNames({ cib }: PacemakerState, agent: OpRequest['agent']): string | undefined {
  for (const { history } of cib.status.nodeStates)
    for (const entry of history)
      if (entry.id === agent.id)
        for (const { opForceRestart } of entry.ops) if (opForceRestart !== undefined) return opForceRestart
  if (agent.class !== 'ocf' || agent.provider === undefined || agent.type === undefined) return undefined
  const facts = factsOf({ class: 'ocf', provider: agent.provider, type: agent.type })
  return facts?.fixedParameters === undefined ? undefined : `  ${facts.fixedParameters.join(' ')}  `
}

function restartDigest(parameters: OpRequest['parameters'], names: string): string {
  return digestOf(new Map(parameters.filter(([name]) => names.includes(` ${name} `))))
}

/** The digest of an operation's parameters, from the attributes of its graph action. Source: spec. */
export function parametersIn(
  attributes: readonly (readonly [name: string, value: string])[],
  intervalMs: number,
): readonly (readonly [name: string, value: string])[] {
  return attributes.filter(([name]) => {
    const isMeta = name.startsWith('CRM_meta_') && !(intervalMs > 0 && name === 'CRM_meta_timeout')
    return !isMeta && !NO_PARAMETERS.has(name)
  })
}

const NO_PARAMETERS = new Set(['id', 'crm_feature_set', 'op-digest', 'on_node', 'on_node_uuid', 'pcmk_external_ip'])

/** What the executor forgets. */
type Forgetting =
  | { readonly kind: 'erase'; readonly resource: string; readonly ids: readonly string[] }
  | { readonly kind: 'erase-recurring'; readonly resource: string }
  | { readonly kind: 'forget'; readonly resource: string }

/** Keeps what the executor remembers up to date with what was erased. */
export function keepHistory({ executor }: PacemakerState, change: Forgetting): void {
  const keep = (op: HistoryOp): boolean =>
    change.kind === 'erase' ? !change.ids.includes(op.id ?? '') : op.intervalMs === 0
  executor.history = executor.history.flatMap((entry): readonly ResourceHistory[] => {
    if (entry.id !== change.resource) return [entry]
    return change.kind === 'forget' ? [] : [{ ...entry, ops: entry.ops.filter(keep) }]
  })
}
