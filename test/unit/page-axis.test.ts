/** The page's time axis: what is folded, what the clock says on it, and that an address brings back the stretch that was looked at. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { MINUTE, SECOND } from '../../src/kernel/time.ts'
import { storyLines } from '../../src/report/story.ts'
import { simulate } from '../../src/run/simulate.ts'
import { type LinkState, NOTHING, readLink, writeLink } from '../../web/app/link.ts'
import { readAddress, writeAddress } from '../../web/app/packing.ts'
import { foldAxis, instantsOf, toShown } from '../../web/replay/folds.ts'
import { ticksOf } from '../../web/views/ticks.ts'
import { spanOf, viewOf, viewOfSpan, zoomAround } from '../../web/views/use-view.ts'

const WHOLE = { from: 0, zoom: 1 }
const NOTHING_RUN = { scenario: 'x', seed: undefined, variant: '' }

describe('the time axis', () => {
  const { trace } = simulate(loadScenario('scenarios/pacemaker/p06-promoted-dies.yaml'))
  const lines = storyLines(trace)
  const axis = foldAxis(instantsOf(trace, lines), trace.footer.endedAt, true)

  it('folds the time in which only recurring monitors run', () => {
    const folded = axis.stretches.filter(({ folded }) => folded)
    expect(folded.map(({ from }) => Math.round(from / SECOND))).toEqual([48, 182, 242])
    expect(
      folded.every(({ from, to }) => lines.every((line) => line.tone === 'quiet' || line.at < from || to < line.at)),
    )
  })

  it('gives all folds together no more than a third of itself', () => {
    const many = foldAxis(
      Array.from({ length: 11 }, (_, hour) => hour * 60 * MINUTE),
      11 * 60 * MINUTE,
      true,
    )
    const folds = many.stretches.filter(({ folded }) => folded)
    expect(folds.length).toBe(11)
    const shown = folds.reduce((sum, { shownFrom, shownTo }) => sum + shownTo - shownFrom, 0)
    expect(shown / many.length).toBeLessThanOrEqual(1 / 3)
  })

  it('bears its clock at round instants, never in a fold, never over one another', () => {
    const apart = axis.length / 6
    const ticks = ticksOf(axis, WHOLE, apart)
    expect(ticks.map(({ label }) => label)).toEqual(['00:00', '00:30', '02:00', '02:30', '03:00', '05:00'])
    for (const { at } of ticks)
      expect(axis.stretches.some(({ folded, from, to }) => folded && from < at && at < to)).toBe(false)
    for (const [index, { shown }] of ticks.slice(1).entries())
      expect(shown - ticks[index]!.shown).toBeGreaterThanOrEqual(apart)
  })

  it('tells milliseconds where it is looked at closely', () => {
    const view = viewOf(axis, 120_000, 120_100)
    expect(ticksOf(axis, view, axis.length / view.zoom / 3).map(({ label }) => label)).toEqual([
      '02:00.000',
      '02:00.050',
      '02:00.100',
    ])
  })

  it('shows the stretch that was looked at again from an address, also with other folds', () => {
    const view = zoomAround(zoomAround(WHOLE, axis, toShown(axis, 130_000), 1.6), axis, toShown(axis, 130_000), 1.6)
    const span = spanOf(axis, view)!
    expect(span[0]).toBeLessThan(130_000)
    const again = readLink(writeLink({ ...NOTHING, view: span }))
    expect(again.view).toEqual(span)
    expect(spanOf(axis, viewOfSpan(axis, again.view))).toEqual(span)
    const unfolded = foldAxis(instantsOf(trace, lines), trace.footer.endedAt, false)
    expect(spanOf(unfolded, viewOfSpan(unfolded, span))).toEqual(span)
  })
})

describe('an address', () => {
  it('brings back everything that is on the table', () => {
    const state: LinkState = {
      ...NOTHING,
      ...{ scenario: 'pacemaker/p06-promoted-dies', seed: 7, variant: 'x', at: 130_000, node: 'node2', resource: 'st' },
      ...{ tab: 'config', decision: 12, place: { file: 'a b.xml', line: 72 }, predict: true },
      against: { scenario: 'pacemaker/p01', seed: undefined, text: 'a: b & c\n', variant: 'y' },
      ...{ view: [1000, 2000], drawn: { messages: true, idle: true, folding: false }, text: 'title: ü & x\n' },
    }
    expect(readLink(writeLink(state))).toEqual(state)
  })

  it('packs what is long, keeps what is short readable, and reads both again', async () => {
    const text = readFileSync('scenarios/pacemaker/three.xml', 'utf8')
    const state: LinkState = { ...NOTHING, scenario: 'own/ü', seed: 7, text, against: { ...NOTHING_RUN, text: 'a' } }
    const fragment = await writeAddress(state)
    expect(fragment).toMatch(/^#s=own%2F%C3%BC&seed=7&zip=[\w-]+$/)
    expect(fragment.length).toBeLessThan(text.length / 3)
    expect(await readAddress(fragment)).toEqual(state)
    expect(await readAddress(writeLink(state))).toEqual(state)
    expect(await writeAddress({ ...state, text: undefined, against: undefined })).toBe('#s=own%2F%C3%BC&seed=7')
    expect((await readAddress('#seed=7&zip=broken')).seed).toBe(7)
  })

  it('leaves out what cannot be read', () => {
    expect(readLink('#view=9-3&line=nothing&tab=unknown&seed=x&at=-4&decision=-1')).toEqual(NOTHING)
  })
})
