/** Files in: scenarios (a file, or a folder with one, or a folder with only a manager's own files, or a CIB) and traces. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ManagerName } from '../model/names.ts'
import { continuation, standardScenario } from '../run/standard.ts'
import { checkScenario, VOCABULARY } from '../run/vocabulary.ts'
import { readScenario } from '../scenario/reader.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { fromJsonLines } from '../trace/jsonl.ts'
import type { Trace } from '../trace/record.ts'
import { decompress } from './bzip.ts'
import { CommandError, refuse } from './console.ts'

/** Larger inputs are refused before they are read. */
const BYTES_MAX = 20_000_000
const TRACE_BYTES_MAX = 2_000_000_000

/** Loads what `path` names; ends the command with every problem where it cannot run. */
export function loadScenario(path: string): Scenario {
  if (!existsSync(path)) throw new CommandError(`${path}: there is no such file or folder`)
  if (statSync(path).isDirectory()) return loadFolder(path)
  return loadFile(path)
}

/** Loads a trace. */
export function loadTrace(path: string): Trace {
  const { value, problems } = fromJsonLines(readText(path, TRACE_BYTES_MAX), path)
  refuse(problems)
  return value!
}

function loadFile(path: string): Scenario {
  if (/\.(xml|bz2)$/.test(path)) return loadContinuation(path)
  if (path.endsWith('.conf')) return loadStandard('rgmanager', dirname(path), [basename(path)])
  const folder = dirname(path)
  const fileBeside = (name: string): string | undefined => {
    const file = join(folder, name)
    return existsSync(file) && statSync(file).isFile() ? readText(file) : undefined
  }
  const { value, problems, places } = readScenario({ name: path, text: readText(path), fileBeside }, VOCABULARY)
  refuse(problems)
  refuse(checkScenario(value!, path, places))
  return value!
}

function loadFolder(path: string): Scenario {
  const names = readdirSync(path).sort()
  const scenarios = names.filter((name) => /\.ya?ml$/.test(name))
  const [only] = scenarios
  if (only !== undefined && scenarios.length === 1) return loadFile(join(path, only))
  if (1 < scenarios.length)
    throw new CommandError(`${path}: holds ${scenarios.length} scenarios; name one: ${scenarios.join(', ')}`)
  if (names.includes('cluster.conf')) return loadStandard('rgmanager', path, ['cluster.conf'])
  if (!names.includes('ha.cf') || !names.includes('haresources')) {
    throw new CommandError(`${path}: holds neither a scenario (*.yaml), nor ha.cf and haresources, nor cluster.conf`)
  }
  return loadStandard('heartbeat', path, ['ha.cf', 'haresources'])
}

/** A manager's own files without a scenario: the standard story. */
function loadStandard(manager: ManagerName, folder: string, names: readonly string[]): Scenario {
  const files = names.map((name) => ({ name, text: readText(join(folder, name)) }))
  const { value, problems } = standardScenario(manager, files)
  refuse(problems.map((problem) => ({ ...problem, file: join(folder, problem.file) })))
  return value!
}

/** A CIB by itself, as a DC keeps the inputs of its decisions: what happens next. */
function loadContinuation(path: string): Scenario {
  const { value, problems } = continuation({ name: basename(path), text: readText(path) })
  refuse(problems.map((problem) => ({ ...problem, file: path })))
  return value!
}

function readText(path: string, bytesMax = BYTES_MAX): string {
  if (!existsSync(path)) throw new CommandError(`${path}: there is no such file`)
  const stat = statSync(path)
  if (stat.isDirectory()) throw new CommandError(`${path}: is a folder, not a file`)
  if (bytesMax < stat.size)
    throw new CommandError(
      `${path}: has ${Math.round(stat.size / 1_000_000)} MB; ${bytesMax / 1_000_000} MB at most are read (is ${basename(path)} the right file?)`,
    )
  const bytes = readFileSync(path)
  if (!path.endsWith('.bz2')) return bytes.toString('utf8')
  try {
    return decompress(bytes)
  } catch (error) {
    throw new CommandError(
      `${path}: cannot be decompressed (${error instanceof Error ? error.message : String(error)})`,
    )
  }
}
