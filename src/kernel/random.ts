/**
 * Chance: one stream of random numbers for each (run seed, component, purpose). A new consumer or an added fault never shifts
 * another's draws, so two variants of a scenario meet the same misfortunes (common random numbers).
 *
 * The generator is seedrandom's `alea`: additions, multiplications and floors only, hence the same bits in every engine.
 */
import alea from 'seedrandom/lib/alea.js'

/** Where a stream stands, as plain data. */
export interface StreamSnapshot {
  readonly component: string
  readonly purpose: string
  readonly state: object
}

/** The state of an alea generator. */
interface AleaState {
  readonly c: number
  readonly s0: number
  readonly s1: number
  readonly s2: number
}

type Generator = ReturnType<typeof alea>

/** A sequence of uniform numbers in [0, 1). */
export type Stream = () => number

/** The random streams of one run, made on first use. */
export class Streams {
  readonly seed: number
  /** By component, then by purpose: no name has to be put together for a draw. */
  readonly #streams = new Map<string, Map<string, Generator>>()

  constructor(seed: number) {
    this.seed = seed
  }

  /** The stream of `component` (say `node n1`) for `purpose` (say `boot time`); the same pair always gives the same stream. */
  stream(component: string, purpose: string): Stream {
    const known = this.#streams.get(component)?.get(purpose)
    return (
      known ?? this.#add(component, purpose, alea(`${this.seed}\u0000${component}\u0000${purpose}`, { state: true }))
    )
  }

  /** Where all streams stand. */
  snapshot(): readonly StreamSnapshot[] {
    return [...this.#streams].flatMap(([component, streams]) =>
      [...streams].map(([purpose, stream]) => ({ component, purpose, state: stream.state() })),
    )
  }

  /** Puts the streams where `snapshot` was taken; streams made since then begin anew. */
  restore(snapshot: readonly StreamSnapshot[]): void {
    this.#streams.clear()
    // The states come from `snapshot()` of the same class, so they are alea states.
    for (const { component, purpose, state } of snapshot)
      this.#add(component, purpose, alea('', { state: state as AleaState }))
  }

  #add(component: string, purpose: string, generator: Generator): Stream {
    const streams = this.#streams.get(component) ?? new Map<string, Generator>()
    this.#streams.set(component, streams.set(purpose, generator))
    return generator
  }
}
