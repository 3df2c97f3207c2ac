/**
 * A sample of what drop-in.mjs does for all: the drop-in beside crm_simulate, in every option set, on a few CIBs.
 *
 * Skipped where crm_simulate is not installed. Standard input is left to drop-in.mjs, which starts processes.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { simulateCommand } from '../../src/cli/simulate.ts'
import { OPTIONS } from '../../src/cli/simulate-options.ts'
import { differences, inProcess, REFERENCE, reference, runCase } from './drop-in-run.mjs'
import { OPTION_SETS } from './drop-in-sets.mjs'

const here = import.meta.dirname
const large = join(here, '..', '..', '..', 'shared', 'conformance', 'pacemaker-2.1.5', 'xml')
const files = [
  join(here, 'two-nodes.xml'),
  ...['utilization', 'whitebox-fail1', 'ticket-clone-1'].map((name) => join(large, `${name}.xml`)),
].filter((file) => existsSync(file))

const dropIn = inProcess((words, print, complain) =>
  simulateCommand({ program: 'crm_simulate', words, options: OPTIONS, print, complain }),
)

describe.skipIf(!existsSync(REFERENCE))('beside crm_simulate (skipped where it is not installed)', () => {
  test.each(OPTION_SETS.filter(({ source }) => source !== 'stdin'))('$name', async (set) => {
    for (const file of files) {
      const text = readFileSync(file, 'utf8')
      const expected = await runCase(reference, set, text)
      expect(differences(expected, await runCase(dropIn, set, text)), file).toEqual([])
    }
  })

  test('another status is seen as a difference', async () => {
    const [set] = OPTION_SETS
    const text = readFileSync(files[0]!, 'utf8')
    const expected = await runCase(reference, set!, text)
    const actual = await runCase(dropIn, set!, text.replace('crmd="online"', 'crmd="offline"'))
    expect(differences(expected, actual)).not.toEqual([])
  })
})

describe('the command line', () => {
  const run = async (...words: readonly string[]): Promise<string> => {
    let text = ''
    const take = (part: string): void => {
      text += part
    }
    const code = await simulateCommand({
      program: 'crm_simulate',
      words,
      options: OPTIONS,
      print: take,
      complain: take,
    })
    return `${code} ${text}`
  }

  test('ends with the codes of crm_simulate', async () => {
    expect(await run('--bogus')).toBe('64 crm_simulate: Unknown option --bogus\n')
    expect(await run('-S', '-x')).toBe('64 crm_simulate: Missing argument for -x\n')
    expect(await run('-N', 'many')).toBe('64 crm_simulate: Cannot parse integer value “many” for -N\n')
    expect(await run('-L')).toBe('66 crm_simulate: CIB query failed: Input file not available\n')
    expect(await run('-x', '/nowhere/cib.xml')).toBe('70 /nowhere/cib.xml: No such file or directory\n')
    expect(await run('-x', join(here, 'drop-in.test.ts'))).toMatch(/^70 .*drop-in.test.ts:[0-9]+:/)
    expect(await run('--output-as=html')).toBe('105 Error creating output format html: Unknown output format\n')
    const there = join(here, 'two-nodes.xml')
    expect(await run('-x', there, '-O', '/nowhere/o')).toBe(
      "105 crm_simulate: Could not create '/nowhere/o': No such file or directory\n",
    )
    expect(await run('-x', there, '-G', '/nowhere/g')).toMatch(/^74 /)
    expect(await run('-Qx', there, '-d', 'stranger')).toMatch(/^134 .*stranger/)
  })

  test('says what went wrong in XML, too', async () => {
    const text = await run('--output-as=xml', '-x', '/nowhere/cib.xml')
    expect(text).toContain('<status code="70" message="Internal software bug"/>')
  })
})
