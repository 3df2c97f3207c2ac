/** What the page can do with a run: predict before it is revealed, fork and compare, other managers, export. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { clockText } from '../../src/kernel/time.ts'
import { decisionsOf, isQuestion } from '../../src/report/decisions.ts'
import { simulate } from '../../src/run/simulate.ts'
import { toJsonLines } from '../../src/trace/jsonl.ts'
import { executablePath, usePage } from '../support/page.ts'

const TAKEOVER = 's=pacemaker/p01-node-dies-fenced&seed=1'

describe.skipIf(executablePath === undefined)('the laboratory table', () => {
  const { errors, open, clock, seriousProblems, page, served } = usePage()

  const digest = async (): Promise<string> => (await page().locator('code[data-digest]').getAttribute('data-digest'))!

  it('hides the future, stops before a decision, asks, and reveals', async () => {
    const { trace } = simulate(loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml'), { seed: 1 })
    const { at } = decisionsOf(trace).find((entry) => 100_000 < entry.at && isQuestion(entry))!
    await open(`${TAKEOVER}&at=100000`)
    await page().keyboard.press('p')
    expect(await page().locator('.verdict').count()).toBe(0)
    await page().keyboard.press('End')
    expect(await clock()).toBe(clockText(at - 1))
    expect(await page().locator('.predict h2').innerText()).toContain('bob is about to decide')
    expect(await page().locator('.predict').innerText()).not.toContain('Fence')
    expect(await seriousProblems()).toEqual([])
    await page().getByLabel('Your guess').fill('it fences alice')
    await page().getByRole('button', { name: 'Reveal' }).click()
    expect(await clock()).toBe(clockText(at))
    expect(await page().locator('.predict').innerText()).toMatch(
      /Fence \(reboot\) alice[\s\S]*You said: .?it fences alice/,
    )
    await page().waitForSelector('.action')
    await page().getByRole('button', { name: 'Go on to the next decision' }).click()
    expect((await clock()) > '02:30').toBe(true)
    await page().getByRole('button', { name: 'Stop predicting' }).click()
    await page().waitForSelector('.verdict')
  })

  it('forks at the cursor, and shows where both runs part and what it cost', async () => {
    await open(`${TAKEOVER}&at=121000`)
    const before = await digest()
    await page().keyboard.press('k')
    await page().getByLabel('happens').selectOption('fence-fail')
    await page().locator('.fork input[name="for"]').fill('20s')
    expect(await seriousProblems()).toEqual([])
    await page().locator('.fork .go').click()
    await page().waitForSelector('.strip')
    const titles = page().locator('.strip h3')
    expect(await titles.allInnerTexts()).toEqual(['before the change', 'after the change'])
    expect(await page().locator('.differences').innerText()).toMatch(
      /bob start ip[\s\S]*alice[\s\S]*bob fences alice[\s\S]*because/,
    )
    const away = page().locator('.figures tr', { hasText: /^db/ }).locator('td')
    const [short = '', long = ''] = await away.allInnerTexts()
    expect(Number.parseFloat(short)).toBeLessThan(Number.parseFloat(long))
    expect(await seriousProblems()).toEqual([])
    // The link holds both.
    await page().reload()
    await page().waitForSelector('.strip')
    expect(await titles.count()).toBe(2)
    await page().getByRole('button', { name: 'open before the change alone' }).click()
    await page().waitForSelector('code[data-digest]')
    expect(await digest()).toBe(before)
    await page().getByRole('tab', { name: 'Compare' }).click()
    expect(await page().locator('.together-panel').innerText()).toContain('This run is kept')
    await page().getByRole('button', { name: 'Another seed' }).click()
    await page().waitForSelector('.strip')
    expect(await titles.allInnerTexts()).toEqual(['seed 1', 'seed 2'])
    await page().getByRole('button', { name: 'Forget what was kept' }).click()
    expect(await page().getByRole('tab', { name: 'Compare' }).count()).toBe(0)
  })

  it('shows how far a long run is, goes on answering, and cancels it', async () => {
    await open('s=basics/first-failover')
    const before = await digest()
    await page().getByRole('button', { name: 'Edit', exact: true }).click()
    const field = page().getByRole('textbox', { name: 'Scenario text (YAML)' })
    await field.fill((await field.inputValue()).replace(/^until: .*$/m, 'until: 5000h'))
    await page().getByRole('button', { name: 'Run', exact: true }).click()
    await page().waitForFunction(() => /Running … \d+ %/.test(document.querySelector('.status')?.textContent ?? ''))
    await page().getByRole('button', { name: 'End', exact: true }).click()
    expect(await clock()).not.toBe('00:00.000')
    await page().getByRole('button', { name: 'Cancel' }).click()
    expect(await page().locator('.status').innerText()).toContain('Cancelled before it ended: the run before stays')
    expect(await digest()).toBe(before)
  })

  it('says of a first run that was cancelled that there is none, and runs it again', async () => {
    const text = readFileSync('scenarios/basics/first-failover.yaml', 'utf8').replace(/^until: .*$/m, 'until: 5000h')
    await page().goto('about:blank')
    await page().goto(`${served().url}#${new URLSearchParams({ s: 'basics/first-failover', text })}`)
    await page().getByRole('button', { name: 'Cancel' }).click()
    const status = page().locator('.status')
    expect(await status.innerText()).toContain('Cancelled before it ended: there is no run to show.')
    await page().getByRole('button', { name: 'Run again' }).click()
    await page().waitForFunction(() => /Running … \d+ %/.test(document.querySelector('.status')?.textContent ?? ''))
    await page().getByRole('button', { name: 'Cancel' }).click()
    expect(await status.innerText()).toContain('there is no run to show')
  })

  it('exports the trace that Node writes', async () => {
    await open(TAKEOVER)
    await page().getByText('Export', { exact: true }).click()
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      page().getByRole('button', { name: 'Trace (JSON Lines)' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('pacemaker-p01-node-dies-fenced.jsonl')
    const { trace } = simulate(loadScenario('scenarios/pacemaker/p01-node-dies-fenced.yaml'), { seed: 1 })
    expect(readFileSync(await download.path(), 'utf8')).toBe(toJsonLines(trace))
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
