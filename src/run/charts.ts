/** The machines as pictures, for viewers: they never import the machines themselves. */
import { chartOf, compile, type MachineChart } from '../machines/engine.ts'
import { lifecycle } from '../machines/lifecycle.ts'

/** The chart of a resource's life and role, as plain data. */
export function lifecycleChart(): MachineChart {
  return chartOf(compile(lifecycle))
}

export type { MachineChart } from '../machines/engine.ts'
