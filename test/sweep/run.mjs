// Goes on from every CIB of a folder for a while, and tells of each that cannot be read, throws, is stopped by its limit of events or
// never comes to rest.
//
//   npm run sweep -- DIR [NAME...] [--minutes N] [--events N] [--verbose]
//
// Ends with 0 where all came to rest, 1 where not, 2 where there is nothing to look at.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled } from '../support/bundled.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = process.argv.slice(2)
const optionOf = (flag, absent) => {
  const at = words.indexOf(flag)
  return at < 0 ? absent : Number(words.splice(at, 2)[1])
}
const limits = { until: optionOf('--minutes', 20) * 60_000, eventsMax: optionOf('--events', 150_000) }
const isVerbose = words.includes('--verbose')
const [folder, ...names] = words.filter((word) => !word.startsWith('--'))
if (folder === undefined || !existsSync(folder)) {
  console.error('npm run sweep -- DIR: a folder with CIBs (*.xml)')
  process.exit(2)
}
process.exit(await run())

async function run() {
  const scratch = mkdtempSync(join(root, 'node_modules', '.quorate-sweep-'))
  try {
    const { lookAt } = await bundled(join(root, 'test', 'sweep', 'look.ts'), scratch)
    const files = readdirSync(folder)
      .filter((file) => file.endsWith('.xml') && (names.length === 0 || names.includes(file.slice(0, -4))))
      .sort()
    let rested = 0
    for (const file of files) {
      const { kind, text, repeats } = lookAt(file, readFileSync(join(folder, file), 'utf8'), limits)
      if (kind === 'at rest') rested += 1
      if (kind !== 'at rest' || isVerbose) console.log(`${file.padEnd(50)} ${kind} ${text.split('\n')[0]}`)
      for (const repeat of repeats.slice(0, isVerbose ? 20 : 3)) console.log(`    ${repeat}`)
    }
    console.log(`${rested} of ${files.length} came to rest`)
    return rested === files.length ? 0 : 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
