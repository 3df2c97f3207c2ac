// Runs one scenario of chance over many seeds and holds each run against its expectations: nothing that the policy forbids may happen,
// and every run must settle after the last fault.
//
//   npm run soak -- [--runs N] [--seed S] [--scenario FILE] [--verbose]
//
// Ends with 0 where all held, 1 where not. The seed of a run that did not is the whole bug report.
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled } from '../support/bundled.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const words = process.argv.slice(2)
const optionOf = (flag, absent) => {
  const at = words.indexOf(flag)
  return at < 0 ? absent : words[at + 1]
}
const runs = Number(optionOf('--runs', '100'))
const first = Number(optionOf('--seed', '1'))
const file = optionOf('--scenario', join(root, 'scenarios', 'pacemaker', 'p20-chaos.yaml'))
/** So often progress is told. */
const PROGRESS_RUNS = 100
process.exit(await run())

async function run() {
  const scratch = mkdtempSync(join(root, 'node_modules', '.quorate-soak-'))
  try {
    const { loadScenario, simulate, judge } = await bundled(join(root, 'test', 'support', 'simulator.ts'), scratch)
    const scenario = loadScenario(file)
    let bad = 0
    let events = 0
    for (let seed = first; seed < first + runs; seed++) {
      const complaints = hold(scenario, seed)
      if (complaints.length > 0) bad += 1
      for (const complaint of complaints) console.log(`seed ${seed}: ${complaint}`)
      if (words.includes('--verbose')) console.log(`seed ${seed}: ${complaints.length === 0 ? 'held' : 'violated'}`)
      const done = seed - first + 1
      if (done % PROGRESS_RUNS === 0 && done < runs) console.error(`${done} of ${runs} done, ${bad} violated`)
    }
    console.log(`${runs - bad} of ${runs} runs held, ${events} events`)
    return bad === 0 ? 0 : 1

    function hold(what, seed) {
      try {
        const simulation = simulate(what, { seed })
        events += simulation.events
        const verdicts = judge(simulation.trace)
        const stopped = simulation.reason === 'event-limit' ? ['stopped by the limit of events'] : []
        return [
          ...stopped,
          ...verdicts.flatMap((verdict) =>
            verdict.violations.slice(0, 1).map((one) => `${verdict.expectation.check} at ${one.at}: ${one.text}`),
          ),
        ]
      } catch (error) {
        return [String(error.message)]
      }
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
