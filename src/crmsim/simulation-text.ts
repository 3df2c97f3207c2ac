/**
 * The text of one run of the simulator, line by line as the reference tool prints it.
 *
 * Changes nothing. Source: spec D-2.
 */
import type { ClusterState } from '../cib/state.ts'
import { modificationText, transitionText } from './result.ts'
import { scoreLineText } from './scores.ts'
import type { Simulation } from './simulation.ts'
import { instantText, introLines, type StatusOptions, statusLines } from './status.ts'
import { summaryTexts } from './summary.ts'

/** How a run is shown. */
export interface TextOptions extends StatusOptions {
  /** Bullets and headers; false once scores or utilization are shown (spec D-2.1). */
  readonly isFancy: boolean
  readonly isQuiet: boolean
  /** The text of `-t`, as it was given. */
  readonly timeText: string | undefined
  readonly showScores: boolean
  readonly showUtilization: boolean
}

/** How far a run came: a file that cannot be written ends it early, and then less is shown. */
export type Extent = 'read' | 'modified' | 'scheduled' | 'executing' | 'done'

/** Everything that goes to standard output. */
export function simulationText(simulation: Simulation, options: TextOptions, extent: Extent = 'done'): string {
  const lines: string[] = []
  const { isQuiet } = options
  const clock = isQuiet ? [] : clockLines(simulation, options)
  const status = (state: ClusterState, title: string, withPending: boolean): readonly string[] =>
    statusLines(state, title, withPending, { ...options, isPlain: !options.isFancy })
  if (!isQuiet)
    lines.push(...clock, ...introLines(simulation.before), ...status(simulation.before, 'Current cluster status', true))
  const { injected, decision, execution, after } = simulation
  if (injected !== undefined && !isQuiet) {
    const items = injected.items.map(modificationText)
    const again = injected.fatal === undefined ? [...clock, ...simulation.scheduled.notices] : []
    lines.push('', ...block('Performing Requested Modifications', items, options), ...again)
  }
  if (decision === undefined || extent === 'read' || extent === 'modified') return ended(lines)
  lines.push(...scoreBlock(simulation, options))
  if (extent === 'scheduled') return ended(lines)
  if (!isQuiet) lines.push('', ...block('Transition Summary', summaryTexts(simulation.summary), options))
  if (execution === undefined || after === undefined) return ended(lines)
  // Empty lines stand between blocks also when these are not shown, injections among them (probed).
  lines.push(...(isQuiet && !options.showScores && !options.showUtilization && injected === undefined ? [] : ['']))
  if (isQuiet) return ended(lines)
  if (options.isFancy) lines.push('Executing Cluster Transition:')
  for (const item of execution.items) {
    const { text, isInfo } = transitionText(item)
    lines.push(isInfo || !options.isFancy ? text : `  * ${text}`)
  }
  if (extent === 'executing') return ended(lines)
  lines.push(...clock, ...after.notices, '', ...status(after, 'Revised Cluster Status', false))
  return ended(lines)
}

function ended(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

/** Source: spec D-2.3, item 1. */
function clockLines({ executionDate }: Simulation, { timeText }: TextOptions): readonly string[] {
  if (timeText !== undefined) return [`Setting effective cluster time: ${timeText}`]
  return executionDate === 0 ? [] : [`Using the original execution date of: ${instantText(executionDate)}`]
}

function block(title: string, items: readonly string[], { isFancy }: TextOptions): readonly string[] {
  return isFancy ? [`${title}:`, ...items.map((item) => `  * ${item}`)] : items
}

/** Source: spec D-2.6. */
function scoreBlock({ decision, injected }: Simulation, options: TextOptions): readonly string[] {
  const { showScores, showUtilization, isFancy, isQuiet } = options
  if (!showScores && !showUtilization) return []
  const both = showScores && showUtilization
  const title = both
    ? 'Allocation Scores and Utilization Information'
    : showScores
      ? 'Allocation Scores'
      : 'Utilization Information'
  // Notices are no items: never with a bullet, and none of them when quiet (probed).
  const lines = (decision?.sheet.lines ?? []).filter(({ kind }) => !isQuiet || kind !== 'notice')
  const bullet = isFancy ? '  * ' : ''
  const items = lines.map((line) => `${line.kind === 'notice' ? '' : bullet}${scoreLineText(line)}`)
  return [...(isQuiet && injected === undefined ? [] : ['']), ...(isFancy ? [`${title}:`] : []), ...items]
}
