/** The agent’s program is not installed on a node: calls fail and touch nothing. */
import type { Fault } from './contract.ts'
import { addScript, dropScript, NODE, RESOURCE, targeting } from './of-services.ts'

/** The program is gone. */
export const agentMissing: Fault = {
  name: 'agent-missing',
  about: 'The agent’s program is not installed on a node: calls fail and touch nothing.',
  parameters: [NODE, RESOURCE],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, 'has no program'),
  begin: (world, _context, occurrence) => addScript(world, occurrence, { kind: 'missing' }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
