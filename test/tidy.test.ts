/** The house rules hold over the whole tree, and each of them can fail: a planted violation shows it. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { complaintsAbout, type Source } from './support/tidy.ts'

const HEAD = '/** What this is for. */\n'

function trackedSources(): readonly Source[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src', 'web'], {
    encoding: 'utf8',
  })
  const paths = listed.split('\n').filter((path) => /\.(ts|tsx|mjs)$/.test(path) && existsSync(path))
  return paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

describe('the house', () => {
  it('is in order', () => {
    expect(complaintsAbout(trackedSources())).toEqual([])
  })

  it('holds every source in git, and no test is left alone on purpose', () => {
    const listed = execFileSync('git', ['ls-files', 'test'], { encoding: 'utf8' }).split('\n')
    const tests = listed.filter((path) => path.endsWith('.test.ts') && existsSync(path))
    const only = tests.filter(
      (path) => path !== 'test/tidy.test.ts' && /\b(it|describe|test)\.only\(/.test(readFileSync(path, 'utf8')),
    )
    expect(only).toEqual([])
  })
})

describe('a planted violation is found', () => {
  it.each([
    [
      'a manager that looks at the world',
      'src/heartbeat/x.ts',
      "import { a } from '../world/node.ts'\n",
      'heartbeat must not import world',
    ],
    [
      'a type-only import counts',
      'src/kernel/x.ts',
      "import type { A } from '../model/node.ts'\n",
      'kernel must not import model',
    ],
    [
      'a dynamic import counts',
      'src/checks/x.ts',
      "const a = import('../run/simulate.ts')\n",
      'checks must not import run',
    ],
    [
      'xstate outside machines',
      'src/world/x.ts',
      "import { setup } from 'xstate'\n",
      'only machines may import xstate',
    ],
    [
      'files outside the command line',
      'src/trace/x.ts',
      "import { readFileSync } from 'node:fs'\n",
      'only cli may import node:fs',
    ],
    [
      'Node in what every host runs',
      'src/host/x.ts',
      "import { createHash } from 'node:crypto'\n",
      'only cli may import node:crypto',
    ],
    [
      'a view that runs',
      'web/views/x.tsx',
      "import { simulate } from '../../src/run/simulate.ts'\n",
      'a view must not import run',
    ],
    ['the wall clock', 'src/world/x.ts', 'export const now = Date.now()\n', 'virtual time is the only time'],
    ['chance of the host', 'src/world/x.ts', 'export const now = Math.random()\n', 'draw from a seeded stream'],
    ['an inexact function', 'src/kernel/x.ts', 'export const now = Math.exp(1)\n', 'may differ between engines'],
    ['a power', 'src/kernel/x.ts', 'export const now = 2 ** 3\n', '** may differ between engines'],
    ['a promise', 'src/run/x.ts', 'export async function a() {}\n', 'a promise'],
    ['a locale', 'src/report/x.ts', "export const a = 'x'.localeCompare('y')\n", 'a locale'],
    ['a room that nobody planned', 'src/misc/x.ts', '', 'no room "misc"'],
    ['a barrel', 'src/kernel/index.ts', '', 'no barrel files'],
    ['a file that is too deep', 'src/kernel/a/b.ts', '', 'deeper than top/folder/file'],
    ['a file that is too long', 'src/kernel/x.ts', '\n'.repeat(501), '500 at most'],
  ])('%s', (_title, path, text, complaint) => {
    expect(complaintsAbout([{ path, text: HEAD + text }]).join('\n')).toContain(complaint)
  })

  it('a file without a head comment', () => {
    expect(complaintsAbout([{ path: 'src/kernel/x.ts', text: 'export const a = 1\n' }]).join('\n')).toContain(
      'opens with a comment',
    )
  })

  it('a cycle between rooms', () => {
    const sources = [
      { path: 'src/run/a.ts', text: `${HEAD}import '../cli/b.ts'\n` },
      { path: 'src/cli/b.ts', text: `${HEAD}import '../run/a.ts'\n` },
    ]
    expect(complaintsAbout(sources).join('\n')).toContain('cycle: ')
  })

  it('words in comments and strings are no violations', () => {
    expect(
      complaintsAbout([{ path: 'src/kernel/x.ts', text: `${HEAD}// no Date here\nexport const a = 'await'\n` }]),
    ).toEqual([])
  })
})
