/** Laws of every machine: both engines and a live XState actor agree on any sequence of events, and every state can be reached. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { MACHINES } from '../../src/machines/catalogue.ts'
import { chartOf, compile, interpret } from '../../src/machines/engine.ts'

describe.each(MACHINES.map((machine) => ({ id: machine.id, machine })))('machine $id', ({ machine }) => {
  const table = compile(machine)
  const slow = interpret(machine)

  it('goes the same way in XState, in the interpreter and in the table', () => {
    const events = fc.array(fc.constantFrom(...table.events, 'no-such-event'), { maxLength: 40 })
    const law = fc.property(events, (sent) => {
      const actor = createActor(machine).start()
      let state = table.initial
      for (const event of sent) {
        const next = table.next(state, event)
        expect(slow.next(state, event)).toBe(next)
        state = next ?? state
        actor.send({ type: event })
        expect(actor.getSnapshot().value).toBe(state)
      }
      actor.stop()
    })
    fc.assert(law)
  })

  it('can reach every state', () => {
    const reached = new Set([table.initial])
    for (const state of reached)
      for (const { from, to } of chartOf(table).transitions) if (from === state) reached.add(to)
    expect([...reached].sort()).toEqual([...table.states].sort())
  })

  it('refuses a state that it does not have', () => {
    expect(() => table.next('nowhere', table.events[0]!)).toThrow('has a state "nowhere"')
    expect(() => slow.next('nowhere', table.events[0]!)).toThrow('has a state "nowhere"')
  })
})
