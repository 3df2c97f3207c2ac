/**
 * Texts of the CIB to numbers and durations, exactly as Pacemaker reads them, oddities included.
 *
 * Pure functions; nothing here knows a cluster. Source: spec.
 */
import { clampScore, INFINITY } from './role.ts'
import type { HealthScores } from './state.ts'

const TRUE = new Set(['true', 'on', 'yes', 'y', '1'])
const FALSE = new Set(['false', 'off', 'no', 'n', '0'])

/** True for the words of truth in any case; absent and all else count as not true. Source: spec. */
export function isTrue(text: string | undefined): boolean {
  return text !== undefined && TRUE.has(text.toLowerCase())
}

/** True for the words of falsehood only. */
export function isFalse(text: string | undefined): boolean {
  return text !== undefined && FALSE.has(text.toLowerCase())
}

/** Equal in any letter case; absent equals absent only. Source: spec. */
export function isSameText(left: string | undefined, right: string | undefined): boolean {
  return left === right || (left !== undefined && right !== undefined && left.toLowerCase() === right.toLowerCase())
}

/** Two to the 63rd, as an exact product: a power might differ between engines. */
const INTEGER_LIMIT = 4_294_967_296 * 2_147_483_648

/** The integer at the start of `text`, or undefined where there is none or it is beyond 64 bits. Source: spec. */
export function scanInteger(text: string | undefined): number | undefined {
  const match = text === undefined ? null : /^[ \t\n\v\f\r]*([+-]?[0-9]+)/.exec(text)
  if (match === null) return undefined
  const value = Number(match[1])
  return INTEGER_LIMIT <= Math.abs(value) ? undefined : value
}

/** "int with minimum m". Source: spec. */
export function intAtLeast(text: string | undefined, min: number): number {
  const value = text === undefined ? min : (scanInteger(text) ?? min)
  return Math.min(2_147_483_647, Math.max(min, value))
}

/** A score text's number; absent and garbage are 0, and so is an infinity in small letters (probed). Source: spec. */
export function toScore(text: string | undefined, health: HealthScores): number {
  if (text === undefined) return 0
  switch (text) {
    case '-INFINITY':
      return -INFINITY
    case 'INFINITY':
    case '+INFINITY':
      return INFINITY
  }
  switch (text.toLowerCase()) {
    case 'red':
      return health.red
    case 'yellow':
      return health.yellow
    case 'green':
      return health.green
    default:
      return clampScore(scanInteger(text) ?? 0)
  }
}

/** A simple duration in milliseconds, or −1. Source: spec. */
export function simpleDurationMs(text: string): number {
  const match = /^[ \t]*([0-9.]+)[ \t]*/.exec(text)
  if (match === null) return -1
  const value = scanInteger(match[1])
  if (value === undefined) return -1
  const unit = text.slice(match[0].length).toLowerCase()
  if (unit.startsWith('ms') || unit.startsWith('msec')) return value
  if (unit.startsWith('us') || unit.startsWith('usec')) return Math.floor(value / 1000)
  if (unit.startsWith('s')) return value * 1000
  if (unit.startsWith('m')) return value * 60_000
  if (unit.startsWith('h')) return value * 3_600_000
  return unit === '' || unit.startsWith('\n') || unit.startsWith('\r') ? value * 1000 : -1
}

/** An interval spec in milliseconds, or undefined where it cannot be read. Source: spec. */
export function parseInterval(text: string): number | undefined {
  const ms = text.startsWith('P') ? isoDurationSeconds(text) : simpleDurationMs(text)
  if (ms === undefined || ms < 0) return undefined
  return Math.min(text.startsWith('P') ? ms * 1000 : ms, 4_294_967_295)
}

/** An interval spec in milliseconds; absent and errors are 0. Source: spec. */
export function intervalMs(text: string | undefined): number {
  return text === undefined ? 0 : (parseInterval(text) ?? 0)
}

