/**
 * Dates of rules: texts to epoch seconds, calendar fields of an instant, adding durations. Everything local is UTC.
 *
 * Uses days since 1970 by integer arithmetic; never the host's calendar. Source: spec.
 */

const DAY = 86_400

/** Days from 1970-01-01 to a Gregorian date; `month` counts from 1. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/** The Gregorian date of a day since 1970-01-01. */
export function civilFromDays(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day }
}

function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)
  return next - daysFromCivil(year, month, 1)
}

/** Monday 1 … Sunday 7. */
function weekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

/** The Monday of an ISO year's first week. */
function firstMonday(year: number): number {
  const fourth = daysFromCivil(year, 1, 4)
  return fourth - weekday(fourth) + 1
}

/** A date text's epoch seconds, or undefined where it cannot be read. `now` gives the date of a bare time. Source. */
export function parseDate(text: string, now: number): number | undefined {
  if (text === '') return undefined
  if (text.startsWith('T') || text[2] === ':') {
    const seconds = parseTime(text.replace(/^T/, ''))
    return seconds === undefined ? undefined : Math.floor(now / DAY) * DAY + seconds
  }
  const [, datePart = '', rest = ''] = /^(epoch(?=$|[/ ])|[0-9W-]+)(.*)$/is.exec(text) ?? []
  const days = parseDay(datePart)
  if (days === undefined) return undefined
  const time = /^[ T]/.test(rest) ? parseTime(rest.slice(1).trim()) : 0
  return time === undefined ? undefined : days * DAY + time
}

function parseDay(text: string): number | undefined {
  if (text.toLowerCase() === 'epoch') return 0
  const week = /^(\d+)-W(\d+)-(\d+)/.exec(text)
  if (week !== null) {
    const [year, number, day] = [Number(week[1]), Number(week[2]), Number(week[3])]
    const weeks = (firstMonday(year + 1) - firstMonday(year)) / 7
    return number > weeks || day < 1 || day > 7 ? undefined : firstMonday(year) + (number - 1) * 7 + day - 1
  }
  const date = /^(\d+)-(\d+)-(\d+)/.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (date !== null) {
    const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])]
    const isValid = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    return isValid ? daysFromCivil(year, month, day) : undefined
  }
  const ordinal = /^(\d+)-(\d+)/.exec(text)
  if (ordinal === null) return undefined
  const first = daysFromCivil(Number(ordinal[1]), 1, 1)
  const length = daysFromCivil(Number(ordinal[1]) + 1, 1, 1) - first
  const day = Number(ordinal[2])
  return day < 1 || day > length ? undefined : first + day - 1
}

/** Seconds of `H:M:S` with an optional zone, relative to midnight UTC. */
function parseTime(text: string): number | undefined {
  const match = /^(\d+)(?::(\d+)(?::(\d+))?)?\s*(Z|[+-]\d{1,2}(?::?\d{2})?)?/.exec(text)
  if (match === null) return undefined
  let [hours, minutes, seconds] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
  if (match[2] === undefined && match[1]!.length > 2) {
    const digits = match[1]!
    hours = Number(digits.slice(0, 2))
    minutes = Number(digits.slice(2, 4))
    seconds = Number(digits.slice(4, 6))
  }
  const isMidnight = hours === 24 && minutes === 0 && seconds === 0
  if ((hours > 23 && !isMidnight) || minutes > 59 || seconds > 59) return undefined
  const zone = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(match[4] ?? '')
  const offset = zone === null ? 0 : (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) * 60 * (zone[1] === '-' ? -1 : 1)
  return hours * 3600 + minutes * 60 + seconds - offset
}

/**
 * `instant` plus a duration's parts, added from years down to seconds. A year keeps the number of the day in the year, so that a leap
 * day between moves the date by one; a month keeps the day of the month. Source: spec; years by probing.
 */
export function addDuration(instant: number, parts: ReadonlyMap<string, number>): number {
  const part = (name: string): number => parts.get(name) ?? 0
  const date = civilFromDays(withYears(Math.floor(instant / DAY), part('years')))
  const months = date.month - 1 + part('months')
  const year = date.year + Math.floor(months / 12)
  const month = (((months % 12) + 12) % 12) + 1
  const day = Math.min(date.day, daysInMonth(year, month))
  const days = daysFromCivil(year, month, day) + part('weeks') * 7 + part('days')
  const seconds = part('hours') * 3600 + part('minutes') * 60 + part('seconds')
  return days * DAY + (instant - Math.floor(instant / DAY) * DAY) + seconds
}

function withYears(days: number, years: number): number {
  const { year } = civilFromDays(days)
  return daysFromCivil(year + years, 1, 1) + days - daysFromCivil(year, 1, 1)
}

/** The fields that `date_spec` compares, by its attribute names. Source: spec. */
export function dateFields(instant: number): ReadonlyMap<string, number> {
  const days = Math.floor(instant / DAY)
  const second = instant - days * DAY
  const { year, month, day } = civilFromDays(days)
  const yearDay = days - daysFromCivil(year, 1, 1) + 1
  const weekYear = days >= firstMonday(year + 1) ? year + 1 : days < firstMonday(year) ? year - 1 : year
  return new Map([
    ['years', year],
    ['months', month],
    ['monthdays', day],
    ['hours', Math.floor(second / 3600)],
    ['minutes', Math.floor((second % 3600) / 60)],
    ['seconds', second % 60],
    ['yeardays', yearDay],
    ['weekyears', weekYear],
    ['weeks', Math.floor((days - firstMonday(weekYear)) / 7) + 1],
    ['weekdays', weekday(days)],
    ['moon', moonPhase(year, yearDay)],
  ])
}

function moonPhase(year: number, yearDay: number): number {
  const golden = (year % 19) + 1
  let epact = (11 * golden + 18) % 30
  if ((epact === 25 && golden > 11) || epact === 24) epact++
  return Math.floor((((yearDay + epact) * 6 + 11) % 177) / 22) & 7
}
