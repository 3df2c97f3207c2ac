/**
 * `npm run bench`: prints the figures of the README's table. Ratios within one run count; absolute figures vary with the machine.
 *
 *   npm run bench                     all of them
 *   npm run bench -- pacemaker inputs only these: machines, kernel, budget, pacemaker, replay, inputs, growth, large
 */
import '../../src/cli/engine.ts'
import { benchBudget } from './budget.ts'
import { benchKernel } from './kernel.ts'
import { benchMachines } from './machines.ts'
import { benchPacemaker } from './pacemaker.ts'
import { benchReplay } from './replay.ts'
import { benchGrowth, benchInputs, benchLarge } from './scheduler.ts'

const SECTIONS: readonly (readonly [name: string, what: string, measure: () => unknown])[] = [
  ['machines', 'machines: steps a second, XState’s own transition function against the compiled table', benchMachines],
  ['kernel', 'whole runs: a Heartbeat pair over two virtual days', benchKernel],
  ['budget', 'budget case: 3 nodes, 20 resources, 10 s monitors, heartbeats, twelve virtual hours', benchBudget],
  ['pacemaker', 'the same with Pacemaker: groups, clones, a promotable clone and fencing', benchPacemaker],
  ['replay', 'replay: a trace of Pacemaker with a million records', benchReplay],
  ['inputs', 'scheduler: all recorded inputs in one process, read, unpacked and scheduled', benchInputs],
  ['growth', 'scheduler: growth over the number of primitives, 16 nodes', benchGrowth],
  [
    'large',
    'scheduler: generated clusters, whole processes (up to two minutes for each run of crm_simulate)',
    benchLarge,
  ],
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((word) => SECTIONS.every(([name]) => name !== word))
if (unknown.length > 0) {
  console.error(`no such section: ${unknown.join(', ')}; known are ${SECTIONS.map(([name]) => name).join(', ')}`)
  process.exit(2)
}
for (const [name, what, measure] of SECTIONS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(what)
  console.table(measure())
}
