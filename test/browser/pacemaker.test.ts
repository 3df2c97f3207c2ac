/** The page on a Pacemaker run: the cluster as its nodes see it, decisions with their graphs, reasons, recovery times. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { executablePath, usePage } from '../support/page.ts'

const TAKEOVER = 's=pacemaker/p01-node-dies-fenced&seed=1'

describe.skipIf(executablePath === undefined)('the page on a Pacemaker run', () => {
  const { errors, open, page, seriousProblems } = usePage()

  const node = (name: string) => page().getByRole('article', { name: `Node ${name}` })

  it('shows DC, quorum and what the survivors believe of the dead', async () => {
    await open(`${TAKEOVER}&at=100000`)
    expect(await page().getByRole('list', { name: 'Partitions' }).innerText()).toContain('has quorum, DC alice')
    expect(await node('alice').innerText()).toMatch(/DC[\s\S]*db/)
    await open(`${TAKEOVER}&at=128000`)
    expect(await node('alice').innerText()).toMatch(/UNCLEAN[\s\S]*believed started/)
    expect(await node('bob').innerText()).toContain('does not see alice')
  })

  it('lists decisions, and follows the cursor until one is picked', async () => {
    await open(`${TAKEOVER}&at=60000`)
    await page().keyboard.press('d')
    const entries = page().getByRole('list', { name: 'Decisions' }).getByRole('button')
    expect(await entries.count()).toBe(3)
    expect(await page().locator('.entry[aria-current="true"]').innerText()).toContain('00:44')
    await entries.nth(1).click()
    await page().waitForFunction(() => window.location.hash.includes('decision='))
    expect(await page().locator('.decision-detail h3').innerText()).toContain('bob decides: transition 0')
    expect(await page().getByRole('list', { name: 'What led here' }).first().innerText()).toContain('alice loses power')
    await page().keyboard.press('End')
    expect(await page().locator('.entry[aria-current="true"]').innerText()).toContain('02:07')
    await page().getByRole('checkbox', { name: 'follow the cursor' }).check()
    expect(await page().locator('.entry[aria-current="true"]').innerText()).toContain('02:39')
  })

  it('holds of many decisions only those in sight, the shown one among them', async () => {
    await open('s=pacemaker/p20-chaos&seed=1&at=1200000&tab=decisions')
    const entries = page().getByRole('list', { name: 'Decisions' }).getByRole('listitem')
    await page().waitForSelector('.entry[aria-current="true"]')
    expect(Number(await entries.first().getAttribute('aria-setsize'))).toBeGreaterThan(100)
    expect(await entries.count()).toBeLessThan(40)
    await page().keyboard.press('End')
    // Positions are put right once rows are measured.
    await page().waitForFunction(() => {
      const list = document.querySelector('.entries')!.getBoundingClientRect()
      const last = document.querySelector('.entries li:last-child')
      const shown = last?.querySelector('.entry[aria-current="true"]')?.getBoundingClientRect()
      if (last?.getAttribute('aria-posinset') !== last?.getAttribute('aria-setsize') || shown === undefined)
        return false
      return list.top <= shown.top && shown.bottom <= list.bottom + 1
    })
  })

  it('reads no style for every bar, and paints no more than a closer look shows', async () => {
    await open('s=pacemaker/p20-chaos&seed=1&at=1200000')
    const zoom = (key: string) =>
      page().evaluate(async (pressed) => {
        const counts = { styles: 0, bars: 0 }
        const { getPropertyValue } = CSSStyleDeclaration.prototype
        const { fillRect } = CanvasRenderingContext2D.prototype
        CSSStyleDeclaration.prototype.getPropertyValue = function (name) {
          if (name.startsWith('--')) counts.styles += 1
          return getPropertyValue.call(this, name)
        }
        CanvasRenderingContext2D.prototype.fillRect = function (...place) {
          counts.bars += 1
          fillRect.apply(this, place)
        }
        window.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, bubbles: true }))
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        Object.assign(CSSStyleDeclaration.prototype, { getPropertyValue })
        Object.assign(CanvasRenderingContext2D.prototype, { fillRect })
        return counts
      }, key)
    const near = await zoom('+')
    for (let times = 0; times < 6; times++) await zoom('+')
    const close = await zoom('+')
    expect(near.bars).toBeGreaterThan(200)
    expect(close.bars).toBeLessThan(near.bars / 4)
    expect(Math.max(near.styles, close.styles)).toBeLessThan(40)
  })

  it('packs an edited scenario into the address once, not at every step of the cursor', async () => {
    const text = readFileSync('scenarios/pacemaker/p01-node-dies-fenced.yaml', 'utf8')
    await page().addInitScript(() => {
      const Native = window.CompressionStream
      window.CompressionStream = class extends Native {
        constructor(format: CompressionFormat) {
          super(format)
          const { dataset } = document.documentElement
          dataset['packs'] = String(Number(dataset['packs'] ?? 0) + 1)
        }
      }
    })
    await open(new URLSearchParams([...new URLSearchParams(TAKEOVER), ['text', `${text}# mine\n`]]).toString())
    await page().waitForFunction(() => window.location.hash.includes('zip='))
    const packs = () => page().evaluate(() => Number(document.documentElement.dataset['packs']))
    const before = await packs()
    expect(before).toBeGreaterThan(0)
    for (let times = 0; times < 5; times++) await page().keyboard.press('ArrowRight')
    await page().waitForFunction(() => /at=\d+.*zip=/.test(window.location.hash))
    expect(await packs()).toBe(before)
  })

  it('draws the graph of a transition with what has run so far', async () => {
    await open(`${TAKEOVER}&at=130000&tab=decisions`)
    await page().waitForSelector('.action')
    expect(await page().locator('.action[data-state="running"]').allTextContents()).toEqual([
      expect.stringContaining('fence alice (reboot)'),
    ])
    expect(await page().locator('.graph-tools').innerText()).toMatch(/1 running, \d+ waiting/)
    const real = await page().locator('.action').count()
    await page()
      .getByRole('checkbox', { name: /joints/ })
      .check()
    expect(await page().locator('.action').count()).toBeGreaterThan(real)
    const before = await page().locator('.graph-box svg').getAttribute('viewBox')
    await page().getByRole('button', { name: 'Zoom the graph in' }).click()
    await page().locator('.graph-box').press('ArrowRight')
    expect(await page().locator('.graph-box svg').getAttribute('viewBox')).not.toBe(before)
    await open(`${TAKEOVER}&at=137000&tab=decisions`)
    await page().waitForSelector('.action')
    expect(await page().locator('.action:not([data-state="done"])').count()).toBe(0)
    await page().getByText('actions in words').click()
    expect(await page().locator('.action-list').innerText()).toMatch(/start db on bob\s+done in/)
  })

  it('says why a resource is where it is, with the line of the configuration', async () => {
    await open(`${TAKEOVER}&at=130000&node=bob&resource=db`)
    await page().waitForSelector('.why-here .instance')
    const why = await page().locator('.why-here').innerText()
    expect(why).toContain('Move db from alice to bob')
    expect(why).toMatch(/pair\.xml:\d+ </)
    await node('alice').getByRole('button', { name: /alice/ }).first().click()
    await page().waitForFunction(() => document.querySelector('.why-here')?.textContent?.includes('alice is fenced'))
  })

  it('goes from a reason to its line of the configuration, and back', async () => {
    await open('s=pacemaker/p06-promoted-dies&at=131000&node=node2&resource=solo')
    await page()
      .getByRole('button', { name: /^three\.xml:72 / })
      .click()
    const line = page().locator('.config-scroll li[aria-current="true"]')
    expect(await line.innerText()).toMatch(/^\s*72\s*<rsc_location id="solo-prefers-node2"/)
    expect(await line.evaluate((element) => element.getBoundingClientRect().top < window.innerHeight)).toBe(true)
    await page().waitForFunction(() => window.location.hash.includes('line=three.xml%3A72'))
    expect(await seriousProblems()).toEqual([])
    await page().goBack()
    await page().waitForSelector('.story-scroll')
  })

  it('splits the recovery into its parts, and seeks to its beginning', async () => {
    await open(TAKEOVER)
    const recovery = page().locator('.recovery', { hasText: 'db' }).first()
    expect(await recovery.innerText()).toMatch(/detect [\d.]+s, decide [\d.]+s, fence [\d.]+s, start/)
    await recovery.click()
    expect(await page().locator('output.clock').innerText()).toContain('02:00.000')
  })

  it('lets panels be resized by keyboard and remembers it', async () => {
    await open(TAKEOVER)
    const edge = page().getByRole('separator', { name: 'Width of the cluster map' })
    const before = Number(await edge.getAttribute('aria-valuenow'))
    await edge.press('ArrowRight')
    expect(Number(await edge.getAttribute('aria-valuenow'))).toBe(before + 24)
    await open(TAKEOVER)
    expect(Number(await edge.getAttribute('aria-valuenow'))).toBe(before + 24)
    await edge.dblclick()
  })

  it('shows guests by what carries them, and does not look for them in the ring', async () => {
    await open('s=pacemaker/p34-bundle&seed=1&at=100000')
    const map = await page().locator('.map').innerText()
    expect(map).toContain('guest in shop-podman-1; pacemaker-remoted running')
    expect(map).toContain('sees node2')
    expect(map).not.toMatch(/sees? shop/)
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
