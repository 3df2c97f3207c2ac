/** `npm run bench`: prints the figures of the README's table. Ratios within one run count; absolute figures vary with the machine. */
import '../../src/cli/engine.ts'
import { benchBudget } from './budget.ts'
import { benchKernel } from './kernel.ts'
import { benchMachines } from './machines.ts'
import { benchPacemaker } from './pacemaker.ts'
import { benchReplay } from './replay.ts'
import { benchGrowth, benchInputs, benchLarge } from './scheduler.ts'

console.error('machines: steps a second, XState’s own transition function against the compiled table')
console.table(benchMachines())
console.error('whole runs: a Heartbeat pair over two virtual days')
console.table(benchKernel())
console.error('budget case: 3 nodes, 20 resources, 10 s monitors, heartbeats, twelve virtual hours')
console.table(benchBudget())
console.error('the same with Pacemaker: groups, clones, a promotable clone and fencing')
console.table(benchPacemaker())
console.error('replay: a trace of Pacemaker with a million records')
console.table(benchReplay())
console.error('scheduler: all recorded inputs in one process, read, unpacked and scheduled')
console.table(benchInputs())
console.error('scheduler: growth over the number of primitives, 16 nodes')
console.table(benchGrowth())
console.error('scheduler: generated clusters, whole processes (up to two minutes for each run of crm_simulate)')
console.table(benchLarge())
