/** The order of a transition against the plain description of it: whole passes over the list until one does nothing. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { runPasses } from '../../src/crmsim/passes.ts'
import type { Graph } from '../../src/scheduler/graph.ts'
import { toGraph } from '../support/crmsim.ts'

/** As spec D-7.2 to D-7.5 tells it, at any cost. */
function plainly({ synapses }: Graph, fails: ReadonlySet<number>): readonly number[] {
  const done: number[] = []
  const confirmed = synapses.map(() => new Set<number>())
  let abort = 0
  for (let fired = true; fired; ) {
    fired = false
    synapses.forEach(({ action, priority, inputs }, at) => {
      const isReady = inputs.every(({ id }) => confirmed[at]!.has(id)) && !done.includes(action.id)
      if (!isReady || (action.element !== 'pseudo_event' && priority < abort)) return
      done.push(action.id)
      fired = true
      const isFailed = fails.has(action.id)
      if (isFailed) abort = 1_000_000
      synapses.forEach((other, place) => {
        if (!isFailed || other.priority === 1_000_000) confirmed[place]!.add(action.id)
      })
    })
  }
  return done
}

const line = fc.record({
  isPseudo: fc.boolean(),
  priority: fc.constantFrom(0, 0, 5, 1_000_000),
  inputs: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 3 }),
  fails: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
})

it('is that of whole passes, with and without failures', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.integer(), (lines, seed) => {
      const ids = lines.map((_line, at) => at + 1).sort((left, right) => ((left * seed) % 7) - ((right * seed) % 7))
      const graph = toGraph(
        ...lines.map(({ isPseudo, priority, inputs }, at) => {
          const what = isPseudo ? `! p_0` : `A start_0 n1`
          return `${ids[at]} ${what} @${priority} < ${inputs.filter((id) => id !== ids[at]).join(' ')}`
        }),
      )
      const fails = new Set(ids.filter((_id, at) => lines[at]!.fails && !lines[at]!.isPseudo))
      const done: number[] = []
      runPasses(graph, ({ id }) => {
        done.push(id)
        return !fails.has(id)
      })
      expect(done).toEqual(plainly(graph, fails))
    }),
    { seed: 1, numRuns: 2000 },
  )
})
