/** Calls of an agent never return; only a timeout ends them. */
import type { Fault } from './contract.ts'
import { addScript, dropScript, NODE, OPERATION, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** Calls never return. */
export const agentHang: Fault = {
  name: 'agent-hang',
  about: 'Calls of an agent never return; only a timeout ends them.',
  parameters: [NODE, RESOURCE, OPERATION, TIMES],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `never returns from ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'hang' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