/** The seconds of an ISO 8601 duration, with Pacemaker's calendar arithmetic (P1D is 0). Source: spec. */
export function isoDurationSeconds(text: string): number | undefined {
  let seconds = 0
  let days = 0
  let years = 0
  let months = 0
  let inTime = false
  let rest = text.slice(1)
  for (; rest !== '' && !/^[\s/]/.test(rest); ) {
    if (rest.startsWith('T')) {
      inTime = true
      rest = rest.slice(1)
      continue
    }
    const match = /^([+-]?[0-9]{1,10})([A-Z])/.exec(rest)
    if (match === null) return undefined
    const value = Number(match[1])
    rest = rest.slice(match[0].length)
    switch (match[2]) {
      case 'Y':
        years = value
        break
      case 'M':
        if (inTime) seconds += value * 60
        else months = value
        break
      case 'W':
        days += value * 7
        break
      case 'D':
        days += value
        break
      case 'H':
        seconds += value * 3600
        break
      case 'S':
        seconds += value
        break
      default:
        return undefined
    }
  }
  for (let year = 1; year < years; year++) seconds += (isLeapYear(year) ? 366 : 365) * 86_400
  seconds += months * 30 * 86_400
  if (days > 0) seconds += (days - 1) * 86_400
  return seconds
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** An operation's time-out in milliseconds; absent and errors are 20 s. Source: spec. */
export function timeoutMs(text: string | undefined): number {
  const value = text === undefined ? -1 : simpleDurationMs(text)
  return value < 0 ? 20_000 : value
}

/** Compares names as node names are sorted: digits as numbers, letters in any case. −1, 0 or 1. Source: spec. */
export function compareNames(left: string, right: string): number {
  let l = 0
  let r = 0
  const isDigit = (code: number): boolean => code >= 48 && code <= 57
  while (l < left.length && r < right.length) {
    if (isDigit(left.charCodeAt(l)) && isDigit(right.charCodeAt(r))) {
      const startL = l
      const startR = r
      while (l < left.length && isDigit(left.charCodeAt(l))) l++
      while (r < right.length && isDigit(right.charCodeAt(r))) r++
      const difference = Number(left.slice(startL, l)) - Number(right.slice(startR, r)) || l - startL - (r - startR)
      if (difference !== 0) return difference < 0 ? -1 : 1
      continue
    }
    const a = lower(left.charCodeAt(l++))
    const b = lower(right.charCodeAt(r++))
    if (a !== b) return a < b ? -1 : 1
  }
  if (l < left.length) return 1
  return r < right.length ? -1 : 0
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code
}

/** Compares versions such as 3.0.13; absent comes first. Source: spec. */
export function compareVersions(left: string | undefined, right: string | undefined): number {
  if (left === undefined || right === undefined) return (left === undefined ? 0 : 1) - (right === undefined ? 0 : 1)
  const a = left.split('.')
  const b = right.split('.')
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (scanInteger(a[at]) ?? 0) - (scanInteger(b[at]) ?? 0)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return 0
}

/** An operation key taken apart, or undefined where it is none. Source: spec. */
export function parseKey(
  key: string,
): { readonly resource: string; readonly task: string; readonly intervalMs: number } | undefined {
  const special = /^(.*)_(migrate_(?:from|to)|(?:pre|post)_notify_(?:[a-z]+|migrate_(?:from|to)))_([0-9]+)$/.exec(key)
  if (special !== null) return { resource: special[1]!, task: special[2]!, intervalMs: Number(special[3]) }
  const last = key.lastIndexOf('_')
  const before = last <= 0 ? -1 : key.lastIndexOf('_', last - 1)
  if (before <= 0) return undefined
  const interval = key.slice(last + 1)
  return {
    resource: key.slice(0, before),
    task: key.slice(before + 1, last),
    intervalMs: /^[0-9]+/.test(interval) ? Number.parseInt(interval, 10) : 0,
  }
}

/** A resource id without its trailing `:digits`. Source: spec. */
export function baseName(id: string): string {
  return id.replace(/:[0-9]+$/, '')
}

/** Stable top-down merge sort, needed where a comparison is no total order. Source: spec. */
export function mergeSort<T>(list: readonly T[], compare: (left: T, right: T) => number): T[] {
  const sorted = [...list]
  if (1 < sorted.length) sortRange(sorted, [], 0, sorted.length, compare)
  return sorted
}

/** Sorts `list` from `begin` to before `end`; `left` is room for the left half while the halves are merged. */
function sortRange<T>(list: T[], left: T[], begin: number, end: number, compare: (left: T, right: T) => number): void {
  const middle = begin + ((end - begin) >> 1)
  if (1 < middle - begin) sortRange(list, left, begin, middle, compare)
  if (1 < end - middle) sortRange(list, left, middle, end, compare)
  const length = middle - begin
  for (let at = 0; at < length; at++) left[at] = list[begin + at]!
  let l = 0
  let r = middle
  let to = begin
  while (l < length && r < end) list[to++] = compare(left[l]!, list[r]!) <= 0 ? left[l++]! : list[r++]!
  while (l < length) list[to++] = left[l++]!
}
