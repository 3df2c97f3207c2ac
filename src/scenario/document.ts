/** A YAML text as values with places: every value can be asked where it stands. Entity-like bombs and binary files end as problems. */
import { isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Problem, Severity } from '../model/problem.ts'

/** Larger texts are refused: a scenario has a few kilobytes, with its configuration inline a few hundred. */
const CHARACTERS_MAX = 4_000_000
/** How many nodes aliases may expand to. */
const ALIASES_MAX = 100

/** A step on the way to a value: a key or an index. */
export type Path = readonly (number | string)[]

/** A place in a text; both count from 1, 0 where nothing is known. */
export interface Place {
  readonly line: number
  readonly column: number
}

const NOWHERE: Place = { line: 0, column: 0 }

/** A parsed text, with the place of everything in it. */
export interface YamlDocument {
  readonly value: unknown
  /** Notes a problem at the value of `path`, or at its key where `at` is `key`. */
  readonly complain: (
    path: Path,
    what: string,
    advice: string,
    options?: { readonly severity?: Severity; readonly at?: 'key' | 'value' },
  ) => void
  /** Where the value of `path` stands. */
  readonly placeOf: (path: Path) => Place
  readonly problems: Problem[]
}

/** Parses `text`; undefined value where it is no YAML. Never throws. */
export function parseYaml(text: string, file: string): YamlDocument {
  const problems: Problem[] = []
  const whole = (what: string, advice: string): YamlDocument => {
    problems.push({ severity: 'error', file, line: 0, column: 0, what, advice })
    return { value: undefined, complain: () => {}, placeOf: () => NOWHERE, problems }
  }
  if (CHARACTERS_MAX < text.length)
    return whole(`the file has ${text.length} characters; ${CHARACTERS_MAX} at most are read`, 'is it the right file?')
  if (text.includes('\u0000') || text.includes('\ufffd'))
    return whole('the file is binary, not text', 'a scenario is a YAML text; see scenarios/README.md')
  if (text.trim() === '')
    return whole('the file is empty', 'a scenario needs at least title, manager and config; see scenarios/README.md')

  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const add = (offset: number, what: string, advice: string, severity: Severity = 'error'): void => {
    const { line, col } = lines.linePos(offset)
    problems.push({ severity, file, line, column: col, what, advice })
  }
  for (const error of document.errors) add(error.pos[0], sentence(error.message), 'mend the YAML here')
  if (0 < document.errors.length) return { value: undefined, complain: () => {}, placeOf: () => NOWHERE, problems }

  const complain: YamlDocument['complain'] = (path, what, advice, { severity = 'error', at = 'value' } = {}) =>
    add(offsetOf(document, path, at), what, advice, severity)
  const placeOf = (path: Path): Place => {
    const { line, col } = lines.linePos(offsetOf(document, path, 'value'))
    return { line, column: col }
  }
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }) as unknown, complain, placeOf, problems }
  } catch {
    return whole('aliases in this file expand without bound', 'write the values out')
  }
}

function offsetOf(document: ReturnType<typeof parseDocument>, path: Path, at: 'key' | 'value'): number {
  const last = path.at(-1)
  const parent = document.getIn(path.slice(0, -1), true)
  if (isMap(parent) && at === 'key') {
    const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last)
    if (isNode(pair?.key) && pair.key.range != null) return pair.key.range[0]
  }
  for (let length = path.length; 0 <= length; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range != null) return node.range[0]
  }
  return 0
}

function sentence(text: string): string {
  return text.replace(/\.$/, '').replace(/\s+/g, ' ')
}
