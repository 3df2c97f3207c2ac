// Holds the drop-in against crm_simulate, side by side, over all reference CIBs and every option set.
//
//   node test/conformance/drop-in.mjs [FOLDER] [--set NAME] [--case NAME] [--list] [--spawn] [--cache FOLDER]
//
//   FOLDER   CIBs (*.xml); default ../shared/conformance/pacemaker-2.1.5/xml
//   --set    only these option sets (names begin so; comma-separated);   --case  only cases whose name begins so
//   --list   every difference with its first lines;   --spawn  a process for each run, as users have it
//   --cache  where answers of crm_simulate are kept for the next time
//
// Prints one line for each option set: how many cases are equal, and which parts differ where.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import { differences, inProcess, REFERENCE, reference, runCase, spawned } from './drop-in-run.mjs'
import { OPTION_SETS } from './drop-in-sets.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    set: { type: 'string', default: '' },
    case: { type: 'string', default: '' },
    cache: { type: 'string' },
    list: { type: 'boolean', default: false },
    spawn: { type: 'boolean', default: false },
  },
})
const folder = resolve(positionals[0] ?? join(root, '..', 'shared', 'conformance', 'pacemaker-2.1.5', 'xml'))
if (!existsSync(REFERENCE) || !existsSync(folder)) {
  console.error(`${existsSync(folder) ? REFERENCE : folder}: not there, nothing compared`)
  process.exit(2)
}

// The exit code of a program that read where nothing is: no example to follow.
const CRASHED = 139

const built = mkdtempSync(join(tmpdir(), 'drop-in-built-'))
try {
  process.exitCode = await compareAll(await build())
} finally {
  rmSync(built, { recursive: true, force: true })
}

// The drop-in from the present sources: as a function, and as a program.
async function build() {
  const bundle = await rolldown({
    cwd: root,
    input: {
      simulate: join(root, 'src/cli/simulate.ts'),
      options: join(root, 'src/cli/simulate-options.ts'),
      program: join(root, 'src/cli/crm-simulate.ts'),
    },
    platform: 'node',
    logLevel: 'warn',
  })
  await bundle.write({ dir: built, format: 'esm' })
  await bundle.close()
  writeFileSync(join(built, 'package.json'), '{ "type": "module" }')
  const { simulateCommand } = await import(join(built, 'simulate.js'))
  const { OPTIONS } = await import(join(built, 'options.js'))
  const call = inProcess((words, print, complain) =>
    simulateCommand({ program: 'crm_simulate', words, options: OPTIONS, print, complain }),
  )
  const program = spawned(join(built, 'program.js'))
  return (set) => (values.spawn || set.source === 'stdin' ? program : call)
}

async function compareAll(programOf) {
  const wanted = values.set.split(',')
  const sets = OPTION_SETS.filter(({ name }) => wanted.some((start) => name.startsWith(start)))
  const files = readdirSync(folder).filter((file) => file.endsWith('.xml') && file.startsWith(values.case))
  let differing = 0
  for (const set of sets) {
    const found = []
    let crashed = 0
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8')
      const expected = await cached(`${set.name}/${file}`, () => runCase(reference, set, text))
      if (expected.code === CRASHED) {
        crashed++
        continue
      }
      const parts = differences(expected, await runCase(programOf(set), set, text))
      if (parts.length > 0) found.push({ name: basename(file, '.xml'), parts })
    }
    differing += found.length
    report(set, files.length - crashed, found)
  }
  return differing === 0 ? 0 : 1
}

// The reference's answer, kept for the next run where --cache says where.
async function cached(key, make) {
  if (values.cache === undefined) return make()
  const path = join(values.cache, `${key}.json`)
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  const answer = await make()
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(answer))
  return answer
}

function report({ name }, total, found) {
  const parts = new Map()
  for (const { parts: differing } of found)
    for (const part of differing) parts.set(part.name, (parts.get(part.name) ?? 0) + 1)
  const where = [...parts].map(([part, count]) => `${part} ${count}`).join(', ')
  console.log(
    `${name.padEnd(18)} ${String(total - found.length).padStart(4)} / ${total}${where === '' ? '' : `   ${where}`}`,
  )
  if (!values.list) return
  for (const { name: file, parts: differing } of found) {
    for (const part of differing) console.log(`  ${file} ${part.name}`, ['', ...part.lines].join('\n      '))
  }
}
