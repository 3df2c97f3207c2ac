/** `quorate explain` as a user meets it: the README's example, data, and clear words for what is not there. Drives the built program. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const CIB = 'test/conformance/three-nodes.xml'

function explain(
  args: readonly string[],
  input = '',
  colour: NodeJS.ProcessEnv = {},
): { readonly code: number | null; readonly out: string; readonly err: string } {
  const command = ['dist/node/quorate-cli.js', 'explain', ...args]
  const { FORCE_COLOR: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    input,
    env: { ...env, ...colour },
  })
  return { code: status, out: stdout, err: stderr }
}

describe('quorate explain', () => {
  it('prints what the README shows', () => {
    const { code, out } = explain([CIB, '--resource', 'db'])
    expect(code).toBe(0)
    expect(readFileSync('README.md', 'utf8')).toContain(`$ quorate explain ${CIB} --resource db\n${out}\`\`\``)
  })

  it('gives the same as data, with places', () => {
    const { code, out } = explain([CIB, '--resource', 'db', '--json'])
    expect(code).toBe(0)
    const { file, primitives } = JSON.parse(out)
    expect(file).toBe(CIB)
    expect(primitives[0].scores[0]).toEqual({
      node: 'n2',
      score: 300,
      shown: '300',
      terms: [
        { what: 'location', amount: 300, how: 'add', counts: true, text: 'location L2', id: 'L2', line: 25, column: 7 },
      ],
      obstacles: [],
    })
    expect(primitives[0].actions[0].before.map(({ text }: { readonly text: string }) => text)).toContain(
      'stop app on n1',
    )
  })

  it('reads standard input, and quotes it by that name', () => {
    const { code, out } = explain(['-', '--node', 'n3'], readFileSync(CIB, 'utf8'))
    expect(code).toBe(0)
    expect(out).toMatch(/^n3 is fenced \(reboot\): peer is no longer part of the cluster \(stdin:46\)/)
  })

  it('is plain in a pipe, in continuous integration too, and coloured where asked', () => {
    const plain = explain([CIB, '--node', 'n3']).out
    expect(plain).toContain('n3 is fenced')
    expect(explain([CIB, '--node', 'n3'], '', { CI: 'true' }).out).toBe(plain)
    expect(explain([CIB, '--node', 'n3'], '', { FORCE_COLOR: '1' }).out).toContain('\u001b[1mn3 is fenced')
    expect(explain([CIB, '--node', 'n3'], '', { FORCE_COLOR: '1', NO_COLOR: '1' }).out).toBe(plain)
  })

  it('judges as of another time where asked', () => {
    expect(explain([CIB, '-r', 'db', '-t', '2025-11-13 03:00:00Z']).code).toBe(0)
    expect(explain([CIB, '-r', 'db', '-t', 'noon']).err).toContain('is no date and time')
  })

  it('teaches in its help', () => {
    const { code, out } = explain(['--help'])
    expect(code).toBe(0)
    for (const word of ['--resource', '--node', 'Examples', 'cibadmin -Q']) expect(out).toContain(word)
  })

  it.each([
    ['an unknown resource', [CIB, '--resource', 'dbx'], 'there is no such resource; near are db'],
    ['an unknown node', [CIB, '--node', 'n7'], 'there is no such node; known are n1, n2, n3'],
    ['a file that is not there', ['nowhere.xml'], 'No such file'],
    ['a file that is no CIB', ['package.json'], 'package.json'],
  ])('gives 2 and advice for %s', (_title, args, expected) => {
    const { code, err } = explain(args)
    expect(code).toBe(2)
    expect(err).toContain(expected)
    expect(err).not.toMatch(/\n\s+at /)
  })
})
