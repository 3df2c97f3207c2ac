/**
 * Where the configuration says what a decision of RGManager or Heartbeat names: a service, a failover domain, an option. These managers
 * name what they went by, not its line; a name that the files do not hold (a default) has none. Knows no rules.
 */
import type { SourceFile } from '../../src/model/source.ts'
import type { DecisionRecord } from '../../src/trace/record.ts'

/** A line of a file, from 1, and its text. */
export interface FoundLine {
  readonly file: string
  readonly line: number
  readonly source: string
}

/** The lines behind a decision, each once: what it is about, then what its reasons name. O(names × lines). */
export function linesBehind({ about, reasons }: DecisionRecord, files: readonly SourceFile[]): readonly FoundLine[] {
  const named = reasons.flatMap(({ text, source }) => [
    // A rule of the manager itself stands in no file.
    ...(/^(spec|decision row) /.test(source) ? [] : [source]),
    ...(text.match(OPTIONS) ?? []),
  ])
  const found = new Map<string, FoundLine>()
  for (const name of [...about, ...named]) {
    const line = findLine(name, files)
    if (line !== undefined) found.set(`${line.file} ${line.line}`, line)
  }
  return [...found.values()]
}

/** The options that a decision's reasons name and no file sets, each once: their defaults decided. None where there are no files. */
export function defaultsBehind({ reasons }: DecisionRecord, files: readonly SourceFile[]): readonly string[] {
  if (files.length === 0) return []
  const named = reasons.flatMap(
    ({ text, source }) => `${text} ${OPTION.test(source) ? source : ''}`.match(OPTIONS) ?? [],
  )
  return [...new Set(named)].filter((name) => findLine(name, files) === undefined)
}

/** Options are told from other words by their underscores. */
const OPTIONS = /[a-z]+(?:_[a-z]+)+/g
const OPTION = /^[a-z]+(?:_[a-z]+)+$/

/** The first line that defines or sets what has the name: `service:web`, `failoverdomain prefer-n1`, `max_restarts`, `drbddisk::r0`. */
function findLine(name: string, files: readonly SourceFile[]): FoundLine | undefined {
  for (const { name: file, text } of files) {
    const lines = text.split('\n')
    for (const pattern of text.trimStart().startsWith('<') ? elementPatterns(name) : [wordPattern(name)]) {
      const index = lines.findIndex((line) => pattern.test(line))
      if (0 <= index) return { file, line: index + 1, source: lines[index]!.trim() }
    }
  }
  return undefined
}

/** An element of that kind and name, an option of that name, anything of that name. */
function elementPatterns(name: string): readonly RegExp[] {
  const [, kind, own] = /^([a-z]+)[: ](.+)$/.exec(name) ?? []
  const pairs = kind === undefined ? [] : [new RegExp(`<${kind}\\b.*\\b(?:name|ref|address)="${quoted(own!)}[/"]`)]
  return [...pairs, new RegExp(`\\s${quoted(name)}="`), new RegExp(`\\bname="${quoted(name)}"`)]
}

/** The whole word in a line that is no comment. */
function wordPattern(name: string): RegExp {
  return new RegExp(`^(?!\\s*#)(?:.*\\s)?${quoted(name)}(?:\\s|$)`)
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
