/** `quorate compare`: a scenario and its variants side by side, or a folder of such scenarios in one table; as text, Markdown or JSON. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { clockText } from '../kernel/time.ts'
import { shortText } from '../report/recovery.ts'
import { type Act, type Column, type Comparison, compare, type Parting } from '../run/compare.ts'
import { CommandError, EXIT, note, print } from './console.ts'
import { loadScenario } from './load.ts'

export interface CompareFlags {
  readonly seed?: number
  readonly json?: true
  readonly markdown?: true
}

/** Runs all variants and prints how they differ. Returns the exit code: 1 where an expectation was violated anywhere. */
export function compareCommand(path: string, flags: CompareFlags): number {
  const isFolder = existsSync(path) && statSync(path).isDirectory()
  const files = isFolder ? scenariosIn(path) : [path]
  const comparisons = files.map((file) => compareFile(file, flags))
  if (flags.json) print(JSON.stringify(isFolder ? comparisons.map(plain) : plain(comparisons[0]!)))
  else print(isFolder || flags.markdown ? overviewText(comparisons) : comparisonText(comparisons[0]!))
  const violated = comparisons.some(({ columns }) => columns.some(({ violations }) => 0 < violations.length))
  if (violated) note('what should hold did not hold everywhere')
  return violated ? EXIT.violated : EXIT.held
}

function scenariosIn(folder: string): readonly string[] {
  const found = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
  if (found.length === 0) throw new CommandError(`${folder}: holds no scenario (*.yaml)`)
  return found.map((name) => join(folder, name))
}

function compareFile(path: string, { seed }: CompareFlags): Comparison {
  const scenario = loadScenario(path)
  if (scenario.variants === undefined)
    throw new CommandError(`${path}: lists no variants to compare (see scenarios/README.md)`)
  return compare(scenario, seed === undefined ? {} : { seed })
}

/**
 * Comparisons in Markdown: one row each and one column for each manager where all have the same; else one row for each setting, with what
 * it changes.
 */
export function overviewText(comparisons: readonly Comparison[]): string {
  const namesOf = ({ columns }: Comparison): string => columns.map(({ name }) => name).join(' | ')
  const heads = [...new Set(comparisons.map(namesOf))]
  if (1 < heads.length) return settingsText(comparisons)
  const rows = comparisons.map(({ title, columns }) => `| ${[title, ...columns.map(outcome)].join(' | ')} |`)
  const [first] = comparisons
  return [`| | ${heads.join('')} |`, `|---|${first?.columns.map(() => '---|').join('') ?? ''}`, ...rows].join('\n')
}

function settingsText(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap(({ title, columns }) =>
    columns.map((column, index) => {
      const setting = index === 0 ? `${column.name}, as it is` : `${column.name}: ${column.changes.join('; ')}`
      const away = shortText(most(column.downtimes.map(({ total }) => total)))
      return `| ${index === 0 ? title : ''} | ${setting.replaceAll('|', '\\|')} | ${outcome(column)} | ${away} |`
    }),
  )
  return ['| | setting | what becomes of it | away in all, at worst |', '|---|---|---|---|', ...rows].join('\n')
}

/** What became of the services, in a few words. */
function outcome(column: Column): string {
  const { isUnhurt, recover, detect, fences, starts, violations } = column
  const fate = isUnhurt
    ? 'stays up'
    : recover !== undefined
      ? `back after ${Math.round(recover / 1000)} s`
      : detect === undefined
        ? 'down, and nobody notices'
        : 'down until somebody acts'
  const end = recover !== undefined && column.downtimes.some(({ isBack }) => !isBack) ? ['down at the end'] : []
  const fenced = fences === 0 ? [] : [fences === 1 ? '1 fencing' : `${fences} fencings`]
  const split = violations.some((text) => text.startsWith('data-never-split')) ? ['data split'] : []
  return [
    fate,
    ...end,
    ...fenced,
    ...(starts === 0 ? [] : [starts === 1 ? '1 start' : `${starts} starts`]),
    ...split,
  ].join(', ')
}

