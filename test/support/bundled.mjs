// Bundles a module from its sources and gives what it exports: whoever runs it is never behind them. Packages are not bundled, so that
// `scratch` has to stand inside node_modules.
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

// Paths and the package's own imports (`#…`) are bundled.
const isPackage = (id) => /^[^.#/]/.test(id) && !id.startsWith(ROOT)

export async function bundled(input, scratch) {
  const build = await rolldown({ input, platform: 'node', external: isPackage })
  await build.write({ dir: scratch, format: 'esm', entryFileNames: 'bundled.mjs' })
  await build.close()
  return import(pathToFileURL(join(scratch, 'bundled.mjs')).href)
}
