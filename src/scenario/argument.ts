/** Reads one argument of a fault or check by its type. */
import { parseDuration } from '../kernel/time.ts'
import type { ArgumentValue, ParameterSpec } from '../model/vocabulary.ts'

/** The value, or what is wrong with it as a sentence. */
export interface ReadArgument {
  readonly value?: ArgumentValue
  readonly what?: string
}

/** Reads `given` for `parameter`; `any` is let through for what chance chooses. */
export function readArgument(parameter: ParameterSpec, given: unknown): ReadArgument {
  const { name, type, choices } = parameter
  switch (type) {
    case 'duration': {
      const duration = parseDuration(String(given))
      return duration === undefined
        ? { what: `\`${name}\`: "${String(given)}" is no duration; write 500ms, 10s, 2m` }
        : { value: duration }
    }
    case 'number':
      return typeof given === 'number' && Number.isFinite(given) && 0 <= given
        ? { value: given }
        : { what: `\`${name}\` must be a number from 0 on, not ${shown(given)}` }
    case 'chance':
      return typeof given === 'number' && 0 <= given && given <= 1
        ? { value: given }
        : { what: `\`${name}\` must be a chance from 0 to 1, not ${shown(given)}` }
    case 'link':
      return isNames(given) && given.length === 2 && given[0] !== given[1]
        ? { value: given }
        : { what: `\`${name}\` names two different members: [a, b]` }
    case 'sides':
      return readSides(name, given)
    case 'device':
    case 'medium':
    case 'node':
    case 'process':
    case 'resource':
    case 'storage':
    case 'text': {
      if (typeof given !== 'string' && typeof given !== 'number')
        return { what: `\`${name}\` must be a word, not ${shown(given)}` }
      const text = String(given)
      if (choices !== undefined && !choices.includes(text))
        return { what: `\`${name}\` must be one of ${choices.join(', ')}, not "${text}"` }
      return { value: text }
    }
  }
}

function readSides(name: string, given: unknown): ReadArgument {
  if (!Array.isArray(given) || given.length < 2 || !given.every((side) => isNames(side) && 0 < side.length))
    return { what: `\`${name}\` is two or more lists of nodes: [[a], [b, c]]` }
  const all = given.flat()
  const twice = all.find((node, index) => all.indexOf(node) < index)
  return twice === undefined ? { value: given } : { what: `"${String(twice)}" stands on two sides` }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
