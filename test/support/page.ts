/**
 * One page in a headless Chromium for the tests of a file: served, opened at a fragment, watched for errors, read by axe.
 *
 * Call `usePage` inside a describe block that is skipped where there is no Chromium.
 */
import { readFileSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.ts'
import { type Served, servePage } from './serve.ts'

/** Where Chromium is, or undefined. */
export const executablePath = findChromium()

/** What the tests of one file share. */
export interface TestPage {
  /** The page; only inside tests. */
  readonly page: () => Page
  readonly served: () => Served
  readonly browser: () => Browser
  /** Messages of errors that the page threw. */
  readonly errors: string[]
  /** Opens the table at a fragment, afresh. */
  readonly open: (fragment: string) => Promise<void>
  readonly clock: () => Promise<string>
  /** What axe finds that is serious or critical. */
  readonly seriousProblems: () => Promise<readonly string[]>
}

/** Starts server and browser before the tests of a file and ends both after them. */
export function usePage(): TestPage {
  let browser: Browser
  let served: Served
  let page: Page
  const errors: string[] = []
  beforeAll(async () => {
    served = await servePage()
    browser = await chromium.launch({ executablePath: executablePath!, args: CHROMIUM_ARGUMENTS })
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('pageerror', (error) => errors.push(error.message))
  })
  afterAll(async () => {
    await browser?.close()
    served?.end()
  })
  return {
    page: () => page,
    served: () => served,
    browser: () => browser,
    errors,
    open: async (fragment) => {
      await page.goto('about:blank')
      await page.goto(`${served.url}#${fragment}`)
      await page.waitForSelector('main.table')
    },
    clock: async () => (await page.locator('output.clock').innerText()).split(' ')[0]!,
    seriousProblems: () => seriousProblems(page),
  }
}

async function seriousProblems(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ content: readFileSync('node_modules/axe-core/axe.min.js', 'utf8') })
  // axe adds itself to the window. It describes only what it finds wrong: to describe all that is right takes most of its time.
  const found = await page.evaluate(() =>
    (
      window as unknown as {
        axe: {
          run: (options: {
            resultTypes: readonly string[]
          }) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>
        }
      }
    ).axe.run({ resultTypes: ['violations'] }),
  )
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}
