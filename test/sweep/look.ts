/**
 * How a CIB fares when its cluster goes on from it: whether it can be read, whether the run ends by itself, and whether the cluster comes
 * to rest. A cluster that decides again and again is one that repeats what cannot work, which a real one does not for ever.
 */
import { simulate } from '../../src/run/simulate.ts'
import { continuation } from '../../src/run/standard.ts'

/** What a sweep is bound by: virtual milliseconds, and events. */
export interface SweepLimits {
  readonly until: number
  readonly eventsMax: number
}

/** How one file fared. `repeats` names what was still decided in the last quarter, the most frequent first. */
export interface Fate {
  readonly kind: 'at rest' | 'restless' | 'stopped by its limit of events' | 'threw' | 'unreadable'
  readonly text: string
  readonly repeats: readonly string[]
}

/** As often the same is begun in the last quarter, or so many milliseconds are between two graphs: more is no rest. */
const AS_OFTEN = 3
const BETWEEN = 10_000

/** Runs on from a CIB, and says how that went. Never throws. */
export function lookAt(name: string, text: string, { until, eventsMax }: SweepLimits): Fate {
  try {
    const { value, problems } = continuation({ name, text })
    if (value === undefined) return { kind: 'unreadable', text: problems[0]?.what ?? '', repeats: [] }
    const { trace, reason } = simulate({ ...value, until, eventsMax })
    const from = (trace.footer.endedAt * 3) / 4
    const said = trace.records.flatMap((record) => (from < record.at && record.kind === 'log' ? [record] : []))
    const graphs = said.filter((record) => record.text.startsWith('Processing graph')).length
    const counts = new Map<string, number>()
    for (const { node, text: line } of said)
      if (/^(Initiating|Requesting fencing) /.test(line)) {
        const begun = `${node}: ${line.replace(/ \| .*/, '')}`
        counts.set(begun, (counts.get(begun) ?? 0) + 1)
      }
    const repeats = [...counts].filter(([, count]) => AS_OFTEN <= count).sort((a, b) => b[1] - a[1])
    const words = repeats.map(([begun, count]) => `${count} times ${begun}`)
    const summary = `${graphs} graphs from ${from} to ${trace.footer.endedAt} ms`
    if (reason === 'event-limit') return { kind: 'stopped by its limit of events', text: summary, repeats: words }
    const isAtRest = repeats.length === 0 && graphs * BETWEEN <= until - from
    return { kind: isAtRest ? 'at rest' : 'restless', text: summary, repeats: words }
  } catch (error) {
    return { kind: 'threw', text: error instanceof Error ? error.message : String(error), repeats: [] }
  }
}
