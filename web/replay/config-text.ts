/**
 * The `config` of a scenario's text: the files that it names or holds. Written anew as text, so that everything else stays as its author
 * wrote it, comments included. Knows no manager.
 */
import type { SourceFile } from '../../src/model/source.ts'

/** One file of the section: a name to be found beside the scenario, or its own lines. */
interface Entry {
  readonly key: string
  /** Absent where the text stands in the scenario. */
  readonly names?: string
  /** Its lines in the scenario, from 0; for one that stands there, the first is the one behind the key. */
  readonly from: number
  readonly to: number
}

interface Section {
  readonly from: number
  readonly to: number
  readonly entries: readonly Entry[]
}

/** The scenario with each configuration file that it names written out in its place, so that it can be edited with it. */
export function inlineFiles(text: string, files: readonly SourceFile[]): string {
  const lines = text.split('\n')
  const section = sectionOf(lines)
  if (section === undefined) return text
  let isOther = false
  const written = section.entries.flatMap(({ key, names, from, to }) => {
    const file = files.find(({ name }) => name === names)
    if (file === undefined) return names === undefined ? lines.slice(from - 1, to) : [`  ${quotedKey(key)}: ${names}`]
    isOther = true
    return blockOf(key, file.text)
  })
  return isOther
    ? [...lines.slice(0, section.from), 'config:', ...written, ...lines.slice(section.to)].join('\n')
    : text
}

/** The section for these files. */
export function configLines(files: readonly SourceFile[]): readonly string[] {
  return ['config:', ...files.flatMap(({ name, text }) => blockOf(name, text))]
}

/** Where a line of a file that stands in the scenario is in the scenario's text, both from 1; undefined where it stands elsewhere. */
export function placeInside(
  text: string,
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
): { readonly line: number; readonly column: number } | undefined {
  const lines = text.split('\n')
  const entry = sectionOf(lines)?.entries.find(({ key, names }) => key === file && names === undefined)
  if (entry === undefined) return undefined
  const indent = /^ */.exec(lines[entry.from] ?? '')![0].length
  const marked = /\|(\d)/.exec(lines[entry.from - 1]!)?.[1]
  return { line: entry.from + line, column: (marked === undefined ? indent : KEY_INDENT + Number(marked)) + column }
}

const KEY_INDENT = 2

function blockOf(key: string, text: string): readonly string[] {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd().split('\n')
  // The indicator keeps blanks at the beginning of the first line.
  return [`  ${quotedKey(key)}: |2`, ...lines.map((line) => (line === '' ? '' : `    ${line}`))]
}

function quotedKey(key: string): string {
  return /^[\w.-]+$/.test(key) ? key : JSON.stringify(key)
}

function sectionOf(lines: readonly string[]): Section | undefined {
  const from = lines.findIndex((line) => /^config:/.test(line))
  if (from < 0) return undefined
  const rest = lines[from]!.slice('config:'.length)
    .replace(/\s#.*$/, '')
    .trim()
  if (rest.startsWith('{')) return { from, to: from + 1, entries: flowEntries(rest, from) }
  if (rest !== '') {
    const names = unquoted(rest)
    return { from, to: from + 1, entries: [{ key: names, names, from, to: from + 1 }] }
  }
  let to = from + 1
  while (to < lines.length && /^(\s|#|$)/.test(lines[to]!)) to += 1
  // What follows belongs to the next key.
  while (from + 1 < to && /^(#|\s*$)/.test(lines[to - 1]!)) to -= 1
  return { from, to, entries: blockEntries(lines, from + 1, to) }
}

function flowEntries(text: string, at: number): readonly Entry[] {
  return text
    .replace(/^\{|\}$/g, '')
    .split(',')
    .flatMap((pair) => {
      const [, key, names] = /^\s*(\S+?)\s*:\s+(.+?)\s*$/.exec(pair) ?? []
      return key === undefined ? [] : [{ key: unquoted(key), names: unquoted(names!), from: at, to: at + 1 }]
    })
}

function blockEntries(lines: readonly string[], from: number, to: number): readonly Entry[] {
  const found: Entry[] = []
  for (let at = from; at < to; at++) {
    const [, key, value] = /^ {2}("[^"]*"|'[^']*'|[^\s:#][^:]*):\s+(\S.*)$/.exec(lines[at]!) ?? []
    if (key === undefined) continue
    if (!value!.startsWith('|')) {
      found.push({ key: unquoted(key), names: unquoted(value!), from: at, to: at + 1 })
      continue
    }
    let end = at + 1
    while (end < to && /^( {3}|\s*$)/.test(lines[end]!)) end += 1
    found.push({ key: unquoted(key), from: at + 1, to: end })
    at = end - 1
  }
  return found
}

function unquoted(text: string): string {
  return /^(".*"|'.*')$/.test(text) ? text.slice(1, -1) : text
}
