/**
 * Draws for the generators of random CIBs: fast-check's generator behind verbs of the domain.
 *
 * The same seed gives the same draws as long as the calls stay the same; a change in a generator changes every later CIB.
 */
import fc, { type GeneratorValue } from 'fast-check'

const evenly = (min: number, max: number): fc.Arbitrary<number> => fc.noBias(fc.integer({ min, max }))

/** A source of chance for one CIB. */
export class Draw {
  readonly #gen: GeneratorValue
  #ids = 0

  constructor(gen: GeneratorValue) {
    this.#gen = gen
  }

  /** An integer from `min` to `max`, both included. */
  int(min: number, max: number): number {
    return this.#gen(evenly, min, max)
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.int(0, 999) < percent * 10
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)]!
  }

  /** One of the values, each as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.int(0, choices.reduce((sum, [weight]) => sum + weight, 0) - 1)
    for (const [weight, value] of choices) {
      if (left < weight) return value
      left -= weight
    }
    return choices[0]![1]
  }

  /** From `min` to `max` different members, in the order drawn. */
  some<T>(list: readonly T[], min: number, max: number): readonly T[] {
    const rest = [...list]
    const drawn: T[] = []
    const count = Math.min(this.int(min, max), list.length)
    while (drawn.length < count) drawn.push(...rest.splice(this.int(0, rest.length - 1), 1))
    return drawn
  }

  /** The value in `percent` of a hundred cases, else undefined. */
  maybe<T>(percent: number, value: () => T): T | undefined {
    return this.chance(percent) ? value() : undefined
  }

  /** An id that this CIB does not have yet. */
  id(prefix: string): string {
    this.#ids++
    return `${prefix}-${this.#ids}`
  }
}

/** What `make` makes of the chance that `seed` gives. */
export function drawn<T>(seed: number, make: (draw: Draw) => T): T {
  const arbitrary = fc.gen().map((gen) => make(new Draw(gen)))
  return fc.sample(arbitrary, { seed, numRuns: 1 })[0]!
}
