/** How crm_simulate's command line is read: every expectation was seen with 2.1.5. */
import { describe, expect, it } from 'vitest'
import { helpText } from '../../src/cli/simulate-help.ts'
import { OPTIONS, OWN_OPTIONS } from '../../src/cli/simulate-options.ts'
import { readWords } from '../../src/cli/simulate-words.ts'

function read(...words: readonly string[]): unknown {
  const result = readWords(words, OPTIONS)
  return result.kind === 'flags' ? result.flags : result.kind === 'error' ? result.text : result
}

describe('options', () => {
  it('are combined, with a value attached or behind', () => {
    expect(read('-SsUQ')).toEqual({ simulate: true, showScores: true, showUtilization: true, quiet: true })
    expect(read('-Sxa.xml')).toEqual({ simulate: true, input: 'a.xml' })
    expect(read('-Sx', 'a.xml')).toEqual({ simulate: true, input: 'a.xml' })
    expect(read('-uSx', '-VV')).toEqual({ nodeUp: ['Sx'], verbose: 2 })
  })

  it('have long names, with = or a space', () => {
    expect(read('--xml-file=a.xml', '--node-up', 'n1', '--run=1')).toEqual({
      input: 'a.xml',
      nodeUp: ['n1'],
      run: true,
    })
  })

  it('are listed in the order of the command line where they may be repeated, else the last counts', () => {
    expect(read('-u', 'a', '-d', 'b', '-ub', '-q0', '-q', '1')).toEqual({
      nodeUp: ['a', 'b'],
      nodeDown: ['b'],
      quorum: '1',
    })
  })

  it('name one source: the last', () => {
    expect(read('-x', 'a.xml', '-p')).toEqual({ input: '-' })
    expect(read('-L', '-x', 'a.xml')).toEqual({ input: 'a.xml' })
    expect(read('-x', 'a.xml', '-L')).toEqual({ input: undefined })
  })

  it('may take a value that looks like an option', () => {
    expect(read('-u', '-ab')).toEqual({ nodeUp: ['-ab'] })
    expect(read('-u', '--run')).toEqual({ nodeUp: ['--run'] })
    expect(read('--node-up', '-ab')).toBe('Missing argument for -b')
  })

  it('end at --, and at a dash among short ones', () => {
    expect(read('-S', '--', '--bogus', 'word')).toEqual({ simulate: true })
    expect(read('-SV-', '-x', 'a.xml')).toEqual({ simulate: true, verbose: 1 })
    expect(read('word', '-', '-S')).toEqual({ simulate: true })
  })

  it('are refused where they are unknown, lack a value, or are no number', () => {
    expect(read('--bogus=3')).toBe('Unknown option --bogus=3')
    expect(read('-SZx', 'a.xml')).toBe('Unknown option -Z')
    expect(read('--xml')).toBe('Unknown option --xml')
    expect(read('--help=3')).toBe('Unknown option --help=3')
    expect(read('-x')).toBe('Missing argument for -x')
    expect(read('--xml-file')).toBe('Missing argument for --xml-file')
    expect(read('--repeat=zz')).toBe('Cannot parse integer value “zz” for --repeat')
    expect(read('-N', '09')).toBe('Cannot parse integer value “09” for -N')
    expect(read('-N', '99999999999')).toBe('Integer value “99999999999” for -N out of range')
    expect(read('-N0x10', '-N', ' 5')).toEqual({ repeat: 5 })
  })

  it('stop at help, whatever follows', () => {
    expect(read('-Sh', '--bogus')).toEqual({ kind: 'help', group: undefined })
    expect(read('--help-source')).toEqual({ kind: 'help', group: 'source' })
  })
})

describe('the help', () => {
  it('names every option, those of our own only where they are known', () => {
    const text = helpText('crm', OPTIONS, undefined)
    for (const { long } of OPTIONS) expect(text).toContain(`--${long}`)
    expect(text).not.toContain('--batch')
    expect(helpText('crm', OWN_OPTIONS, undefined)).toContain('--batch')
    expect(helpText('crm', OPTIONS, 'output')).not.toContain('--xml-file')
  })
})
