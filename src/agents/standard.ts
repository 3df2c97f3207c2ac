/**
 * What all classes share: which operations touch the service, and what a call in each state comes to. A class adds its own exit codes
 * and words. Must never name an event that the lifecycle would ignore (a law holds this for every class, operation and state).
 * Sources: seed 000 and seed 003 (start and stop are idempotent; a stop of what is stopped succeeds), seed 002 (OCF codes).
 */
import type { LifecycleEvent } from '../machines/lifecycle.ts'
import { isServing, type LifecycleState } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { ResourceSpec } from '../model/resource.ts'
import type { AgentCall, AgentPlan } from './contract.ts'

/** The words and codes in which classes differ. */
export interface Dialect {
  /** Exit code and output of a monitor or status in each state. */
  readonly report: (state: LifecycleState, spec: ResourceSpec) => Report
  /** What an operation prints that neither reports nor changes anything (`meta-data`). */
  readonly describe?: (spec: ResourceSpec, operation: OperationName) => string
  /** Exit code where the program is not installed. */
  readonly missing: number
  /** Exit code for an operation that the class or the agent does not have. */
  readonly unimplemented: number
  /** Exit code of a call that fails for no better reason. */
  readonly failure: number
  /** Exit code of a call that needs a running service and finds none. */
  readonly notRunning: number
  readonly operations: ReadonlySet<OperationName>
}

/** What a monitor or status says. */
export interface Report {
  readonly rc: number
  readonly output: string
}

/** The operations that change what runs, with the event that begins each. */
const CHANGES = new Map<OperationName, LifecycleEvent>([
  ['start', 'start'],
  ['stop', 'stop'],
  ['promote', 'promote'],
  ['demote', 'demote'],
  ['migrate_to', 'migrate'],
  ['migrate_from', 'start'],
  // RGManager's way to mend in place what no longer works.
  ['recover', 'start'],
])

/** What a change finds: work to do, nothing to do, no running service, a service that answers nothing, or a state that forbids it. */
type Finding = 'done' | 'hung' | 'not-running' | 'possible' | 'refused'

/** Plans a call in the words of `dialect`. */
export function planBy(dialect: Dialect, call: AgentCall): AgentPlan {
  const { operation, misbehaviour } = call
  if (misbehaviour?.kind === 'missing') return { ...answer(dialect.missing), isMissing: true }
  if (!dialect.operations.has(operation)) return answer(dialect.unimplemented)

  const begins = CHANGES.get(operation)
  return begins === undefined ? report(dialect, call) : change(dialect, call, begins)
}

/** A call that touches nothing. */
function answer(rc: number, output = ''): AgentPlan {
  return { rc, output, hangs: false }
}

function report(dialect: Dialect, { operation, state, misbehaviour, spec }: AgentCall): AgentPlan {
  if (misbehaviour?.kind === 'result') return answer(misbehaviour.rc, misbehaviour.output)
  if (misbehaviour?.kind === 'hang') return { rc: 0, output: '', hangs: true }
  if (operation === 'monitor' || operation === 'status') {
    const seen = misbehaviour?.kind === 'lie' ? misbehaviour.as : state
    if (isHung(seen)) return { rc: 0, output: '', hangs: true }
    const said = dialect.report(seen, spec)
    return answer(said.rc, said.output)
  }
  if (operation === 'reload') {
    if (state === 'stopped') return answer(dialect.notRunning)
    if (isHung(state)) return { rc: 0, output: '', hangs: true }
    return answer(state === 'started' || state === 'promoted' ? 0 : dialect.failure)
  }
  return answer(0, dialect.describe?.(spec, operation))
}

function change(dialect: Dialect, call: AgentCall, begins: LifecycleEvent): AgentPlan {
  const { operation, state, misbehaviour, spec } = call
  if (misbehaviour?.kind === 'pretend') return answer(0)

  const finding = findingOf(operation, state, spec.promotable)
  // Of a service that answers nothing, only killing has a chance: a stop begins, all else merely waits.
  const touches = finding === 'possible' || (finding === 'hung' && operation === 'stop')
  if (misbehaviour?.kind === 'result') {
    const output = misbehaviour.output ?? ''
    if (!touches) return answer(misbehaviour.rc, output)
    const ends = misbehaviour.rc === 0 ? endOf(operation, state) : 'failed'
    return { begins, ends, rc: misbehaviour.rc, output, hangs: false }
  }
  if (finding === 'hung' || misbehaviour?.kind === 'hang') {
    return { ...(touches ? { begins } : {}), rc: 0, output: '', hangs: true }
  }
  if (finding === 'done') return answer(0)
  if (finding === 'not-running') return answer(dialect.notRunning)
  if (finding === 'refused') return answer(dialect.failure)
  const crash = misbehaviour?.kind === 'crash-later' && BRINGS_UP.has(operation)
  return {
    begins,
    ends: endOf(operation, state),
    rc: 0,
    output: '',
    hangs: false,
    ...(crash ? { crashesAfter: misbehaviour.after } : {}),
  }
}

const BRINGS_UP = new Set<OperationName>(['migrate_from', 'promote', 'start'])

/** A demote of a service that had failed as promoted takes the role from it; it does not mend it. */
function endOf(operation: OperationName, state: LifecycleState): LifecycleEvent {
  return operation === 'demote' && state === 'failed-promoted' ? 'crash' : 'ok'
}

/** True where the service's processes are there and no operation has ended badly: every script's status says that it runs. */
export function isUp(
  state: LifecycleState,
): state is 'demoting' | 'hung' | 'hung-promoted' | 'promoted' | 'promoting' | 'started' {
  return isServing(state) || isHung(state)
}

/** True where the service answers no operation. */
export function isHung(state: LifecycleState): boolean {
  return state === 'hung' || state === 'hung-promoted'
}

/** True while an operation is under way: managers never overlap operations on one resource, and an agent that finds one refuses. */
function isBusy(state: LifecycleState): boolean {
  return (
    state === 'starting' ||
    state === 'promoting' ||
    state === 'demoting' ||
    state === 'stopping' ||
    state === 'migrating'
  )
}

function findingOf(operation: OperationName, state: LifecycleState, promotable: boolean): Finding {
  if (isHung(state)) return 'hung'
  if (isBusy(state)) return 'refused'
  switch (operation) {
    case 'start':
    case 'migrate_from':
    case 'recover':
      if (state === 'started' || state === 'promoted') return 'done'
      return state === 'stopped' || state === 'failed' || state === 'unknown' ? 'possible' : 'refused'
    case 'promote':
      if (state === 'promoted') return 'done'
      if (state === 'stopped') return 'not-running'
      return promotable && state === 'started' ? 'possible' : 'refused'
    case 'demote':
      // What failed as unpromoted has no role to lose.
      if (state === 'started' || state === 'failed') return 'done'
      // The lab's recordings: a demote that finds nothing running returns "not running".
      if (state === 'stopped') return 'not-running'
      if (!promotable) return 'refused'
      return state === 'promoted' || state === 'failed-promoted' || state === 'unknown' ? 'possible' : 'refused'
    case 'migrate_to':
      if (state === 'stopped') return 'not-running'
      return state === 'started' ? 'possible' : 'refused'
    default:
      return state === 'stopped' ? 'done' : 'possible'
  }
}
