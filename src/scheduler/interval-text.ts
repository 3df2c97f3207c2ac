/** Intervals in the words of the reference tool. Pure; found by probing. */

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
]

/** `1h60s`, `1m1000ms`, `1.500s`: a unit is used for more than one of it. Nothing for zero. */
export function intervalText(intervalMs: number): string {
  let text = ''
  let rest = intervalMs
  for (const [ms, unit] of UNITS) {
    if (rest <= ms) continue
    text += `${Math.floor(rest / ms)}${unit}`
    rest %= ms
  }
  const [seconds, millis] = [Math.floor(rest / 1000), rest % 1000]
  if (1000 < rest) return `${text}${seconds}${millis === 0 ? '' : `.${String(millis).padStart(3, '0')}`}s`
  return 0 < rest ? `${text}${rest}ms` : text
}
