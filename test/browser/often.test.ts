/** Many seeds in the page: figures as Node works them out, the seed behind the worst, progress, and a way out. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { shortText } from '../../src/report/recovery.ts'
import { measureAlone } from '../../src/run/compare.ts'
import { simulate } from '../../src/run/simulate.ts'
import { summarize, toSeedRun } from '../../web/replay/often.ts'
import { executablePath, usePage } from '../support/page.ts'

describe.skipIf(executablePath === undefined)('how often', () => {
  const { errors, open, page, seriousProblems } = usePage()
  const output = (): Promise<string> => page().locator('.often output').innerText()

  it('runs many seeds of all variants, and puts the worst on the table', async () => {
    const scenario = loadScenario('scenarios/policies/p03-fence-delay.yaml')
    const noDelay = scenario.variants![0]!
    const seeds = Array.from({ length: 20 }, (_, index) => index + 1)
    const [summary] = summarize(seeds.map((seed) => toSeedRun('', seed, measureAlone(noDelay.scenario, { seed }))))
    const { median, most, worst } = summary!.recover!
    await open('s=policies/p03-fence-delay&tab=often')
    await page().locator('.often select').selectOption('20')
    await page().getByRole('button', { name: 'Run them' }).click()
    await page().waitForFunction(() => document.querySelector('.often output')?.textContent === '20 of 20')
    const cell = page().locator('.often tr', { hasText: 'time to recover' }).locator('td').nth(1)
    expect(await cell.innerText()).toContain(`${shortText(median)} · `)
    expect(await cell.innerText()).toContain(` · ${shortText(most)}`)
    expect(await seriousProblems()).toEqual([])
    await cell.getByRole('button', { name: `seed ${worst}` }).click()
    const { digest } = simulate(noDelay.scenario, { seed: worst }).trace.footer
    await page().waitForFunction(
      (wanted) => document.querySelector('code[data-digest]')?.getAttribute('data-digest') === wanted,
      digest,
    )
    expect(await output()).toBe('20 of 20')
  })

  it('shows how far it is, is cancelled, and leaves the table alone meanwhile', async () => {
    await open('s=policies/p03-fence-delay&tab=often')
    await page().locator('.often select').selectOption('10000')
    await page().getByRole('button', { name: 'Run them' }).click()
    await page().waitForFunction(() =>
      /^[1-9]\d* of 10000/.test(document.querySelector('.often output')?.textContent ?? ''),
    )
    await page().keyboard.press('End')
    expect(await page().locator('output.clock').innerText()).toContain('08:00.000')
    await page().getByRole('button', { name: 'Cancel' }).click()
    const done = await output()
    await page().waitForTimeout(500)
    expect(await output()).toBe(done)
    expect(await page().locator('.often table').count()).toBe(1)
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
