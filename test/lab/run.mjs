// Runs the scenarios of scenarios/lab and holds each against its recording: one line of compare.mjs each, and the sum.
//
//   npm run lab                                  all recordings of ../shared/lab
//   npm run lab -- NAME... [--verbose] [--recordings DIR] [--keep DIR]
//
// The simulator is bundled from the sources, so it is never older than they are. Ends with 0 where all are equal, 1 where not, 2 where
// there is nothing to compare with.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = process.argv.slice(2)
const optionOf = (flag) => {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const recordings = optionOf('--recordings') ?? join(root, '..', 'shared', 'lab', 'recordings')
const keep = optionOf('--keep')
const isVerbose = words.includes('--verbose')
const wanted = words.filter((word) => !word.startsWith('--'))
const compare = join(recordings, '..', 'compare.mjs')
if (!existsSync(compare)) {
  console.error(`${recordings}: no recordings there (they are not part of the repository), nothing compared`)
  process.exit(2)
}
process.exit(await run())

async function run() {
  const scratch = mkdtempSync(join(root, 'node_modules', '.quorate-lab-'))
  const out = keep ?? scratch
  mkdirSync(out, { recursive: true })
  try {
    const { loadScenario, simulate, toTimeline } = await bundle(scratch)
    const names = readdirSync(join(root, 'scenarios', 'lab')).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? [])
    let equal = 0
    let total = 0
    for (const name of names.sort()) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      const recorded = join(recordings, name, 'timeline.json')
      if (!existsSync(recorded)) continue
      total += 1
      const { trace } = simulate(loadScenario(join(root, 'scenarios', 'lab', `${name}.yaml`)))
      const file = join(out, `${name}.json`)
      writeFileSync(file, toTimeline(trace))
      const { stdout, status } = spawnSync(process.execPath, [
        compare,
        recorded,
        file,
        ...(isVerbose ? ['--verbose'] : []),
      ])
      if (status === 0) equal += 1
      console.log(`${name.padEnd(28)} ${status === 0 ? '=' : ' '} ${String(stdout).trimEnd()}`)
    }
    console.log(`${equal} of ${total} recordings equal`)
    return equal === total ? 0 : 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function bundle(scratch) {
  const entry = join(scratch, 'entry.ts')
  const from = (path) => JSON.stringify(join(root, 'src', path))
  writeFileSync(
    entry,
    `export { loadScenario } from ${from('cli/load.ts')}\nexport { simulate } from ${from('run/simulate.ts')}\nexport { toTimeline } from ${from('report/timeline.ts')}\n`,
  )
  const build = await rolldown({
    input: entry,
    platform: 'node',
    external: (id) => /^[^./]/.test(id) && !id.startsWith(root),
  })
  await build.write({ dir: scratch, format: 'esm', entryFileNames: 'lab.mjs' })
  return import(pathToFileURL(join(scratch, 'lab.mjs')).href)
}
