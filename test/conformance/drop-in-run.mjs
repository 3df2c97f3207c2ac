// One comparison of the drop-in with crm_simulate: a folder with the CIB for each, both programs, and what differs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { targetsOf } from './drop-in-sets.mjs'

export const REFERENCE = '/usr/sbin/crm_simulate'

// Runs `program` ({ words, folder, input } → { code, stdout, stderr }) over one CIB with one option set.
export async function runCase(program, set, text) {
  const folder = mkdtempSync(join(tmpdir(), 'drop-in-'))
  try {
    writeFileSync(join(folder, 'cib.xml'), text)
    if (set.source === 'bzip') spawnSync('bzip2', ['-k', 'cib.xml'], { cwd: folder })
    const words = set.args(targetsOf(text))
    const { code, stdout, stderr } = await program({ words, folder, input: set.source === 'stdin' ? text : '' })
    const files = set.files.map((name) => [
      name,
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '',
    ])
    return { code, stdout, stderr, ...Object.fromEntries(files) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function reference({ words, folder, input }) {
  const { status, signal, stdout, stderr } = spawnSync(REFERENCE, words, {
    cwd: folder,
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  const code = signal === 'SIGABRT' ? 134 : signal === 'SIGSEGV' ? 139 : status
  return { code, stdout, stderr }
}

// The drop-in in this process: `call` is simulateCommand with the options of the drop-in.
export function inProcess(call) {
  return async ({ words, folder }) => {
    const before = process.cwd()
    process.chdir(folder)
    let stdout = ''
    let stderr = ''
    try {
      const code = await call(
        words,
        (part) => {
          stdout += part
        },
        (part) => {
          stderr += part
        },
      )
      return { code, stdout, stderr }
    } catch (error) {
      return { code: -1, stdout, stderr: `${stderr}${error.stack}` }
    } finally {
      process.chdir(before)
    }
  }
}

// The drop-in as a process of its own.
export function spawned(path) {
  return ({ words, folder, input }) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...words], {
      cwd: folder,
      input,
      encoding: 'utf8',
      maxBuffer: 1e9,
    })
    return { code: status, stdout, stderr }
  }
}

// What may differ between two runs: the clock, process ids, the name of the program, and assertions of the original.
function normal(text, name) {
  const now = Date.now() / 1000
  const isNow = (at) => Math.abs(at - now) < 100_000
  return text
    .replace(/\b1[0-9]{9}\b/g, (digits) => (isNow(Number(digits)) ? 'NOW' : digits))
    .replace(/'?\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4}\b'?/g, (date) =>
      isNow(Date.parse(date.replaceAll("'", '')) / 1000) ? 'NOW' : date,
    )
    .replace(/\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8} ?(Z|[+-][0-9:]{5})/g, (date) =>
      isNow(Date.parse(date) / 1000) ? 'NOW' : date,
    )
    .replace(/(CRM_meta_interval_origin="[^"]*".* CRM_meta_start_delay=")[0-9]+/g, '$1')
    .replace(/ request="[^"]*"/, ' request=""')
    .split('\n')
    .filter((line) => name !== 'stderr' || !/^\((log_assertion_as|crm_element_value)\)/.test(line))
    .join('\n')
}

// Codes with which the original leaves assertions, or the whole grammar's view of a mistake, on standard error.
const WITHOUT_WORDS = new Set([70, 78, 134])

// The parts in which two runs differ, each with the first lines that do.
export function differences(expected, actual) {
  return Object.keys(expected).flatMap((name) => {
    if (name === 'stderr' && WITHOUT_WORDS.has(expected.code)) return []
    const left = normal(String(expected[name]), name)
    const right = normal(String(actual[name]), name)
    return left === right ? [] : [{ name, lines: lineDiff(left.split('\n'), right.split('\n')) }]
  })
}

const LINES_MAX = 4

// Lines that only one side has; where both have the same lines, the first that stands elsewhere.
function lineDiff(left, right) {
  const only = (mine, other) => {
    const rest = new Map()
    for (const line of other) rest.set(line, (rest.get(line) ?? 0) + 1)
    return mine.filter((line) => {
      const count = rest.get(line) ?? 0
      if (count > 0) rest.set(line, count - 1)
      return count === 0
    })
  }
  const missing = only(left, right).slice(0, LINES_MAX)
  const extra = only(right, left).slice(0, LINES_MAX)
  if (missing.length + extra.length > 0)
    return [...missing.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)]
  const at = left.findIndex((line, index) => line !== right[index])
  return [`order: - ${left[at]}`, `order: + ${right[at]}`]
}
