// Makes a scenario of each of the laboratory's recordings, see translate.mjs. Run once for new recordings; the scenarios of those that
// the project goes by are kept in scenarios/lab.
//
//   node test/lab/make.mjs [FOLDER OF RECORDINGS] [--out DIR]
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { managerOf, recordingsIn, translate } from './translate.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = process.argv.slice(2)
const at = words.indexOf('--out')
const out = at < 0 ? join(root, 'scenarios', 'lab') : words.splice(at, 2)[1]
const recordings = words[0] ?? join(root, '..', 'shared', 'lab', 'recordings')

mkdirSync(out, { recursive: true })
for (const name of recordingsIn(recordings)) {
  const folder = join(recordings, name)
  // Heartbeat's are few and short: they are made when they are wanted.
  if (at < 0 && managerOf(folder) !== 'pacemaker') continue
  const { files, untold } = translate(folder, name)
  for (const file of files) writeFileSync(join(out, file.name), file.text)
  for (const line of untold) console.error(`${name}: ${line}`)
}
