/** Own files in the page: a CIB (packed or broken), other managers' files, and traces with and without their scenario. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import { simulate } from '../../src/run/simulate.ts'
import { continuation } from '../../src/run/standard.ts'
import { VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import { toJsonLines } from '../../src/trace/jsonl.ts'
import { scenarioOf } from '../../web/replay/opening.ts'
import { executablePath, usePage } from '../support/page.ts'

const folder = mkdtempSync(join(tmpdir(), 'quorate-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CIB = readFileSync('scenarios/pacemaker/three.xml', 'utf8')
/** A beginning of what bzip2 packs, without its end. */
const CUT_BZIP2 = 'QlpoOTFBWSZTWQ=='

describe.skipIf(executablePath === undefined)('opening own files', () => {
  const { errors, open, page, seriousProblems, served } = usePage()

  const own = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const choose = (...paths: readonly string[]): Promise<void> =>
    page()
      .locator('input[type=file]')
      .setInputFiles([...paths])
  const digestIs = (digest: string): Promise<unknown> =>
    page().waitForFunction(
      (wanted) => document.querySelector('code[data-digest]')?.getAttribute('data-digest') === wanted,
      digest,
    )
  const status = (): Promise<string> => page().locator('.status').innerText()

  it('goes on from a CIB as the command line does, packed or not', async () => {
    const file = { name: 'pe-input-3.xml', text: CIB }
    const text = scenarioOf({ kind: 'config', manager: 'pacemaker', files: [file] }, undefined)
    const source = { name: 'own.yaml', text, fileBeside: () => undefined }
    const { records, footer } = simulate(readScenario(source, VOCABULARY).value!).trace
    expect(records).toEqual(simulate(continuation(file).value!).trace.records)
    await open('s=basics/first-failover')
    await choose(own('pe-input-3.xml', CIB))
    await digestIs(footer.digest)
    await open('s=basics/first-failover')
    await choose(own('pe-input-3.xml.gz', gzipSync(CIB)))
    await digestIs(footer.digest)
    await page().reload()
    await digestIs(footer.digest)
  })

  it('says where a broken CIB is broken, goes there, and keeps the last run', async () => {
    await open('s=pacemaker/p06-promoted-dies')
    const digest = await page().locator('code[data-digest]').getAttribute('data-digest')
    await choose(own('bad.xml', CIB.replace('rsc="solo"', 'rsc="solo')))
    await page().getByRole('button', { name: 'Show in the editor' }).click()
    expect(await page().locator('code[data-digest]').getAttribute('data-digest')).toBe(digest)
    const [problem] = await page().locator('.problems button').all()
    expect(await problem!.innerText()).toMatch(/^bad\.xml:72:\d+: error: /)
    await problem!.click()
    await page().waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    const line = await page().evaluate(() => {
      const field = document.activeElement as HTMLTextAreaElement
      return field.value.slice(field.value.lastIndexOf('\n', field.selectionStart) + 1).split('\n')[0]
    })
    expect(line).toContain('<rsc_location id="solo-prefers-node2"')
    expect(await seriousProblems()).toEqual([])
    await page().goBack()
    await digestIs(digest!)
  })

  it('tells the standard story of other managers’ files, and says what is missing', async () => {
    await open('s=basics/first-failover')
    await choose('scenarios/heartbeat/pair.ha.cf')
    await page().waitForFunction(() => document.querySelector('.status')?.textContent?.includes('open both at once'))
    await choose('scenarios/heartbeat/pair.ha.cf', 'scenarios/heartbeat/pair.haresources')
    await page().waitForFunction(() => document.querySelector('h1')?.textContent?.includes('The standard story: alice'))
    expect(await status()).toBe('')
    await choose('scenarios/rgmanager/shop.cluster.conf')
    await page().waitForFunction(() => document.querySelector('h1')?.textContent?.includes('The standard story: n1'))
    await choose(own('broken.xml.bz2', Buffer.from(CUT_BZIP2, 'base64')))
    await page().waitForFunction(() => document.querySelector('.status')?.textContent?.includes('broken.xml.bz2'))
  })

  it('finds the scenario of a trace, and says what a trace alone does not hold', async () => {
    const scenario = loadScenario('scenarios/rgmanager/s03-three-failures.yaml')
    await open('s=basics/first-failover')
    const known = simulate(scenario, { seed: 5 }).trace
    await choose(own('known.jsonl', toJsonLines(known)))
    await digestIs(known.footer.digest)
    expect(new URL(page().url()).hash).toContain('s=rgmanager%2Fs03-three-failures&seed=5')
    await page().getByRole('tab', { name: 'Service tree' }).click()
    await page().waitForSelector('.service')
    const unknown = simulate({ ...scenario, title: 'Mine' }).trace
    await choose(own('mine.jsonl', toJsonLines(unknown)))
    await digestIs(unknown.footer.digest)
    await page().getByRole('tab', { name: 'Service tree' }).click()
    expect(await page().locator('.tab-panel').innerText()).toContain('a trace does not hold it')
    expect(await page().getByRole('button', { name: 'Fork' }).count()).toBe(0)
    expect(await seriousProblems()).toEqual([])
    await choose(own('cut.jsonl', toJsonLines(unknown).slice(0, -300)))
    await page().waitForFunction(() => /cut\.jsonl:\d+/.test(document.querySelector('.status')?.textContent ?? ''))
  })

  it('says where an address is of a scenario that there is not, and offers others', async () => {
    await page().goto('about:blank')
    await page().goto(`${served().url}#s=pacemaker/p99-renamed&seed=3`)
    const told = page().getByText('which the library does not have')
    expect(await told.innerText()).toContain('“pacemaker/p99-renamed”')
    expect(await status()).toBe('')
    expect(await seriousProblems()).toEqual([])
    await page().getByRole('button', { name: 'Choose another' }).click()
    await page().locator('.library button').first().click()
    await page().waitForSelector('main.table')
    expect(await told.count()).toBe(0)
  })

  it('never threw', () => {
    expect(errors).toEqual([])
  })
})
