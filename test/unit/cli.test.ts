/** The command line as a user meets it: exit codes, streams, and that nothing ends in a stack trace. Drives the built program. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../src/run/version.ts'
import { VOCABULARY } from '../../src/run/vocabulary.ts'
import { scenarioJsonSchema } from '../../src/scenario/schema.ts'
import { HA_CF, HARESOURCES } from '../support/pair.ts'
import { quorate } from '../support/quorate.ts'

const folder = mkdtempSync(join(tmpdir(), 'quorate-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('quorate', () => {
  it('teaches in its help', () => {
    const { code, out } = quorate('--help')
    expect(code).toBe(0)
    for (const word of ['run', 'verify', 'replay', 'diff', 'export', 'ui', 'Examples']) expect(out).toContain(word)
  })

  it('knows its version', () => {
    expect(quorate('--version').out.trim()).toBe(VERSION)
    expect(JSON.parse(readFileSync('package.json', 'utf8')).version).toBe(VERSION)
  })

  it('tells a story and holds it against its expectations', () => {
    const { code, out } = quorate('run', 'scenarios/basics/first-failover.yaml')
    expect(code).toBe(0)
    expect(out).toContain('takes over from alice')
    expect(out).toContain('✓ held      recovered-within')
  })

  it('gives 1 where an expectation is violated', () => {
    const file = join(folder, 'violated.yaml')
    writeFileSync(
      file,
      scenario('timeline: [{ at: 2m, fault: partition, sides: [[alice], [bob]] }]\nexpect: [never-active-twice]\n'),
    )
    const { code, out } = quorate('run', file, '--quiet')
    expect(code).toBe(1)
    expect(out).toContain('✗ violated  never-active-twice')
  })

  it('runs the standard story of a folder with only ha.cf and haresources', () => {
    writeFileSync(join(folder, 'ha.cf'), HA_CF)
    writeFileSync(join(folder, 'haresources'), HARESOURCES)
    rmSync(join(folder, 'violated.yaml'), { force: true })
    const { code, out } = quorate('run', folder)
    expect(code).toBe(0)
    expect(out).toContain('The standard story: alice loses power and comes back')
  })

  it('keeps, replays, compares and exports traces', () => {
    const one = join(folder, 'one.jsonl')
    const two = join(folder, 'two.jsonl')
    expect(quorate('run', 'scenarios/heartbeat/s04-rejoin-failback.yaml', '-q', '-t', one).code).toBe(0)
    expect(quorate('run', 'scenarios/heartbeat/s04-rejoin-failback.yaml', '-q', '-t', two, '--seed', '2').code).toBe(0)
    expect(quorate('replay', one).out).toContain('wants to go standby [foreign]')
    expect(quorate('diff', one, one).code).toBe(0)
    const different = quorate('diff', one, two)
    expect(different.code).toBe(1)
    expect(different.out).toContain('differ first at record')
    expect(JSON.parse(quorate('export', one, '--as', 'perfetto').out).traceEvents.length).toBeGreaterThan(50)
    expect(quorate('export', one, '--as', 'svg').out).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    expect(quorate('export', one, '--as', 'csv').out.split('\r\n')[0]).toBe('seq,at_ms,cause,kind,node,about,tone,text')
    expect(quorate('export', one, '--as', 'jsonl').out).toBe(readFileSync(one, 'utf8'))
  })

  it('gives the same digest in two processes and with both engines', () => {
    const { code, out } = quorate('verify', 'scenarios/disasters/chaos-monkey.yaml', '--json')
    expect(code).toBe(0)
    const { digest } = JSON.parse(out)
    expect(JSON.parse(quorate('run', 'scenarios/disasters/chaos-monkey.yaml', '--json').out).footer.digest).toBe(digest)
  })

  it.each([
    ['a command that does not exist', ['rum'], 'unknown command'],
    ['no argument', ['run'], 'missing required argument'],
    ['a seed that is none', ['run', 'x', '--seed', 'seven'], 'a whole number is wanted'],
    ['a file that is not there', ['run', 'nowhere.yaml'], 'there is no such file'],
    ['a folder without anything', ['run', 'src'], 'holds neither a scenario'],
    ['a trace that is none', ['replay', 'package.json'], 'is not JSON'],
    ['a format that is none', ['export', 'package.json', '--as', 'pdf'], 'there is no format "pdf"'],
  ])('gives 2 and advice for %s', (_title, args, expected) => {
    const { code, err } = quorate(...args)
    expect(code).toBe(2)
    expect(err).toContain(expected)
    expect(err).not.toMatch(/\n\s+at /)
  })

  it('refuses a 50 MB file at once', () => {
    const file = join(folder, 'large.yaml')
    execFileSync('truncate', ['-s', '50M', file])
    const { code, err } = quorate('run', file)
    expect(code).toBe(2)
    expect(err).toContain('52 MB; 20 MB at most')
    rmSync(file)
  })

  it('finds a changed record by the digest', () => {
    const file = join(folder, 'changed.jsonl')
    quorate('run', 'scenarios/basics/first-failover.yaml', '-q', '-t', file)
    writeFileSync(file, readFileSync(file, 'utf8').replace('"node":"bob"', '"node":"eve"'))
    const { code, err } = quorate('replay', file)
    expect(code).toBe(2)
    expect(err).toContain('the digest does not fit the records')
  })
})

describe('the published JSON Schema', () => {
  it('is that of the vocabulary; after a change: npm run schema', () => {
    expect(JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8'))).toEqual(scenarioJsonSchema(VOCABULARY))
  })
})

function scenario(rest: string): string {
  const inline = (text: string): string => text.replace(/^/gm, '    ').trimEnd()
  return `title: t\nmanager: heartbeat\nconfig:\n  ha.cf: |\n${inline(HA_CF)}\n  haresources: |\n${inline(HARESOURCES)}\n${rest}`
}
