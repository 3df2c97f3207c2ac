/**
 * Virtual time: integer milliseconds since the run began. Nothing here knows the wall clock.
 * Durations are written as administrators write them: `500ms`, `10s`, `2m`, `1h`, `1h30m`; a bare number counts seconds.
 */

/** Milliseconds, an integer: an instant since the run began, or a duration. */
export type Millis = number

export const SECOND: Millis = 1000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR

const UNITS = new Map<string, Millis>([
  ['ms', 1],
  ['s', SECOND],
  ['sec', SECOND],
  ['m', MINUTE],
  ['min', MINUTE],
  ['h', HOUR],
  ['hr', HOUR],
  ['d', DAY],
])

const PART = /(\d+(?:\.\d+)?)\s*([a-z]+)?\s*/y

/**
 * Reads a duration such as `90s`, `1h30m`, `0.5s` or `20` (seconds); undefined where the text is none. Never negative; fractions
 * of a millisecond are rounded.
 */
export function parseDuration(text: string): Millis | undefined {
  const source = text.trim().toLowerCase()
  if (source === '') return undefined
  let total = 0
  PART.lastIndex = 0
  while (PART.lastIndex < source.length) {
    const part = PART.exec(source)
    if (part === null) return undefined
    const unit = part[2] === undefined ? SECOND : UNITS.get(part[2])
    if (unit === undefined) return undefined
    total += Number(part[1]) * unit
  }
  const millis = Math.round(total)
  return Number.isSafeInteger(millis) ? millis : undefined
}

/** Renders an instant as `MM:SS.mmm`, or `H:MM:SS.mmm` from one hour on: the form every story and timeline uses. */
export function clockText(at: Millis): string {
  const hours = Math.floor(at / HOUR)
  const minutes = Math.floor((at % HOUR) / MINUTE)
  const seconds = Math.floor((at % MINUTE) / SECOND)
  const tail = `${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(at % SECOND, 3)}`
  return hours === 0 ? tail : `${hours}:${tail}`
}

/** Renders a duration with the largest units that say it exactly: `1m30s`, `500ms`, `2.5s`. */
export function durationText(duration: Millis): string {
  if (duration < SECOND) return `${duration}ms`
  const hours = Math.floor(duration / HOUR)
  const minutes = Math.floor((duration % HOUR) / MINUTE)
  const seconds = (duration % MINUTE) / SECOND
  const parts = [hours > 0 ? `${hours}h` : '', minutes > 0 ? `${minutes}m` : '', seconds > 0 ? `${seconds}s` : '']
  return parts.join('')
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
