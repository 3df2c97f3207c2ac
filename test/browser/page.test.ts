/** The page in Chromium: its flows, its accessibility, and above all that its digests equal Node's. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'
import { executablePath, usePage } from '../support/page.ts'

if (executablePath === undefined)
  console.warn('browser tests are skipped: no Chromium. Install it, or set QUORATE_CHROMIUM to its path.')

describe.skipIf(executablePath === undefined)('the page', () => {
  const { errors, open, clock, page, seriousProblems } = usePage()

  it.each([
    'basics/first-failover',
    'heartbeat/s08-stop-failure',
    'heartbeat/s12-split-brain',
    'heartbeat/s13-ipfail',
    'disasters/chaos-monkey',
    'disasters/lossy-link',
    'pacemaker/p01-node-dies-fenced',
    'rgmanager/s08-node-dies',
  ])('gives the digest of Node for %s', async (name) => {
    await open(`s=${name}&seed=7`)
    const shown = await page().locator('code[data-digest]').getAttribute('data-digest')
    expect(shown).toBe(simulate(loadScenario(`scenarios/${name}.yaml`), { seed: 7 }).trace.footer.digest)
  })

  it('opens on a scenario that has already run, and plays', async () => {
    await open('')
    expect(await page().locator('h1').innerText()).toContain('A node dies, the other takes over')
    await page().getByRole('button', { name: 'Play', exact: true }).click()
    await page().waitForFunction(() => !document.querySelector('output.clock')?.textContent?.startsWith('00:00.000'))
    await page().getByRole('button', { name: 'Pause' }).click()
  })

  it('steps, jumps and zooms by keyboard, and shows its keys', async () => {
    await open('s=heartbeat/s12-split-brain')
    await page().keyboard.press('f')
    expect(await clock()).toBe('02:00.000')
    await page().keyboard.press('v')
    const violated = await clock()
    expect(violated > '02:00.000').toBe(true)
    await page().keyboard.press('Shift+ArrowLeft')
    expect((await clock()) < violated).toBe(true)
    await page().keyboard.press('End')
    expect(await clock()).toBe('06:00.000')
    await page().keyboard.press('Home')
    expect(await clock()).toBe('00:00.000')
    for (const key of ['+', '-', '0']) await page().keyboard.press(key)
    await page().keyboard.press('?')
    expect(await page().getByRole('dialog').innerText()).toContain('next violation')
    await page().keyboard.press('Escape')
    expect(await page().getByRole('dialog').count()).toBe(0)
  })

  it('restores everything from its address', async () => {
    await open('s=heartbeat/s03-node-dies&seed=3&at=150000&node=bob&resource=httpd')
    expect(await clock()).toBe('02:30.000')
    expect(await page().locator('.inspector').innerText()).toContain('on bob: started')
    expect(await page().locator('.state.lit').textContent()).toBe('started')
    await page().getByRole('button', { name: 'Another seed' }).click()
    await page().waitForFunction(() => window.location.hash.includes('seed=4'))
  })

  it('holds the zoom in its address, and shows it again', async () => {
    await open('s=pacemaker/p06-promoted-dies&at=130000')
    for (const _ of [1, 2, 3]) await page().keyboard.press('+')
    await page().getByLabel('messages').check()
    await page().waitForFunction(() => /view=\d+-\d+/.test(window.location.hash))
    const picture = (): Promise<string> =>
      page()
        .locator('.timeline canvas')
        .evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL())
    const hash = new URL(page().url()).hash.slice(1)
    await open(hash)
    // Longer than the address waits for a view to rest.
    await page().waitForTimeout(700)
    expect(new URL(page().url()).hash.slice(1)).toBe(hash)
    const close = await picture()
    await page().keyboard.press('0')
    await page().waitForFunction(() => !window.location.hash.includes('view='))
    const whole = await picture()
    await open(hash)
    await page().waitForTimeout(50)
    expect([(await picture()) === close, (await picture()) === whole]).toEqual([true, false])
  })

  it('finds a line of the story, seeks to it and tells its causes', async () => {
    await open('s=heartbeat/s03-node-dies')
    await page().getByRole('searchbox', { name: 'Search the story' }).fill('takes over from')
    await page().waitForFunction(() =>
      document.querySelector('.story-scroll li .line')?.textContent?.includes('takes over from'),
    )
    const line = page().locator('.story-scroll li .line').first()
    await line.click()
    expect((await clock()) > '02:09').toBe(true)
    await page().locator('.story-scroll li', { hasText: 'takes over from' }).first().locator('.why').click()
    expect(await page().locator('.chain').innerText()).toContain('is dead')
  })

  it('marks the place of an error and keeps the last good run', async () => {
    await open('s=basics/first-failover')
    const digest = await page().locator('code[data-digest]').getAttribute('data-digest')
    await page().getByRole('button', { name: 'Edit' }).click()
    const field = page().getByRole('textbox', { name: 'Scenario text (YAML)' })
    const text = await field.inputValue()
    await field.fill(text.replace('node-crash', 'node-crush'))
    await page().getByRole('button', { name: 'Run', exact: true }).click()
    await page().waitForSelector('.problems')
    expect(await page().locator('.problems').innerText()).toContain('did you mean node-crash?')
    expect(await page().locator('code[data-digest]').getAttribute('data-digest')).toBe(digest)
    await field.fill(text.replace('90s', '100s'))
    await page().getByRole('button', { name: 'Run', exact: true }).click()
    await page().waitForFunction(
      (before) => document.querySelector('code[data-digest]')?.getAttribute('data-digest') !== before,
      digest,
    )
    await page().waitForFunction(() => window.location.hash.includes('zip='))
    const changed = await page().locator('code[data-digest]').getAttribute('data-digest')
    await page().reload()
    await page().waitForFunction(
      (after) => document.querySelector('code[data-digest]')?.getAttribute('data-digest') === after,
      changed,
    )
  })

  it('opens another scenario from the library', async () => {
    await open('s=basics/first-failover')
    await page().getByRole('button', { name: 'Library' }).click()
    await page().getByRole('searchbox', { name: 'Search the library' }).fill('watchdog')
    await page().locator('.library li button').first().click()
    await page().waitForFunction(() => document.querySelector('h1')?.textContent?.includes('watchdog'))
  })

  it.each(['light', 'dark'] as const)('has no serious accessibility problem in %s colours', async (colorScheme) => {
    await page().emulateMedia({ colorScheme })
    for (const fragment of [
      's=heartbeat/s12-split-brain&at=140000&node=bob&resource=httpd',
      's=heartbeat/s06-start-failure&at=150000&node=bob',
      's=pacemaker/p01-node-dies-fenced&at=128000&tab=decisions&node=alice&resource=db',
      's=lab/maintenance_mode&at=20000&node=node2&tab=decisions',
    ]) {
      await open(fragment)
      if (fragment.includes('decisions')) await page().waitForSelector('.graph')
      expect(await seriousProblems()).toEqual([])
    }
    // The library is the same over each of them, and long.
    await page().getByRole('button', { name: 'Library' }).click()
    expect(await seriousProblems()).toEqual([])
  })

  it('stacks on a narrow screen without a sideways scroll', async () => {
    await page().setViewportSize({ width: 390, height: 800 })
    await open('s=basics/first-failover&at=100000')
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await open('s=pacemaker/p01-node-dies-fenced&at=128000&tab=decisions&node=alice&resource=db')
    await page().waitForSelector('.graph')
    expect(await page().evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page().setViewportSize({ width: 1440, height: 900 })
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
