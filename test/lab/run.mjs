// Runs the laboratory's scenarios and holds each against its recording: one line of compare.mjs each, and the sum.
//
//   npm run lab                                  all recordings of ../shared/lab
//   npm run lab -- NAME... [--verbose] [--recordings DIR] [--keep DIR] [--seeds N [--spread PERCENT]]
//
//   --recordings DIR  other recordings; those that scenarios/lab does not know are translated first (translate.mjs), and what was
//                     done to the real cluster and has no words here is told
//   --keep DIR        keeps the simulated timelines there, and the scenarios that were made
//   --seeds N         how robust: N runs of each with other seeds, the share that is equal; with --spread, every agent's time is drawn
//                     from that much less to that much more. --verbose tells what differed how often
//
// The simulator is bundled from the sources, so it is never older than they are. Ends with 0 where all are equal, 1 where not, 2 where
// there is nothing to compare with.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled } from '../support/bundled.mjs'
import { recordingsIn, translate } from './translate.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const shared = join(root, '..', 'shared', 'lab')
const words = process.argv.slice(2)
const optionOf = (flag) => {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words.splice(at, 2)[1]
}
const recordings = optionOf('--recordings') ?? join(shared, 'recordings')
const keep = optionOf('--keep')
const seeds = Number(optionOf('--seeds') ?? 0)
const spread = Number(optionOf('--spread') ?? 0) / 100
const isVerbose = words.includes('--verbose')
const wanted = words.filter((word) => !word.startsWith('--'))
const compare = [join(recordings, '..', 'compare.mjs'), join(shared, 'compare.mjs')].find((file) => existsSync(file))
if (compare === undefined || !existsSync(recordings)) {
  console.error(`${recordings}: no recordings there (they are not part of the repository), nothing compared`)
  process.exit(2)
}
process.exit(await run())

async function run() {
  const scratch = mkdtempSync(join(root, 'node_modules', '.quorate-lab-'))
  const out = keep ?? scratch
  mkdirSync(out, { recursive: true })
  try {
    const simulator = await bundled(join(root, 'test', 'support', 'simulator.ts'), scratch)
    const laboratory = { ...simulator, scratch, out }
    const names = namesHere()
    let equal = 0
    for (const name of names) if (one(laboratory, name)) equal += 1
    console.log(`${equal} of ${names.length} recordings equal${seeds > 0 ? ` in each of ${seeds} runs` : ''}`)
    return equal === names.length ? 0 : 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The recordings to try: Heartbeat's where they are named or are in a folder of their own. */
function namesHere() {
  const known = new Set(readdirSync(join(root, 'scenarios', 'lab')))
  const isPlain = recordings === join(shared, 'recordings')
  return recordingsIn(recordings).filter((name) => {
    if (wanted.length > 0) return wanted.includes(name)
    return !isPlain || known.has(`${name}.yaml`)
  })
}

/** Holds one recording against its simulation, or against many; true where nothing differs. */
function one(laboratory, name) {
  const label = name.padEnd(28)
  let scenario
  try {
    scenario = laboratory.loadScenario(scenarioOf(laboratory, name))
  } catch (error) {
    console.log(`${label}   cannot be run: ${String(error.message).split('\n')[0]}`)
    return false
  }
  if (seeds > 0) return many(laboratory, name, label, scenario)
  const { isEqual, text } = against(laboratory, name, scenario, isVerbose ? ['--verbose'] : [])
  console.log(`${label} ${isEqual ? '=' : ' '} ${text}`)
  return isEqual
}

function scenarioOf({ out }, name) {
  const known = join(root, 'scenarios', 'lab', `${name}.yaml`)
  const isSame = existsSync(known) && (recordings === join(shared, 'recordings') || isMadeOf(name, known))
  if (isSame) return known
  const { files, untold } = translate(join(recordings, name), name)
  for (const file of files) writeFileSync(join(out, file.name), file.text)
  for (const line of untold) console.log(`${name}: ${line}`)
  return join(out, `${name}.yaml`)
}

/** True where a scenario was made of this very recording, not of another of that name. */
function isMadeOf(name, file) {
  const { files } = translate(join(recordings, name), name)
  return files[0].text === readFileSync(file, 'utf8')
}

function against({ simulate, toTimeline, out }, name, scenario, flags, options = {}) {
  const { trace } = simulate(scenario, options)
  const file = join(out, `${name}.json`)
  // The recordings name Heartbeat's services without their script.
  writeFileSync(file, toTimeline(trace).replaceAll('"svc::', '"'))
  const recorded = join(recordings, name, 'timeline.json')
  const { stdout, stderr, status } = spawnSync(process.execPath, [compare, recorded, file, ...flags])
  return { isEqual: status === 0, text: String(status === 2 ? stderr : stdout).trimEnd() }
}

/** Runs one scenario with one seed after another and tells in how many runs it was equal, and what differed how often. */
function many(laboratory, name, label, scenario) {
  const timings = scenario.timings.map((rule) => ({ ...rule, distribution: spreadOut(rule.distribution) }))
  const differences = new Map()
  let equal = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { isEqual, text } = against(laboratory, name, { ...scenario, timings }, ['--verbose'], { seed })
    if (isEqual) equal += 1
    else for (const line of toDifferences(text)) differences.set(line, (differences.get(line) ?? 0) + 1)
  }
  console.log(`${label} ${equal === seeds ? '=' : ' '} ${equal} of ${seeds}`)
  if (isVerbose)
    for (const [line, count] of [...differences].sort((left, right) => right[1] - left[1]).slice(0, 12))
      console.log(`    ${String(count).padStart(3)} × ${line}`)
  return equal === seeds
}

/** What compare.mjs found to differ and counts, one line each. */
function toDifferences(text) {
  const lines = text.split('\n').slice(1)
  return lines.flatMap((line, at) => {
    if (line.startsWith('    ') || line.startsWith('decision only simulated')) return []
    const [recorded, simulated] = lines.slice(at + 1, at + 3)
    return [recorded?.startsWith('    recorded') ? `${line}: ${recorded.trim()} | ${simulated.trim()}` : line]
  })
}

function spreadOut(distribution) {
  if (spread === 0 || distribution.kind !== 'fixed' || distribution.value === 0) return distribution
  const { value } = distribution
  return { kind: 'uniform', min: Math.round(value * (1 - spread)), max: Math.round(value * (1 + spread)) }
}
