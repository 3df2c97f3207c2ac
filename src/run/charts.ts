/** The state charts of every machine, as pictures: viewers draw them without knowing the engine behind. */
import { MACHINES } from '../machines/catalogue.ts'
import { chartOf, interpret, type MachineChart } from '../machines/engine.ts'

export type { MachineChart }

/** One chart for each machine, in the catalogue's order. */
export function machineCharts(): readonly MachineChart[] {
  return MACHINES.map((machine) => chartOf(interpret(machine)))
}
