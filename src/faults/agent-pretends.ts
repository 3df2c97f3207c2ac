/** Calls of an agent that should change something return success and do nothing. */
import type { Fault } from './contract.ts'
import { addScript, dropScript, NODE, OPERATION, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** A change is claimed and not made. */
export const agentPretends: Fault = {
  name: 'agent-pretends',
  about: 'Calls of an agent that should change something return success and do nothing.',
  parameters: [NODE, RESOURCE, OPERATION, TIMES],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `claims success for ${operationText(occurrence)} and does nothing`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'pretend' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
