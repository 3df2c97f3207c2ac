/**
 * Reads crm_simulate's command line: words in, options or the one complaint out.
 *
 * Source: spec D-11.1 (usage errors) and probes of 2.1.5; see simulate-options.ts.
 */
import type { OptionGroup, SimulateFlags, SimulateOption } from './simulate-options.ts'

/** What was read: options, a wish for help (of one group or all), or what is wrong, in the words of the original. */
export type Words =
  | { readonly kind: 'flags'; readonly flags: SimulateFlags }
  | { readonly kind: 'help'; readonly group: OptionGroup | undefined }
  | { readonly kind: 'error'; readonly text: string }

const HELP_GROUPS: readonly OptionGroup[] = ['output', 'operations', 'synthetic', 'artifact', 'source']

/** Reads `words`; options that `options` does not name are refused. */
export function readWords(words: readonly string[], options: readonly SimulateOption[]): Words {
  const values = new Map<string, unknown>()
  const queue = splitWords(words, options)
  for (let at = 0; at < queue.length; at++) {
    const word = queue[at]!
    if (word === '--') break
    if (word === '-' || !word.startsWith('-')) continue
    const helpGroup = helpOf(word)
    if (helpGroup !== undefined) return { kind: 'help', group: helpGroup === 'all' ? undefined : helpGroup }
    const { name, attached } = parseWord(word)
    const option = options.find(({ short, long }) => name === `--${long}` || (short !== '' && name === `-${short}`))
    if (option === undefined || option.kind === 'help') return { kind: 'error', text: `Unknown option ${word}` }
    let value = attached
    if (option.value !== '' && value === undefined) {
      value = queue[++at]
      if (value === undefined) return { kind: 'error', text: `Missing argument for ${name}` }
    }
    const complaint = store(values, option, name, value ?? '')
    if (complaint !== undefined) return { kind: 'error', text: complaint }
  }
  return { kind: 'flags', flags: Object.fromEntries(values) as SimulateFlags }
}

/**
 * Combined short options, one by one; what stands behind one that wants a value is its value.
 *
 * As in the original a dash among them ends the options, and a word that follows a long option is split as well.
 */
function splitWords(words: readonly string[], options: readonly SimulateOption[]): readonly string[] {
  const takesValue = new Set(
    options.filter(({ short, value }) => short !== '' && value !== '').map(({ short }) => short),
  )
  const result: string[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === '--') return [...result, ...words.slice(at)]
    if (word.length < 2 || !word.startsWith('-') || word.startsWith('--')) {
      result.push(word)
      continue
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word[index]!
      result.push(`-${letter}`)
      if (!takesValue.has(letter)) continue
      const rest = word.slice(index + 1)
      if (rest !== '') result.push(rest)
      else if (at + 1 < words.length) result.push(words[++at]!)
      break
    }
  }
  return result
}

function parseWord(word: string): { readonly name: string; readonly attached: string | undefined } {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1
  if (equals < 0) return { name: word, attached: undefined }
  return { name: word.slice(0, equals), attached: word.slice(equals + 1) }
}

function helpOf(word: string): OptionGroup | 'all' | undefined {
  if (word === '-h' || word === '-?' || word === '--help' || word === '--help-all') return 'all'
  return HELP_GROUPS.find((group) => word === `--help-${group}`)
}

const INT_MAX = 2_147_483_647

/** Keeps a value; returns a complaint where it is none. */
function store(values: Map<string, unknown>, option: SimulateOption, name: string, value: string): string | undefined {
  const key = option.long.replaceAll(/-([a-z])/g, (_match, letter: string) => letter.toUpperCase())
  const before = values.get(key)
  switch (option.kind) {
    case 'flag':
    case 'help':
      values.set(key, true)
      return undefined
    case 'count':
      values.set(key, typeof before === 'number' ? before + 1 : 1)
      return undefined
    case 'text':
      values.set(key, value)
      return undefined
    case 'list':
      values.set(key, [...(Array.isArray(before) ? before : []), value])
      return undefined
    case 'number': {
      const number = /^\s*[+-]?(0[xX][0-9a-fA-F]+|[0-9]+)$/.test(value) ? toNumber(value) : Number.NaN
      if (Number.isNaN(number)) return `Cannot parse integer value “${value}” for ${name}`
      if (INT_MAX < Math.abs(number)) return `Integer value “${value}” for ${name} out of range`
      values.set(key, number)
      return undefined
    }
    case 'file':
      values.set('input', value)
      return undefined
    case 'pipe':
      values.set('input', '-')
      return undefined
    case 'live':
      values.set('input', undefined)
      return undefined
  }
}

/** Reads a number as C does: 0x is hexadecimal, a leading 0 octal. */
function toNumber(text: string): number {
  const digits = text.trim().replace(/^[+-]/, '')
  const isOctal = /^0[0-7]+$/.test(digits)
  if (/^0[0-9]+$/.test(digits) && !isOctal) return Number.NaN
  const size = isOctal ? Number.parseInt(digits, 8) : Number(digits)
  return text.trim().startsWith('-') ? -size : size
}
