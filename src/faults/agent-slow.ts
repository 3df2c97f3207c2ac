/** Calls of an agent take so many times as long. */
import { type Fault, numberOf } from './contract.ts'
import { addScript, dropScript, NODE, OPERATION, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** Calls take longer. */
export const agentSlow: Fault = {
  name: 'agent-slow',
  about: 'Calls of an agent take so many times as long.',
  parameters: [
    NODE,
    RESOURCE,
    OPERATION,
    { name: 'factor', type: 'number', required: true, about: 'how many times as long' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) =>
    targeting(occurrence, `takes ${numberOf(occurrence, 'factor', 1)} times as long for ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => addScript(world, occurrence, undefined, numberOf(occurrence, 'factor', 1)),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
