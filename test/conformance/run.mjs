// Runs the built command over a folder of reference inputs (default ../shared/conformance/pacemaker-2.1.5) and prints the stage table.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const folder = resolve(process.argv[2] ?? join(root, '..', 'shared', 'conformance', 'pacemaker-2.1.5'))
const compare = join(folder, '..', 'compare.mjs')
if (!existsSync(compare)) {
  console.error(`${folder}: no reference outputs there, nothing compared`)
  process.exit(2)
}
const out = mkdtempSync(join(tmpdir(), 'quorate-conformance-'))
const cli = join(root, 'dist', 'node', 'quorate-cli.js')
const batch = spawnSync(process.execPath, [cli, 'simulate', '--batch', join(folder, 'xml'), '--out', out], {
  stdio: 'inherit',
})
const table = batch.status === 0 ? spawnSync(process.execPath, [compare, folder, out], { stdio: 'inherit' }) : batch
rmSync(out, { recursive: true, force: true })
process.exit(table.status ?? 3)
