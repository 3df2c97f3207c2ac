// Builds dist/: the command line and library for Node (bundled, so that a command starts fast), their types, and the page.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { build as buildPage } from 'vite'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const at = (...parts) => join(root, ...parts)

rmSync(at('dist', 'node'), { recursive: true, force: true })
const bundle = await rolldown({
  input: {
    quorate: at('src/quorate.ts'),
    'quorate-cli': at('src/cli/main.ts'),
    'quorate-crm-simulate': at('src/cli/crm-simulate.ts'),
    bench: at('test/bench/main.ts'),
  },
  platform: 'node',
  external: [],
  resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
  logLevel: 'warn',
})
await bundle.write({
  dir: at('dist', 'node'),
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  sourcemap: true,
  minify: false,
})
await bundle.close()

const types = spawnSync(
  process.execPath,
  [at('node_modules/typescript/bin/tsc'), '-p', at('src/cli/tsconfig.types.json')],
  { stdio: 'inherit' },
)
if (types.status !== 0) process.exit(1)

await buildPage({ configFile: at('web', 'vite.config.ts'), logLevel: 'warn' })
