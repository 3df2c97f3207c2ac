/**
 * The status block and the lines before it, as the reference tool prints them.
 *
 * Source: spec D-2.3 to D-2.5, D-5.4.
 */
import { civilFromDays } from '../cib/dates.ts'
import { STOPPED } from '../cib/role.ts'
import type { ClusterState } from '../cib/state.ts'
import { Outline } from './outline.ts'
import { printNodes } from './status-nodes.ts'
import { isDisabled, printResources } from './status-resources.ts'
import { printAttributes, printFailCounts, printFailedOps } from './status-sections.ts'

/** What is shown of a status beside nodes and resources. */
export interface StatusOptions {
  /** `-A`. */
  readonly showAttributes: boolean
  /** `-c`. */
  readonly showFailcounts: boolean
  /** The text of an instant (epoch seconds) in the host's time zone, as spec D-5.2 shows it. */
  readonly localTime: (at: number) => string
  /** Neither headers nor bullets (spec D-2.1). */
  readonly isPlain?: boolean
}

/** Everything up to and including the block `Current cluster status`. `executionDate` is the CIB's, 0 for none. */
export function currentStatusText(state: ClusterState, executionDate: number, options?: StatusOptions): string {
  const clock = executionDate === 0 ? [] : [`Using the original execution date of: ${instantText(executionDate)}`]
  return [...clock, ...introLines(state), ...statusLines(state, 'Current cluster status', true, options)].join('\n')
}

/**
 * What comes before the first status block: what was noticed while reading, that nothing is managed, that something is disabled.
 * Source: spec D-2.3, A-20.4.
 */
export function introLines(state: ClusterState): readonly string[] {
  const banner: string[] = []
  if (state.options.maintenanceMode) {
    banner.push('', '              *** Resource management is DISABLED ***')
    banner.push('  The cluster will not attempt to start, stop or recover services')
  }
  const { disabled, blocked, total } = countResources(state)
  if (disabled > 0 || blocked > 0) {
    if (banner.length > 0) banner.push('')
    banner.push(
      `${disabled} of ${total} resource instances DISABLED and ${blocked} BLOCKED from further action due to failure`,
    )
  }
  if (banner.length > 0) banner.push('')
  return [...state.notices, ...banner]
}

/** One status block. */
export function statusLines(
  state: ClusterState,
  title: string,
  withPending: boolean,
  options?: StatusOptions,
): readonly string[] {
  const outline = new Outline(options)
  outline.open(title)
  printNodes(state, outline)
  if (state.nodes.length > 0) outline.space()
  printResources({ state, outline, withPending })
  if (options?.showAttributes) printAttributes(state, outline)
  if (options?.showFailcounts) {
    printFailCounts(state, outline, options.localTime)
    printFailedOps(state, outline, options.localTime)
  }
  outline.close()
  return outline.lines
}

/** Source: spec D-2.4. */
function countResources(state: ClusterState): { disabled: number; blocked: number; total: number } {
  const leaves = state.resources.filter(({ kind, orphan, role }) => kind === 'primitive' && (!orphan || role > STOPPED))
  return {
    disabled: leaves.filter((leaf) => isDisabled(state, leaf)).length,
    blocked: leaves.filter(({ blocked }) => blocked).length,
    total: leaves.length,
  }
}

/** `YYYY-MM-DD HH:MM:SSZ`. */
export function instantText(at: number): string {
  const days = Math.floor(at / 86_400)
  const { year, month, day } = civilFromDays(days)
  const second = at - days * 86_400
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = [Math.floor(second / 3600), Math.floor((second % 3600) / 60), second % 60].map(two).join(':')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${time}Z`
}
