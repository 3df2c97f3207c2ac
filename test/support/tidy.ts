/**
 * The house rules as functions from sources to complaints, so that `tidy.test.ts` can hold them against the tree and against
 * planted violations. Source: the design's import table and the style's rules on shape.
 */

/** One source file: its path from the repository's root, with forward slashes, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

const EVERYTHING = ['*']
const MANAGER = ['manager', 'machines', 'model', 'trace', 'kernel']

/** Who may import whom, type-only imports included. A folder may always import itself. */
const MAY_IMPORT = new Map<string, readonly string[]>([
  ['host', []],
  ['kernel', []],
  ['model', ['kernel']],
  ['machines', ['kernel', 'model', 'xstate']],
  ['trace', ['kernel', 'model']],
  ['agents', ['kernel', 'model', 'machines', 'trace']],
  ['world', ['kernel', 'model', 'machines', 'trace', 'agents']],
  ['faults', ['kernel', 'model', 'machines', 'trace', 'agents', 'world']],
  ['manager', ['kernel', 'model', 'trace']],
  ['cib', ['kernel', 'model']],
  ['scheduler', ['kernel', 'model', 'cib']],
  ['crmsim', ['cib', 'scheduler', 'model', 'kernel']],
  ['pacemaker', [...MANAGER, 'cib', 'scheduler']],
  ['rgmanager', MANAGER],
  ['heartbeat', MANAGER],
  ['checks', ['trace', 'model', 'kernel']],
  ['report', ['trace', 'model', 'kernel']],
  ['scenario', ['kernel', 'model']],
  ['run', EVERYTHING],
  ['sweep', ['run', 'checks', 'trace', 'scenario', 'model', 'kernel']],
  ['cli', EVERYTHING],
  ['web', ['run', 'sweep', 'trace', 'report', 'checks', 'scenario', 'model', 'kernel']],
])

/** Packages that only some folders may use; a package that is not listed is free. */
const PACKAGES = new Map<string, readonly string[]>([
  ['xstate', ['machines']],
  ['seedrandom', ['kernel']],
  ['commander', ['cli']],
  ['picocolors', ['cli']],
  ['saxes', ['cib', 'rgmanager']],
  ['react', ['web']],
])

const LINES_MAX = 500
const DEPTH_MAX = 3

/** What must not stand in deterministic code, and why. */
const BANNED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bDate\b/, 'Date: virtual time is the only time'],
  [/\bMath\.random\b/, 'Math.random: draw from a seeded stream'],
  [/\bMath\.(log|log2|log10|exp|pow|sin|cos|tan|sqrt|cbrt|hypot)\b/, 'a Math function that may differ between engines'],
  [/\bperformance\b\./, 'performance: nothing of the host reaches a trace'],
  [/\b(setTimeout|setInterval|queueMicrotask|requestAnimationFrame)\b/, 'a host timer'],
  [/\bPromise\b|\basync\b|\bawait\b/, 'a promise'],
  [/\bIntl\b|\blocaleCompare\b|\btoLocale\w+\b/, 'a locale'],
]

/** Every complaint about `sources`, in order; an empty list means that the house is in order. */
export function complaintsAbout(sources: readonly Source[]): readonly string[] {
  return sources
    .flatMap((source) => [...shapeComplaints(source), ...importComplaints(source), ...hostComplaints(source)])
    .concat(cycles(sources))
}

/** Imports of one source as written, with the line of each. */
function importsOf(source: Source): readonly { readonly line: number; readonly target: string }[] {
  const found: { line: number; target: string }[] = []
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g
  for (const match of source.text.matchAll(pattern)) {
    const before = source.text.slice(0, match.index + match[0].length)
    found.push({ line: before.split('\n').length, target: match[1] ?? match[2] ?? match[3] ?? '' })
  }
  return found
}

/** The room a path belongs to: `kernel` for `src/kernel/queue.ts`, `web` for anything below web; undefined for the public entry. */
function roomOf(path: string): string | undefined {
  const parts = path.split('/')
  if (parts[0] === 'web') return 'web'
  return parts[0] === 'src' && 2 < parts.length ? parts[1] : undefined
}

