/** The XML output of the simulator's command line: which blocks for which kind of run. Source: spec D-12. */

import { scoreXml } from '../crmsim/xml-result.ts'
import { envelopeXml, simulationXml, type XmlEnvelope, type XmlOptions } from '../crmsim/xml-simulation.ts'
import { type XmlNode, xml } from '../crmsim/xml-text.ts'
import { VERSION } from '../run/version.ts'
import type { SimulateFlags } from './simulate-options.ts'
import type { Profile } from './simulate-profile.ts'
import { localTime, toTextOptions } from './simulate-request.ts'
import type { Outcome } from './simulate-run.ts'

/** The document of one run; empty where the run was broken off, as the original leaves nothing then. */
export function outcomeXml(
  { simulation, extent, isBroken }: Outcome,
  flags: SimulateFlags,
  envelope: XmlEnvelope,
): string {
  if (isBroken) return ''
  const options: XmlOptions = { ...toTextOptions(flags), localTime, localStamp }
  return envelopeXml(simulation === undefined ? [] : simulationXml(simulation, options, extent), envelope)
}

/** The document of a profile. */
export function profileXml({ timings }: Profile, envelope: XmlEnvelope): string {
  if (envelope.code === 134) return ''
  const entries: readonly XmlNode[] = (timings ?? []).flatMap(({ file, seconds, scores }) => [
    ...scores.flatMap(scoreXml),
    xml('timing', { file, duration: seconds.toFixed(6) }),
  ])
  return envelopeXml(timings === undefined ? [] : [xml('timings', {}, entries)], envelope)
}

/** The document that tells the version. */
export function versionXml(envelope: XmlEnvelope): string {
  return envelopeXml(
    [xml('version', { program: 'Quorate', version: VERSION, behaves_as: 'Pacemaker 2.1.5' })],
    envelope,
  )
}

/** An instant in the host's time zone, with the zone. */
function localStamp(at: number): string {
  const offset = -new Date(at * 1000).getTimezoneOffset()
  const text = new Date((at + offset * 60) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  if (offset === 0) return `${text}Z`
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${text} ${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}:${two(Math.abs(offset) % 60)}`
}
