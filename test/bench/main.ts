/** `npm run bench`: prints the figures of the README's table. Ratios within one run count; absolute figures vary with the machine. */
import { benchKernel } from './kernel.ts'
import { benchMachines } from './machines.ts'

console.error('machines: steps a second, XState’s own transition function against the compiled table')
console.table(benchMachines())
console.error('whole runs: a Heartbeat pair over two virtual days')
console.table(benchKernel())
