/**
 * One run of the simulator as XML: the whole document, also that of a run that failed.
 *
 * XML knows no quiet: everything that there is, is shown. Source: spec D-12, probes of 2.1.5.
 */
import type { Simulation } from './simulation.ts'
import type { Extent, TextOptions } from './simulation-text.ts'
import { actionsXml, modificationsXml, scoresXml, transitionXml } from './xml-result.ts'
import { statusXml, type XmlTimes } from './xml-sections.ts'
import { type XmlNode, xml, xmlText } from './xml-text.ts'

/** How a run is shown. */
export type XmlOptions = XmlTimes &
  Pick<TextOptions, 'showScores' | 'showUtilization' | 'showAttributes' | 'showFailcounts'>

/** How the command was called and how it ended. */
export interface XmlEnvelope {
  /** The command line. */
  readonly request: string
  readonly code: number
  readonly errors: readonly string[]
}

/** The blocks of a run as far as it came. */
export function simulationXml(simulation: Simulation, options: XmlOptions, extent: Extent): readonly XmlNode[] {
  const { before, injected, decision, summary, execution, after } = simulation
  const blocks = [statusXml(before, 'cluster_status', options)]
  if (injected !== undefined) blocks.push(modificationsXml(injected.items))
  if (decision === undefined || extent === 'read' || extent === 'modified') return blocks
  const { showScores: scores, showUtilization: utilization } = options
  if (scores || utilization) blocks.push(scoresXml(decision.sheet.lines ?? [], { scores, utilization }))
  if (extent === 'scheduled') return blocks
  blocks.push(actionsXml(summary))
  if (execution !== undefined) blocks.push(transitionXml(execution.items))
  if (after !== undefined) blocks.push(statusXml(after, 'revised_cluster_status', options))
  return blocks
}

const MESSAGES = new Map([
  [0, 'OK'],
  [1, 'Error occurred'],
  [4, 'Insufficient privileges'],
  [66, 'Input file not available'],
  [70, 'Internal software bug'],
  [74, 'I/O error occurred'],
  [78, 'Invalid configuration'],
  [105, 'No such object'],
])

/** The document. */
export function envelopeXml(blocks: readonly XmlNode[], { request, code, errors }: XmlEnvelope): string {
  const texts = errors.map((text) => ({ ...xml('error'), text }))
  const status = xml(
    'status',
    { code, message: MESSAGES.get(code) ?? 'Unknown exit status' },
    texts.length === 0 ? [] : [xml('errors', {}, texts)],
  )
  return xmlText(xml('pacemaker-result', { 'api-version': '2.25', request }, [...blocks, status]))
}
