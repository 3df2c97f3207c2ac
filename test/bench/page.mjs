// Measures the page in a headless Chromium, on a Pacemaker run with more than 100,000 records: `npm run bench:page` after a build.
//
// A step or a zoom is measured from the key press to behind the next animation frame, in which what it changed is painted: never less
// than the rest of a frame. Prints JSON: milliseconds unless the name says otherwise. QUORATE_CLI names another build, QUORATE_CHROMIUM another browser.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'

const STEPS = 60
const cli = process.env['QUORATE_CLI'] ?? 'dist/node/quorate-cli.js'
const assets = join(dirname(cli), '..', 'web', 'assets')
const executablePath = process.env['QUORATE_CHROMIUM'] ?? '/usr/bin/chromium'

const packed = (pattern) =>
  readdirSync(assets)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0) / 1000

const { child, url } = await serve()
const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const began = performance.now()
  await page.goto(url)
  await page.waitForSelector('code[data-digest]')
  const interactive = performance.now() - began

  // Chaos to the end: decisions, faults and failures all along, not only monitors.
  const text = readFileSync('scenarios/pacemaker/p20-chaos.yaml', 'utf8')
    .replace(/^until: .*$/m, 'until: 5h')
    .replaceAll('until: 50m', 'until: 5h')
  const params = new URLSearchParams({ s: 'pacemaker/p20-chaos', seed: '1', text, at: '3600000' })
  await page.goto('about:blank')
  await page.goto(`${url}#${params}`)
  await page.waitForSelector('code[data-digest]', { timeout: 120_000 })
  const records = Number.parseInt(
    await page
      .locator('.verdict')
      .innerText()
      .then((words) => /(\d+) records/.exec(words)[1]),
    10,
  )
  const figures = {
    'first bundle, gzip, kB': round(packed(/^index-.*\.(js|css)$/)),
    'its scenarios, gzip, kB': round(packed(/^shelves-/)),
    'its worker, gzip, kB': round(packed(/^worker-/)),
    'from nothing to the first run on screen': round(interactive),
    records,
    'step of the cursor (story)': await timed(page, Array(STEPS).fill('ArrowRight')),
    zoom: await timed(page, [...Array(8).fill('+'), ...Array(8).fill('-')]),
  }
  await page.keyboard.press('d')
  await page.waitForSelector('.decisions .graph')
  figures['step of the cursor (decisions)'] = await timed(page, Array(STEPS).fill('ArrowRight'))
  figures['jump from decision to decision'] = await timed(page, Array(STEPS).fill('Shift+ArrowRight'))
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`)
} finally {
  await browser.close()
  child.kill()
}

/** Median and worst of some key presses; an empty frame costs what the screen's rate says. */
async function timed(page, keys) {
  const times = []
  for (const key of keys) {
    const [name, shiftKey] = key.startsWith('Shift+') ? [key.slice(6), true] : [key, false]
    times.push(
      await page.evaluate(
        ([pressed, shift]) =>
          new Promise((resolve) => {
            const from = performance.now()
            window.dispatchEvent(new KeyboardEvent('keydown', { key: pressed, shiftKey: shift, bubbles: true }))
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel()
              port1.onmessage = () => resolve(performance.now() - from)
              port2.postMessage('painted')
            })
          }),
        [name, shiftKey],
      ),
    )
  }
  times.sort((a, b) => a - b)
  return { median: round(times[times.length >> 1]), worst: round(times.at(-1)) }
}

function serve() {
  const child = spawn(process.execPath, [cli, 'ui'], { env: { ...process.env, PORT: '0', CI: '1' } })
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.stdout.on('data', (chunk) => {
      const url = /http:\/\/\S+/.exec(chunk.toString())?.[0]
      if (url !== undefined) resolve({ child, url })
    })
  })
}

function round(value) {
  return Math.round(10 * value) / 10
}
