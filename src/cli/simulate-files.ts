/**
 * Files of the simulator in and out: a CIB from a file, a compressed file or standard input; texts to where options say.
 *
 * Nothing here throws for trouble with files: it comes back as the code of the reference tool and the words for it.
 * Source: spec D-1, D-11 and probes of 2.1.5.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { type Cib, readCib } from '../cib/read.ts'
import { isSchemaProblem } from '../cib/schema.ts'
import { appendChild, findChild, toElement } from '../cib/xml.ts'
import { problemText } from '../model/problem.ts'

/** Exit codes of the reference tool. Source: spec D-11.1. */
export const CODE = {
  ok: 0,
  error: 1,
  denied: 4,
  usage: 64,
  noInput: 66,
  unreadable: 70,
  inputOutput: 74,
  invalid: 78,
  noObject: 105,
  aborted: 134,
} as const

/** What was read: a CIB, or the exit code without one; and lines for standard error. */
export interface Loaded {
  readonly cib: Cib | undefined
  readonly code: number
  readonly notes: readonly string[]
}

/** Reads a CIB from `path`; `-` is standard input, a name in `.bz2` is decompressed. */
export async function loadCib(path: string): Promise<Loaded> {
  const text = await readText(path)
  if (typeof text !== 'string') return { cib: undefined, code: CODE.unreadable, notes: [`${path}: ${text.words}`] }
  const { value: cib, problems } = readCib(text, path)
  const notes = problems.map((problem) =>
    isSchemaProblem(problem)
      ? `${problem.line === 0 ? '' : `${path}:${problem.line}: `}${problem.reference}`
      : problemText(problem),
  )
  if (cib !== undefined) return { cib, code: CODE.ok, notes: [...completeTree(cib), ...notes] }
  const isForeign = problems.some(({ what }) => what.startsWith('The root element is'))
  const code = problems.some(isSchemaProblem) ? CODE.invalid : isForeign ? CODE.noInput : CODE.unreadable
  return { cib, code, notes }
}

const UNCHECKED =
  'Schema validation of configuration is disabled (enabling is encouraged and prevents common misconfigurations)'

/** Adds what the reference adds before it stores a CIB. */
function completeTree({ tree }: Cib): readonly string[] {
  const { attributes } = tree
  if (!attributes.has('validate-with')) attributes.set('validate-with', 'none')
  if (findChild(tree, 'status') === undefined) appendChild(tree, toElement('status'))
  return attributes.get('validate-with') === 'none' ? [UNCHECKED] : []
}

async function readText(path: string): Promise<string | Trouble> {
  try {
    const bytes = path === '-' ? await readStandardInput() : readFileSync(path)
    if (!path.endsWith('.bz2')) return bytes.toString('utf8')
    const { decompress } = await import('./bzip.ts')
    return decompress(bytes)
  } catch (error) {
    return toTrouble(error)
  }
}

/** Reads to the end; a synchronous read would fail, and lose what it has, where a pipe is slow. */
async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Why a file could not be used. */
export interface Trouble {
  readonly code: number
  readonly words: string
}

/** Writes `text` to `path`, replacing what is there; returns what went wrong, if anything. */
export function writeText(path: string, text: string): Trouble | undefined {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { code: CODE.error, words: 'Is a directory' }
    writeFileSync(path, text)
    return undefined
  } catch (error) {
    return toTrouble(error)
  }
}

const WORDS = new Map([
  ['ENOENT', 'No such file or directory'],
  ['EACCES', 'Permission denied'],
  ['EPERM', 'Operation not permitted'],
  ['EISDIR', 'Is a directory'],
  ['ENOTDIR', 'Not a directory'],
  ['EROFS', 'Read-only file system'],
  ['ENOSPC', 'No space left on device'],
  ['ENAMETOOLONG', 'File name too long'],
])

function toTrouble(error: unknown): Trouble {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = WORDS.get(code) ?? (error instanceof Error ? error.message : String(error))
  if (code === 'ENOENT') return { code: CODE.noObject, words }
  return { code: code === 'EACCES' || code === 'EPERM' ? CODE.denied : CODE.error, words }
}

/** Takes output. */
export type Print = (text: string) => void

/** Opens the output, which empties a file that is there; `-` is `print`. */
export function openOutput(path: string, print: Print): Print | Trouble {
  if (path === '-') return print
  const trouble = path === '' ? { code: CODE.noObject, words: 'No such file or directory' } : writeText(path, '')
  return trouble ?? ((text) => void writeText(path, text))
}
