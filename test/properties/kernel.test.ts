/** The kernel's order and chance, for any events and any seed. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Distribution, draw, rangeOf, uniform } from '../../src/kernel/draw.ts'
import { Loop } from '../../src/kernel/loop.ts'
import { EventQueue } from '../../src/kernel/queue.ts'
import { Streams } from '../../src/kernel/random.ts'
import { clockText, durationText, parseDuration } from '../../src/kernel/time.ts'

const entries = fc.array(fc.record({ at: fc.nat(50), priority: fc.integer({ min: -2, max: 2 }) }), { maxLength: 200 })

describe('the queue', () => {
  it('pops by time, then priority, then the order of pushing', () => {
    fc.assert(
      fc.property(entries, (pushed) => {
        const queue = new EventQueue<number>()
        for (const [index, { at, priority }] of pushed.entries()) queue.push(at, priority, index)
        const popped: number[] = []
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) popped.push(next.event)
        const expected = pushed.map((entry, index) => ({ ...entry, index }))
        expected.sort((a, b) => a.at - b.at || a.priority - b.priority || a.index - b.index)
        expect(popped).toEqual(expected.map((entry) => entry.index))
      }),
    )
  })

  it('never gives a cancelled event, and a restored queue goes on like the first', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(199)), (pushed, cancelled) => {
        const queue = new EventQueue<number>()
        const sequences = pushed.map(({ at, priority }, index) => queue.push(at, priority, index))
        const gone = new Set(cancelled.filter((index) => index < pushed.length))
        for (const index of gone) queue.cancel(sequences[index]!)
        const restored = EventQueue.restore(structuredClone(queue.snapshot()))
        const drain = (q: EventQueue<number>): number[] => {
          const out: number[] = []
          for (let next = q.pop(); next !== undefined; next = q.pop()) out.push(next.event)
          return out
        }
        const first = drain(queue)
        expect(first.some((index) => gone.has(index))).toBe(false)
        expect(first.length).toBe(pushed.length - gone.size)
        expect(drain(restored)).toEqual(first)
      }),
    )
  })
})

describe('a queue in which timers are set again and again', () => {
  it('gives what cancelling and pushing anew would give, restored or not', () => {
    const change = fc.record({
      kind: fc.constantFrom('set', 'set', 'rest', 'disown', 'push', 'pop'),
      timer: fc.nat(9),
      at: fc.nat(60),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), fc.nat(200), (changes, storedAfter) => {
        const plain = new EventQueue<number>()
        let owning = new EventQueue<number>()
        /** By timer: its handle in the one, and where it waits, in the other. */
        const timers = new Map<number, { readonly own: number; waits: number | undefined }>()
        const pop = (): void => {
          const [left, right] = [owning.pop(), plain.pop()]
          expect([left?.at, left?.event]).toEqual([right?.at, right?.event])
          const timer = right === undefined ? undefined : timers.get(right.event)
          if (timer !== undefined) timer.waits = undefined
        }
        for (const [step, { kind, timer, at }] of changes.entries()) {
          const known = timers.get(timer)
          if (step === storedAfter) owning = EventQueue.restore(structuredClone(owning.snapshot()))
          if (kind === 'pop') pop()
          else if (kind === 'push') for (const queue of [owning, plain]) queue.push(at, 0, 100 + step)
          else if (kind === 'set') {
            const set = known ?? { own: owning.own(), waits: undefined }
            if (set.waits !== undefined) plain.cancel(set.waits)
            owning.set(set.own, at, timer)
            set.waits = plain.push(at, 0, timer)
            timers.set(timer, set)
          } else if (known !== undefined) {
            if (known.waits !== undefined) plain.cancel(known.waits)
            known.waits = undefined
            if (kind === 'rest') owning.cancel(known.own)
            else {
              owning.disown(known.own)
              timers.delete(timer)
            }
          }
        }
        for (let left = changes.length + 1; 0 < left; left--) pop()
      }),
    )
  })
})

describe('the loop', () => {
  it('says which limit ended it', () => {
    const again = (): Loop<string> => {
      const loop: Loop<string> = new Loop(() => loop.schedule(loop.now + 10, 'tick'))
      loop.schedule(0, 'tick')
      return loop
    }
    expect(again().run({ until: 100, eventsMax: 1000 })).toBe('time-limit')
    expect(again().run({ until: 1_000_000, eventsMax: 7 })).toBe('event-limit')
    expect(new Loop<string>(() => {}).run({ until: 5, eventsMax: 5 })).toBe('idle')
  })

  it('refuses an event in the past', () => {
    const loop: Loop<string> = new Loop(() => loop.schedule(loop.now - 1, 'late'))
    loop.schedule(5, 'tick')
    expect(() => loop.run({ until: 10, eventsMax: 10 })).toThrow('a whole instant from now on')
  })
})

describe('chance', () => {
  it('a stream does not depend on which other streams are drawn from', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(20), (seed, others) => {
        const alone = new Streams(seed).stream('node a', 'boot')
        const crowd = new Streams(seed)
        for (let i = 0; i < others; i++) crowd.stream(`node ${i}`, 'boot')()
        const together = crowd.stream('node a', 'boot')
        expect([together(), together()]).toEqual([alone(), alone()])
      }),
    )
  })

  it('restored streams go on where they stood', () => {
    const streams = new Streams(7)
    streams.stream('a', 'x')()
    const stored = structuredClone(streams.snapshot())
    const expected = streams.stream('a', 'x')()
    const other = new Streams(7)
    other.restore(stored)
    expect(other.stream('a', 'x')()).toBe(expected)
  })

  it('the first numbers of a seed never change within a version', () => {
    const stream = new Streams(1).stream('node n1', 'boot')
    expect([stream(), stream(), stream()]).toMatchInlineSnapshot(`
      [
        0.9260779723990709,
        0.5292883526999503,
        0.1893556173890829,
      ]
    `)
  })

  it('draws stay within their range and are whole', () => {
    const distributions: fc.Arbitrary<Distribution> = fc.oneof(
      fc.nat(10_000).map((value): Distribution => ({ kind: 'fixed', value })),
      fc.tuple(fc.nat(1000), fc.nat(1000)).map(([min, width]) => uniform(min, min + width)),
      fc.nat(100_000).map((mean): Distribution => ({ kind: 'exponential', mean })),
      fc
        .array(fc.nat(1000), { minLength: 2 })
        .map((values): Distribution => ({ kind: 'quantiles', values: values.sort((a, b) => a - b) })),
    )
    fc.assert(
      fc.property(distributions, fc.integer(), (distribution, seed) => {
        const value = draw(distribution, new Streams(seed).stream('a', 'b'))
        const [min, max] = rangeOf(distribution)
        expect(Number.isInteger(value) && min <= value && value <= max).toBe(true)
      }),
    )
  })
})

describe('durations', () => {
  it('are read back as they are written', () => {
    const check = fc.property(fc.nat(360_000_000), (duration) => {
      expect(parseDuration(durationText(duration))).toBe(duration)
    })
    fc.assert(check)
  })

  it.each([
    ['10', 10_000],
    ['500ms', 500],
    ['1h30m', 5_400_000],
    ['0.5s', 500],
    ['2 min', 120_000],
  ])('%s', (text, expected) => expect(parseDuration(text)).toBe(expected))

  it.each(['', 'ten', '-5s', '5x', 's', '5s!', '1e3'])('"%s" is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  )

  it('instants align', () => {
    expect([clockText(72_300), clockText(3_600_000 + 5)]).toEqual(['01:12.300', '1:00:00.005'])
  })
})
