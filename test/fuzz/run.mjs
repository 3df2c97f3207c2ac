// Bundles test/fuzz/main.ts (Node 20 reads no TypeScript) and runs it with the words given: npm run fuzz:scheduler -- --count 100
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const here = dirname(fileURLToPath(import.meta.url))
const file = join(here, '..', '..', 'node_modules', `.quorate-fuzz-${process.pid}.mjs`)
const bundle = await rolldown({ input: join(here, 'main.ts'), platform: 'node', external: [], logLevel: 'warn' })
await bundle.write({ file, format: 'esm', sourcemap: false })
await bundle.close()
const { status } = spawnSync(process.execPath, [file, ...process.argv.slice(2)], { stdio: 'inherit' })
rmSync(file, { force: true })
process.exit(status ?? 3)