/** The comparison without its traces. */
function plain({ columns, ...rest }: Comparison): object {
  return {
    ...rest,
    columns: columns.map(({ trace, acts, ...column }) => ({
      ...column,
      digest: trace.footer.digest,
      acts: acts.length,
    })),
  }
}

/** The comparison as a table, the violations, and where each variant parts from the first. */
export function comparisonText(comparison: Comparison): string {
  const { columns, partings, title, seed, from } = comparison
  const violations = columns.flatMap(({ name, violations: found }) => found.map((text) => `✗ ${name}: ${text}`))
  return [
    title,
    `seed ${seed}; times count from ${clockText(from)}, when the first thing happens`,
    ...columns
      .slice(1)
      .map(({ name, changes }) => `${name}: ${changes.length === 0 ? 'changes nothing' : changes.join('; ')}`),
    '',
    ...table([['', ...columns.map(({ name }) => name)], ...rowsOf(comparison)]),
    '',
    ...violations,
    ...partings.flatMap((parting) => partingLines(columns[0]!.name, parting)),
  ].join('\n')
}

function rowsOf({ columns, isCommanded }: Comparison): readonly (readonly string[])[] {
  const row = (title: string, cell: (column: Column) => string): readonly string[] => [title, ...columns.map(cell)]
  const resources = [...new Set(columns.flatMap(({ downtimes }) => downtimes.map(({ resource }) => resource)))]
  return [
    row('time to detect', ({ detect }) => (isCommanded ? '–' : detect === undefined ? 'never' : shortText(detect))),
    row('time to fence', ({ fence, fences }) => (fence === undefined ? (fences === 0 ? '–' : '?') : shortText(fence))),
    row('time to recover', recoverCell),
    ...resources.map((resource) => row(`downtime of ${resource}`, (column) => downtimeCell(column, resource))),
    row('restarts in place', ({ downtimes }) => String(most(downtimes.map(({ restarts }) => restarts)))),
    row('moves', ({ downtimes }) => String(most(downtimes.map(({ moves }) => moves)))),
    row('calls of start', ({ starts }) => String(starts)),
    row('calls of stop', ({ stops }) => String(stops)),
    row('fenced nodes', ({ fences }) => String(fences)),
    row('violations', ({ violations }) => String(violations.length)),
  ]
}

/** Of the resource that it happened to most often: a tree that restarts whole restarts once. */
function most(counts: readonly number[]): number {
  return Math.max(0, ...counts)
}

function recoverCell({ recover, isUnhurt }: Column): string {
  if (isUnhurt) return 'nothing lost'
  return recover === undefined ? 'never' : shortText(recover)
}

function downtimeCell({ downtimes }: Column, resource: string): string {
  const found = downtimes.find((entry) => entry.resource === resource)
  if (found === undefined) return '·'
  return found.isBack ? shortText(found.total) : `${shortText(found.total)} and on`
}

function partingLines(first: string, { name, left, right, rest, shift }: Parting): readonly string[] {
  const sides = (ours: Act | undefined, theirs: Act | undefined): readonly string[] => [
    `    ${first}: ${actText(ours, rest)}`,
    `    ${name}: ${actText(theirs, rest)}`,
  ]
  if (left !== undefined || right !== undefined) return [`≠ ${name} parts from ${first}:`, ...sides(left, right)]
  if (shift === undefined) return [`= ${name} does what ${first} does, at the same times`]
  return [
    `≈ ${name} does what ${first} does, in the same order; first at another time:`,
    ...sides(shift.left, shift.right),
  ]
}

function actText(act: Act | undefined, rest: Parting['rest']): string {
  if (act === undefined)
    return `does nothing more${rest === undefined ? '' : `; its last word, at ${clockText(rest.at)}: ${rest.text}`}`
  return `${clockText(act.at)} ${act.text}${act.why === '' ? '' : ` — ${act.why}`}`
}

/** Columns as wide as their widest cell; figures to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)))
  return rows.map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '),
  )
}
