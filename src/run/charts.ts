/** The state charts of every machine, as pictures: viewers draw them without knowing the engine behind. */
import { MACHINES } from '../machines/catalogue.ts'
import { chartOf, interpret } from '../machines/engine.ts'
import type { MachineChart } from '../model/chart.ts'

/** One chart for each machine, in the catalogue's order. */
export function machineCharts(): readonly MachineChart[] {
  return MACHINES.map((machine) => chartOf(interpret(machine)))
}
