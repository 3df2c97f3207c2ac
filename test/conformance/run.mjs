// Holds Quorate against the recorded answers of crm_simulate, all in one process, and prints how many cases are equal, stage by stage.
//
//   npm run conformance                        the folder ../shared/conformance/pacemaker-2.1.5
//   npm run conformance -- DIR [--list | --case NAME | --json]
//
// DIR holds xml/NAME.xml, and summary/, scores/, dot/ and exp/ with the answers. The command is bundled from the sources, so it is
// never older than they are. Ends with 2 where there is nothing to compare with.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = process.argv.slice(2)
const given = words[0]?.startsWith('--') === false ? words.shift() : undefined
const shared = join(root, '..', 'shared', 'conformance')
const folder = resolve(given ?? join(shared, 'pacemaker-2.1.5'))
const compare = [join(folder, '..', 'compare.mjs'), join(shared, 'compare.mjs')].find((file) => existsSync(file))

if (!existsSync(join(folder, 'xml'))) {
  console.error(`${folder}: no reference inputs there (they are not part of the repository), nothing compared`)
  process.exit(2)
}
if (compare === undefined) {
  console.error(`no compare.mjs next to ${folder} or in ${shared}, nothing compared`)
  process.exit(2)
}
prepare()
process.exit(await run())

function prepare() {
  const { status } = spawnSync(process.execPath, [join(root, 'src', 'cli', 'prepare.mjs')], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 3)
}

async function run() {
  const scratch = mkdtempSync(join(root, 'node_modules', '.quorate-conformance-'))
  try {
    await bundle(scratch)
    const out = join(scratch, 'out')
    const command = [join(scratch, 'main.js'), 'simulate', '--batch', join(folder, 'xml'), '--out', out]
    const batch = spawnSync(process.execPath, command, { stdio: 'inherit' })
    if (batch.status !== 0) return batch.status ?? 3
    return spawnSync(process.execPath, [compare, folder, out, ...words], { stdio: 'inherit' }).status ?? 3
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

async function bundle(dir) {
  const { rolldown } = await import('rolldown')
  const input = join(root, 'src', 'cli', 'main.ts')
  const bundled = await rolldown({ input, platform: 'node', logLevel: 'warn' })
  await bundled.write({ dir, format: 'esm' })
  await bundled.close()
}
