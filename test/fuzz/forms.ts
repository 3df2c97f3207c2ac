/** The forms of an answer that are not asked for every time: the CIBs that are saved, and the run as XML. */
import type { Cib } from '../../src/cib/read.ts'
import { appendChild, findChild, toElement } from '../../src/cib/xml.ts'
import { localTime } from '../../src/cli/simulate-request.ts'
import { cibText } from '../../src/crmsim/cib-xml.ts'
import { withFailureMarks } from '../../src/crmsim/saved-input.ts'
import type { Simulation } from '../../src/crmsim/simulation.ts'
import type { TextOptions } from '../../src/crmsim/simulation-text.ts'
import { envelopeXml, simulationXml } from '../../src/crmsim/xml-simulation.ts'

/** Text, graph and drawing; or these with node attributes and fail counts, and the CIBs and XML as well. */
export type Forms = 'some' | 'all'

/** What the command line adds to a CIB that it read, before it stores one. */
export function completed({ tree }: Cib): void {
  if (!tree.attributes.has('validate-with')) tree.attributes.set('validate-with', 'none')
  if (findChild(tree, 'status') === undefined) appendChild(tree, toElement('status'))
}

/** The files of `-I` and `-O`. */
export function savedCibs(read: Cib, { injected, scheduled, cib }: Simulation): { input: string; output: string } {
  const { tree } = injected?.cib ?? read
  return { input: cibText(withFailureMarks(tree, scheduled)), output: cibText(cib.tree) }
}

/** The document of `--output-as=xml`. */
export function xmlForm(simulation: Simulation, shown: TextOptions, code: number): string {
  const localStamp = (at: number): string => `${new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')}Z`
  const blocks = simulationXml(simulation, { ...shown, localTime, localStamp }, 'done')
  const failure = code === 0 ? [] : ['Transition failed: terminated', 'An invalid transition was produced']
  const errors = [...(simulation.injected?.errors ?? []), ...(simulation.execution?.errors ?? []), ...failure]
  return envelopeXml(blocks, { request: 'crm_simulate', code, errors })
}
