/** All variants of a scenario on one time axis: one cursor and zoom, the first difference with reasons, the figures, and the way back. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { clockText } from '../../src/kernel/time.ts'
import { compare } from '../../src/run/compare.ts'
import { simulate } from '../../src/run/simulate.ts'
import { executablePath, usePage } from '../support/page.ts'

const POWER = 's=incidents/i01-power-loss&seed=1'
const THRESHOLDS = 's=policies/p01-migration-threshold&seed=1&tab=variants'

describe.skipIf(executablePath === undefined)('all variants on one time axis', () => {
  const { errors, open, clock, page, seriousProblems } = usePage()

  const strips = () => page().locator('.strip')
  const openTogether = async (fragment: string): Promise<void> => {
    await open(fragment)
    await page().waitForSelector('.strip')
  }

  it('shows three managers under one another, with the figures of quorate compare', async () => {
    await openTogether(`${POWER}&tab=variants`)
    expect(await strips().locator('h3').allInnerTexts()).toEqual(['rgmanager', 'heartbeat', 'pacemaker'])
    const { columns } = compare(loadScenario('scenarios/incidents/i01-power-loss.yaml'), { seed: 1 })
    const row = page().locator('.figures tr', { hasText: 'time to detect' }).locator('td')
    const detects = columns.map(({ detect }) => `${Math.round(detect! / 10) / 100}s`)
    expect(await row.allInnerTexts()).toEqual(detects)
  })

  it('shows them too where an address asks to compare and nothing was kept', async () => {
    await openTogether(`${POWER}&tab=compare`)
    expect(await strips().count()).toBe(3)
  })

  it('moves one cursor through all of them', async () => {
    await openTogether(`${POWER}&tab=variants&at=119999`)
    const before = await strips().locator('.last-told').allInnerTexts()
    await page().keyboard.press('ArrowRight')
    expect(await clock()).toBe('02:00.000')
    const after = await strips().locator('.last-told').allInnerTexts()
    for (const [index, text] of after.entries()) {
      expect(text).not.toBe(before[index])
      expect(text).toContain('02:00.000')
    }
  })

  it('goes to the first difference and tells the reason of each side', async () => {
    await openTogether(THRESHOLDS)
    const first = page().locator('.differences [data-first="true"]')
    expect(await first.innerText()).toMatch(/threshold 1 against pacemaker/)
    expect(await first.innerText()).toMatch(/because: .*it failed on n1/)
    expect(await first.innerText()).toMatch(/because: .*migration-threshold=1 of web/)
    const { partings } = compare(loadScenario('scenarios/policies/p01-migration-threshold.yaml'), { seed: 1 })
    const earliest = clockText(Math.min(...partings.flatMap(({ left, right }) => [left?.at ?? 1e9, right?.at ?? 1e9])))
    await page().keyboard.press('x')
    expect(await clock()).toBe(earliest)
    expect(await strips().first().locator('canvas').getAttribute('aria-label')).toContain(`at ${earliest}`)
  })

  it('zooms all pictures together', async () => {
    await openTogether(THRESHOLDS)
    const pictures = (): Promise<readonly string[]> =>
      page()
        .locator('.strip canvas')
        .evaluateAll((found) => found.map((canvas) => (canvas as HTMLCanvasElement).toDataURL()))
    const whole = await pictures()
    await page().getByRole('button', { name: 'Zoom to it' }).click()
    await page().waitForTimeout(50)
    const close = await pictures()
    for (const [index, picture] of close.entries()) expect(picture).not.toBe(whole[index])
    await page().keyboard.press('Home')
    await page().keyboard.press('0')
    await page().waitForTimeout(50)
    expect(await pictures()).toEqual(whole)
  })

  it('opens one alone with the digest of Node, and goes back', async () => {
    await openTogether(`${POWER}&tab=variants`)
    await page().getByRole('button', { name: 'open pacemaker alone' }).click()
    await page().waitForSelector('.partitions')
    const { variants = [] } = loadScenario('scenarios/incidents/i01-power-loss.yaml')
    const { scenario } = variants.find(({ name }) => name === 'pacemaker')!
    const digest = await page().locator('code[data-digest]').getAttribute('data-digest')
    expect(digest).toBe(simulate(scenario, { seed: 1 }).trace.footer.digest)
    await page().goBack()
    await page().waitForSelector('.strip')
    expect(page().url()).toContain('tab=variants')
    await page().getByRole('tab', { name: 'Story' }).click()
    await page().waitForSelector('.story-scroll')
    await page().getByLabel('Manager or variant').selectOption('all on one time axis')
    await page().waitForSelector('.strip')
  })

  it('hides what others do while one predicts', async () => {
    await open(`${POWER}&tab=variants&predict=1`)
    await page().waitForSelector('.together')
    expect(await strips().count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)('has no serious accessibility problem in %s colours', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    await openTogether(`${POWER}&tab=variants&at=130000`)
    expect(await seriousProblems()).toEqual([])
  })

  it('stacks on a narrow screen without a sideways scroll', async () => {
    await page().setViewportSize({ width: 390, height: 844 })
    await openTogether(`${POWER}&tab=variants&at=130000`)
    await page().waitForTimeout(100)
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page().setViewportSize({ width: 1440, height: 900 })
  })

  it('goes from where runs part to the line behind it, in the run that the line belongs to', async () => {
    await open('s=policies/p01-migration-threshold&seed=1&tab=variants')
    const line = page().locator('.differences .source', { hasText: 'migration-threshold' }).first()
    await page().setViewportSize({ width: 390, height: 844 })
    const [panel, box] = [await page().locator('.apart').boundingBox(), await line.boundingBox()]
    expect(box!.x + box!.width).toBeLessThanOrEqual(panel!.x + panel!.width)
    await page().setViewportSize({ width: 1440, height: 900 })
    const quoted = await line.locator('span').innerText()
    await line.click()
    await page().waitForFunction(() => /tab=config/.test(window.location.hash))
    expect(await page().evaluate(() => window.location.hash)).toMatch(/variant=threshold/)
    // The other run has to be made first.
    await page().locator('.tab-panel', { hasText: quoted }).waitFor()
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
