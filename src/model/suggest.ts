/** "Did you mean …?": the known word nearest to an unknown one. */

/** Advice for an unknown word: the nearest known one, or all of them (the first of many) where none is near. */
export function suggest(word: string, known: readonly string[]): string {
  const best = nearest(word, known)
  if (best !== undefined) return `did you mean ${best}?`
  const rest = known.length - LISTED_MAX
  return `known are ${known.slice(0, LISTED_MAX).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

const LISTED_MAX = 40

/** The known word that differs from an unknown one by a slip or two; undefined where none does. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/** Insertions, deletions and replacements between two words. O(a × b). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
