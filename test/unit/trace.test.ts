/** What a trace is good for: it is read back as written, any change in it is found, and it tells the state at any instant. */
import { describe, expect, it } from 'vitest'
import { causeChain, firstDifference } from '../../src/trace/diff.ts'
import { Frames, lastSeqAt } from '../../src/trace/frames.ts'
import { fromJsonLines, toJsonLines } from '../../src/trace/jsonl.ts'
import type { TraceRecord } from '../../src/trace/record.ts'
import { fault, runPair } from '../support/pair.ts'

const trace = runPair({
  timeline: [
    fault(60_000, 'node-crash', { node: 'alice' }, 30_000),
    fault(150_000, 'service-crash', { node: 'bob', resource: 'smb' }),
    fault(200_000, 'link-slow', { between: ['alice', 'bob'], delay: 50 }, 20_000),
  ],
})
const frames = new Frames(trace)

describe('a stored trace', () => {
  it('is read back as it was written', () => {
    expect(fromJsonLines(toJsonLines(trace), 't')).toEqual({ value: trace, problems: [] })
  })

  it('that was cut off, changed, or has a record missing is refused with the reason', () => {
    const lines = toJsonLines(trace).trimEnd().split('\n')
    const complaint = (text: string): string => fromJsonLines(text, 't').problems[0]!.what
    expect(complaint(lines.slice(0, -1).join('\n'))).toBe('the trace has no end')
    expect(complaint(lines.toSpliced(5, 1).join('\n'))).toBe('record 5 is missing or out of place')
    expect(complaint(lines.join('\n').replace('alice loses power', 'alice sneezes'))).toContain('digest does not fit')
    expect(complaint('no JSON')).toBe('this line is not JSON')
    expect(complaint('')).toBe('a trace begins with its header')
  })
})

describe('two traces', () => {
  it('that are the same have no difference', () => {
    expect(firstDifference(trace, { ...trace, records: [...trace.records] })).toBeUndefined()
  })

  it('part at the first record that differs, or where one goes on', () => {
    const other: TraceRecord = { ...trace.records[20]!, at: 7 }
    const index = firstDifference(trace, { ...trace, records: trace.records.with(20, other) })?.index
    expect(index).toBe(20)
    const shorter = firstDifference(trace, { ...trace, records: trace.records.slice(0, 30) }, 2)
    expect(shorter).toMatchObject({ index: 30, right: undefined, before: trace.records.slice(28, 30) })
  })
})

describe('the chain of causes', () => {
  it('of every record leads back, strictly earlier at each step, to one that the scenario injected', () => {
    for (const record of trace.records) {
      const chain = causeChain(trace, record.seq)
      expect(chain.at(-1)!.cause).toBe(0)
      for (let i = 1; i < chain.length; i++) expect(chain[i]!.seq).toBeLessThan(chain[i - 1]!.seq)
    }
  })
})

describe('a frame', () => {
  it('shows what is so, what runs and what each node believes', () => {
    const before = frames.at(59_999)
    expect(before.nodes.get('alice')!.state).toBe('up')
    expect(before.resources.get('alice')!.get('httpd')!.state).toBe('started')
    expect(before.nodes.get('bob')!.views.get('alice')).toBe('active')
    const after = frames.at(60_000)
    expect(after.nodes.get('alice')).toMatchObject({ state: 'off', views: new Map(), beliefs: new Map() })
    expect(after.resources.get('alice')!.get('httpd')!.state).toBe('stopped')
    expect(after.nodes.get('bob')!.views.get('alice')).toBe('active')
    expect(frames.at(80_000).nodes.get('bob')!.views.get('alice')).toBe('dead')
  })

  it('names the faults that go on: from their beginning to their end, and none that is over in an instant', () => {
    const ongoing = (at: number): readonly string[] => [...frames.at(at).faults.values()]
    expect(ongoing(59_999)).toEqual([])
    expect(ongoing(60_000)).toHaveLength(1)
    expect(ongoing(90_000)).toEqual([])
    expect(ongoing(150_000)).toEqual([])
    expect(ongoing(210_000)).toHaveLength(1)
    expect(ongoing(220_000)).toEqual([])
  })

  it('is the same whether it is reached from a checkpoint or record by record', () => {
    const long = { ...trace, records: Array.from({ length: 30 }, () => trace.records).flat() }
    const sought = new Frames(long)
    for (const seq of [0, 1, 1999, 2000, 2001, 4000, 4001, long.records.length]) {
      const straight = new Frames({ ...long, records: long.records.slice(0, seq) })
      expect(sought.atSeq(seq)).toEqual(straight.atSeq(seq))
    }
    expect(long.records.length).toBeGreaterThan(4001)
  })

  it('is never changed by another that is asked for later', () => {
    const early = frames.atSeq(10)
    const copy = structuredClone(early)
    frames.atSeq(trace.records.length)
    expect(early).toEqual(copy)
  })

  it('of an instant counts every record of that instant', () => {
    const { records } = trace
    expect(lastSeqAt(records, -1)).toBe(0)
    expect(lastSeqAt(records, 60_000)).toBe(records.filter((record) => record.at <= 60_000).length)
    expect(lastSeqAt(records, Number.MAX_SAFE_INTEGER)).toBe(records.length)
  })
})
