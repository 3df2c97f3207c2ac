/** What is made of a trace to be read: the story, spans, and the forms that other tools open. */
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/report/csv.ts'
import { toPerfetto } from '../../src/report/perfetto.ts'
import { nodeSpans, operationSpans } from '../../src/report/spans.ts'
import { storyLines, storyText } from '../../src/report/story.ts'
import { toSvg } from '../../src/report/svg.ts'
import type { TraceRecord } from '../../src/trace/record.ts'
import { fault, runPair } from '../support/pair.ts'

const trace = runPair({
  timeline: [{ ...fault(60_000, 'node-crash', { node: 'alice' }, 30_000), why: 'a <cable> & "more"' }],
})

describe('a report', () => {
  it('tells the fault with its reason, the takeover with its rule, and how the run ended', () => {
    const story = storyText(trace)
    expect(story).toMatch(/^01:00\.000 .*⚡ alice loses power \(a <cable> & "more"\)$/m)
    expect(story).toMatch(/^01:\S+ +bob +→ takes over from alice — .*\(spec heartbeat 8\)$/m)
    expect(story).toContain(`digest ${trace.footer.digest.slice(0, 16)}`)
    expect(story).not.toMatch(/undefined|NaN|\[object/)
  })

  it('has a line for every record, in order', () => {
    expect(storyLines(trace).map((line) => line.seq)).toEqual(trace.records.map((record) => record.seq))
  })

  it('has one span for each call of an agent, and unbroken spans for each node', () => {
    const begun = trace.records.filter((record) => record.kind === 'operation' && record.phase === 'begin')
    expect(operationSpans(trace)).toHaveLength(begun.length)
    expect(nodeSpans(trace).length).toBeGreaterThanOrEqual(4)
  })

  it('ends a call under way where its node goes down', () => {
    const isCall = (record: TraceRecord): boolean =>
      record.kind === 'operation' && record.phase === 'begin' && record.node === 'alice'
    const begin = trace.records.find(isCall)!
    const down = trace.records.find((record) => record.kind === 'node' && record.to === 'off')!
    const [span] = operationSpans({ ...trace, records: [begin, down] })
    expect(span!.to).toBe(down.at)
    expect(down.at < trace.footer.endedAt).toBe(true)
  })

  it('is JSON that Perfetto opens: a list of events, each with a phase and, but for names, a time', () => {
    const { traceEvents } = JSON.parse(toPerfetto(trace)) as { traceEvents: { ph: string; ts?: number }[] }
    expect(traceEvents.length).toBeGreaterThan(20)
    for (const event of traceEvents) {
      expect(event.ph).toMatch(/^[BEXiMC]$/)
      if (event.ph !== 'M') expect(Number.isFinite(event.ts)).toBe(true)
    }
  })

  it('is well-formed SVG whatever stands in names and reasons', () => {
    const svg = toSvg(trace)
    expect(svg).toMatch(/^(<\?xml[^>]*>\s*)?<svg /)
    expect(svg).not.toContain('<cable>')
    expect(svg).not.toMatch(/NaN|undefined/)
  })

  it('is CSV with one row for each record, whatever commas and quotes it holds', () => {
    const text = toCsv(trace).replace(/"(?:[^"]|"")*"/g, 'q')
    const rows = text.trimEnd().split(/\r?\n/)
    expect(rows).toHaveLength(trace.records.length + 1)
    expect(new Set(rows.map((row) => row.split(',').length)).size).toBe(1)
  })
})
