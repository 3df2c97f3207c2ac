/** What an agent starts, promotes or receives by migration works at first and crashes some time later. */
import { type Fault, numberOf } from './contract.ts'
import { addScript, dropScript, NODE, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** What was brought up does not stay up. */
export const agentCrashLater: Fault = {
  name: 'agent-crash-later',
  about: 'What an agent starts, promotes or receives by migration works at first and crashes some time later.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'operation',
      type: 'text',
      required: true,
      about: 'the operation that brings it up',
      choices: ['start', 'promote', 'migrate_from'],
    },
    { name: 'after', type: 'duration', required: true, about: 'how long it works' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `crashes some time after ${operationText(occurrence)} has worked`),
  begin: (world, _context, occurrence) =>
    addScript(world, occurrence, { kind: 'crash-later', after: numberOf(occurrence, 'after', 0) }),
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
