/**
 * Golden digests: every shipped scenario under three seeds gives the trace that it gave before. A change is made on purpose, by name:
 * `QUORATE_GOLDEN=write npx vitest run --config test/vitest.config.ts test/golden`, and the commit says which behaviour changed and why.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/run/simulate.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

const GOLDEN = new URL('digests.txt', import.meta.url).pathname
const SEEDS = [1, 2, 3]

const paths = readdirSync('scenarios', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.yaml'))
  .sort()

function load(path: string): Scenario {
  const file = join('scenarios', path)
  const fileBeside = (name: string): string | undefined => {
    const beside = join(dirname(file), name)
    return existsSync(beside) ? readFileSync(beside, 'utf8') : undefined
  }
  const { value, problems } = readScenario({ name: file, text: readFileSync(file, 'utf8'), fileBeside }, VOCABULARY)
  expect(problems).toEqual([])
  expect(checkScenario(value!, file).filter((problem) => problem.severity === 'error')).toEqual([])
  return value!
}

function digestLines(path: string): readonly string[] {
  const scenario = load(path)
  return SEEDS.map((seed) => `${path} ${seed} ${simulate(scenario, { seed }).trace.footer.digest}`)
}

describe('golden digests', () => {
  if (process.env['QUORATE_GOLDEN'] === 'write') writeFileSync(GOLDEN, `${paths.flatMap(digestLines).join('\n')}\n`)
  const lines = existsSync(GOLDEN) ? readFileSync(GOLDEN, 'utf8').trimEnd().split('\n') : []

  it.each(paths)('%s', (path) => {
    expect(digestLines(path)).toEqual(lines.filter((line) => line.startsWith(`${path} `)))
  })

  it('stand for shipped scenarios only, and differ from seed to seed wherever chance has a say', () => {
    expect(lines.map((line) => line.split(' ')[0]).filter((path) => !paths.includes(path!))).toEqual([])
    const digests = lines.map((line) => line.split(' ')[2])
    expect(new Set(digests).size).toBe(digests.length)
  })
})
