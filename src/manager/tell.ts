/** What a daemon tells the trace, whichever manager it belongs to. */
import type { Reason } from '../trace/record.ts'
import type { DaemonContext } from './contract.ts'

/** A decision for the trace. */
export interface Decision {
  readonly decision: string
  readonly about: readonly string[]
  readonly text: string
  readonly reasons: readonly Reason[]
}

/** Tells the trace what was decided. */
export function decide(context: DaemonContext, decision: Decision): void {
  context.act({ kind: 'decide', ...decision })
}

/** Writes a log line. */
export function log(context: DaemonContext, level: 'critical' | 'error' | 'info' | 'warning', text: string): void {
  context.act({ kind: 'log', level, text })
}