function shapeComplaints({ path, text }: Source): readonly string[] {
  const found: string[] = []
  const lines = text.split('\n').length - 1
  if (LINES_MAX < lines) found.push(`${path}: ${lines} lines; ${LINES_MAX} at most`)
  if (DEPTH_MAX < path.split('/').length) found.push(`${path}: deeper than top/folder/file`)
  if (/\/index\.tsx?$/.test(path)) found.push(`${path}: no barrel files`)
  if (!/^\s*(\/\*\*|\/\/|#!)/.test(text)) found.push(`${path}: a file opens with a comment that says what it is for`)
  return found
}

function importComplaints(source: Source): readonly string[] {
  const room = roomOf(source.path)
  if (room === undefined) return []
  const allowed = MAY_IMPORT.get(room)
  if (allowed === undefined) return [`${source.path}: no room "${room}" in the import table`]
  const found: string[] = []
  for (const { line, target } of importsOf(source)) {
    if (target.startsWith('.')) {
      const other = roomOf(resolve(source.path, target))
      if (other !== undefined && other !== room && !allowed.includes('*') && !allowed.includes(other)) {
        found.push(`${source.path}:${line}: ${room} must not import ${other}`)
      }
    } else {
      const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : target.split('/')[0]!
      const owners = PACKAGES.get(name)
      if (owners !== undefined && !owners.includes(room))
        found.push(`${source.path}:${line}: only ${owners.join(', ')} may import ${name}`)
      const isNodes = room === 'cli' || /^src\/host\/.*\.node\.ts$/.test(source.path)
      if (target.startsWith('node:') && !isNodes) found.push(`${source.path}:${line}: only cli may import ${target}`)
    }
  }
  if (source.path.startsWith('web/views/')) {
    for (const { line, target } of importsOf(source)) {
      if (resolve(source.path, target).startsWith('src/run/'))
        found.push(`${source.path}:${line}: a view must not import run`)
    }
  }
  return found
}

function hostComplaints({ path, text }: Source): readonly string[] {
  const room = roomOf(path)
  if (room === undefined || room === 'cli' || room === 'web' || path.endsWith('.d.ts')) return []
  const found: string[] = []
  withoutComments(text)
    .split('\n')
    .forEach((line, index) => {
      for (const [pattern, what] of BANNED)
        if (pattern.test(withoutStrings(line))) found.push(`${path}:${index + 1}: ${what}`)
      if (/\*\*(?!\/)/.test(withoutStrings(line))) found.push(`${path}:${index + 1}: ** may differ between engines`)
    })
  return found
}

/** Cycles between rooms of src; files within one room may be mutually recursive. */
function cycles(sources: readonly Source[]): readonly string[] {
  const edges = new Map<string, Set<string>>()
  for (const source of sources) {
    const room = roomOf(source.path)
    if (room === undefined) continue
    const targets = edges.get(room) ?? new Set()
    edges.set(room, targets)
    for (const { target } of importsOf(source)) {
      const other = target.startsWith('.') ? roomOf(resolve(source.path, target)) : undefined
      if (other !== undefined && other !== room) targets.add(other)
    }
  }
  const found: string[] = []
  const visit = (room: string, path: readonly string[]): void => {
    if (path.includes(room)) {
      if (path[0] === room) found.push(`cycle: ${[...path, room].join(' → ')}`)
      return
    }
    for (const other of [...(edges.get(room) ?? [])].sort()) visit(other, [...path, room])
  }
  for (const room of [...edges.keys()].sort()) visit(room, [])
  return found
}

function resolve(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** Blanks comments out, keeping every line where it is. */
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;,({])\/\/[^\n]*/g, '$1')
}

function withoutStrings(line: string): string {
  return line.replace(
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?![/*\s])(?:[^/\\\n[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[dgimsuvy]*/g,
    '""',
  )
}
