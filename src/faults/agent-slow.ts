/** Calls of an agent take so many times as long, or so much longer. */
import { type Fault, numberOf } from './contract.ts'
import { addScript, dropScript, NODE, OPERATION, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** Calls take longer; what they do and return stays the same. */
export const agentSlow: Fault = {
  name: 'agent-slow',
  about: 'Calls of an agent take so many times as long, or so much longer.',
  parameters: [
    NODE,
    RESOURCE,
    OPERATION,
    { name: 'factor', type: 'number', required: false, about: 'how many times as long; absent: once' },
    { name: 'delay', type: 'duration', required: false, about: 'how much longer it takes' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => {
    const [factor, delay] = [numberOf(occurrence, 'factor', 1), numberOf(occurrence, 'delay', 0)]
    const how = [factor === 1 ? '' : `${factor} times as long`, delay === 0 ? '' : `${delay} ms longer`].filter(Boolean)
    return targeting(occurrence, `takes ${how.join(' and ') || 'as long as ever'} for ${operationText(occurrence)}`)
  },
  begin: (world, _context, occurrence) =>
    addScript(world, occurrence, undefined, numberOf(occurrence, 'factor', 1), numberOf(occurrence, 'delay', 0)),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
