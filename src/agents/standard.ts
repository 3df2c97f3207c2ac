/**
 * What all classes share: which operations touch the service, and what a call in each state comes to. A class adds its own exit codes
 * and words. Sources: seed 000 (start and stop are idempotent; a stop of what is stopped succeeds), seed 002 (OCF codes).
 */
import type { LifecycleEvent } from '../machines/lifecycle.ts'
import type { LifecycleState } from '../model/lifecycle.ts'
import type { OperationName } from '../model/operation.ts'
import type { AgentCall, AgentPlan } from './contract.ts'

/** The words and codes in which classes differ. */
export interface Dialect {
  /** Exit code and output of a monitor or status in each state. */
  readonly report: (state: LifecycleState, promotable: boolean) => { readonly rc: number; readonly output: string }
  /** Exit code where the program is not installed. */
  readonly missing: number
  /** Exit code for an operation that the class or the agent does not have. */
  readonly unimplemented: number
  /** Exit code of a call that fails for no better reason. */
  readonly failure: number
  readonly operations: ReadonlySet<OperationName>
}

/** The operations that change what runs, with the event that begins each. */
const CHANGES = new Map<OperationName, LifecycleEvent>([
  ['start', 'start'],
  ['stop', 'stop'],
  ['promote', 'promote'],
  ['demote', 'demote'],
  ['migrate_to', 'migrate'],
  ['migrate_from', 'start'],
])

/** Plans a call in the words of `dialect`. */
export function planBy(dialect: Dialect, call: AgentCall): AgentPlan {
  const { operation, state, misbehaviour, spec } = call
  if (misbehaviour?.kind === 'missing') return { rc: dialect.missing, output: '', hangs: false }
  if (!dialect.operations.has(operation)) return { rc: dialect.unimplemented, output: '', hangs: false }

  const begins = CHANGES.get(operation)
  if (misbehaviour?.kind === 'hang' || state === 'hung' || state === 'hung-promoted') return hanging(operation, begins)
  if (begins === undefined) return reporting(dialect, call)
  if (misbehaviour?.kind === 'result') {
    const ends = misbehaviour.rc === 0 ? 'ok' : 'failed'
    return { begins, ends, rc: misbehaviour.rc, output: misbehaviour.output ?? '', hangs: false }
  }
  if (isAlreadyDone(operation, state)) return { rc: 0, output: '', hangs: false }
  if (!isPossible(operation, state, spec.promotable)) return { rc: dialect.failure, output: '', hangs: false }
  return { begins, ends: 'ok', rc: 0, output: '', hangs: false }
}

/** A stop of a hung service hangs with it, but it has begun; a monitor touches nothing. */
function hanging(operation: OperationName, begins: LifecycleEvent | undefined): AgentPlan {
  const touches = begins !== undefined && operation !== 'promote'
  return { ...(touches ? { begins } : {}), rc: 0, output: '', hangs: true }
}

function reporting(dialect: Dialect, { operation, state, misbehaviour, spec }: AgentCall): AgentPlan {
  if (misbehaviour?.kind === 'result') return { rc: misbehaviour.rc, output: misbehaviour.output ?? '', hangs: false }
  if (operation !== 'monitor' && operation !== 'status') return { rc: 0, output: '', hangs: false }
  const seen = misbehaviour?.kind === 'lie' ? misbehaviour.as : state
  return { ...dialect.report(seen, spec.promotable), hangs: false }
}

function isAlreadyDone(operation: OperationName, state: LifecycleState): boolean {
  switch (operation) {
    case 'start':
    case 'migrate_from':
      return state === 'started' || state === 'promoted'
    case 'stop':
      return state === 'stopped'
    case 'promote':
      return state === 'promoted'
    case 'demote':
      return state === 'started'
    default:
      return false
  }
}

function isPossible(operation: OperationName, state: LifecycleState, promotable: boolean): boolean {
  switch (operation) {
    case 'start':
    case 'migrate_from':
      return state === 'stopped' || state === 'failed' || state === 'unknown'
    case 'promote':
      return promotable && state === 'started'
    case 'demote':
      return promotable && state !== 'stopped'
    case 'migrate_to':
      return state === 'started'
    default:
      return true
  }
}
