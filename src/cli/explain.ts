/**
 * `quorate explain`: why resources are where they are, what happens with them and why, why a node is fenced.
 *
 * Reads the CIB, asks src/crmsim/explain.ts and paints what explain-text.ts writes.
 */
import { parseDate } from '../cib/dates.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { scanInteger } from '../cib/values.ts'
import { decide, explain, namesOf } from '../crmsim/explain.ts'
import { explanationData } from '../crmsim/explain-data.ts'
import { explanationText } from '../crmsim/explain-text.ts'
import { suggest } from '../model/suggest.ts'
import { CommandError, EXIT, inks, note, print } from './console.ts'
import { loadCib } from './simulate-files.ts'

/** Options of one run, as they were given. */
export interface ExplainFlags {
  readonly resource?: string
  readonly node?: string
  readonly json?: boolean
  readonly setDatetime?: string
}

/** Runs the command and returns its exit code. */
export async function explainCommand(path: string, flags: ExplainFlags): Promise<number> {
  const { cib, notes } = await loadCib(path)
  if (cib === undefined) throw new CommandError(notes.join('\n'))
  for (const line of notes) note(line)
  const wall = Math.floor(Date.now() / 1000)
  const written = scanInteger(cib.configuration.root.executionDate) ?? 0
  const asked = flags.setDatetime === undefined ? undefined : parseDate(flags.setDatetime, wall)
  if (flags.setDatetime !== undefined && asked === undefined) {
    throw new CommandError(`--set-datetime ${flags.setDatetime}: is no date and time (ISO 8601: 2026-11-24 14:00:00Z)`)
  }
  const decision = decide(unpackCluster(cib, asked ?? (written === 0 ? wall : written)))
  const names = namesOf(decision)
  const { resource, node } = flags
  const explanation = explain(decision, { resource, node })
  if (explanation === undefined) throw unknown(names, flags)
  const file = path === '-' ? 'stdin' : path.replace(/^.*\//, '')
  if (flags.json === true) print(JSON.stringify(explanationData(explanation, path), null, 2))
  else print(explanationText(explanation, file, inks()))
  return EXIT.held
}

function unknown({ resources, nodes }: ReturnType<typeof namesOf>, { resource, node }: ExplainFlags): CommandError {
  if (node !== undefined && !nodes.includes(node))
    return new CommandError(`--node ${node}: there is no such node; ${near(node, nodes)}`)
  return new CommandError(`--resource ${resource}: there is no such resource; ${near(resource ?? '', resources)}`)
}

const NAMES_MAX = 12

/** The names that hold the word or are in it, or else the nearest one, or the first of all. */
function near(word: string, names: readonly string[]): string {
  const [small, list] = [word.toLowerCase(), names.map((name) => name.toLowerCase())]
  const alike = names.filter((_, at) => list[at]!.includes(small) || small.includes(list[at]!))
  if (0 < alike.length) return `near are ${shown(alike)}`
  if (names.length <= NAMES_MAX) return `known are ${shown(names)}`
  const advice = suggest(word, names)
  return advice.startsWith('known are') ? `known are ${shown(names)}` : advice
}

function shown(names: readonly string[]): string {
  const more = names.length - NAMES_MAX
  return `${names.slice(0, NAMES_MAX).join(', ')}${0 < more ? ` and ${more} more` : ''}`
}
