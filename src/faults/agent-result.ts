/** Calls of an agent return a given code, whatever is so: a fixed number of times, for a while, or for ever. */
import type { Misbehaviour } from '../agents/contract.ts'
import { type Fault, numberOf, textOf } from './contract.ts'
import { addScript, dropScript, NODE, OPERATION, operationText, RESOURCE, TIMES, targeting } from './of-services.ts'

/** Calls return a given code. */
export const agentResult: Fault = {
  name: 'agent-result',
  about: 'Calls of an agent return a given code, whatever is so: a fixed number of times, for a while, or for ever.',
  parameters: [
    NODE,
    RESOURCE,
    OPERATION,
    { name: 'rc', type: 'number', required: true, about: 'the exit code' },
    { name: 'delay', type: 'duration', required: false, about: 'how much longer it takes' },
    { name: 'output', type: 'text', required: false, about: 'what it prints' },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) =>
    targeting(occurrence, `returns ${numberOf(occurrence, 'rc', 0)} from ${operationText(occurrence)}`),
  begin: (world, _context, occurrence) => {
    const output = textOf(occurrence, 'output')
    const misbehaviour: Misbehaviour = {
      kind: 'result',
      rc: numberOf(occurrence, 'rc', 1),
      ...(output === '' ? {} : { output }),
    }
    addScript(world, occurrence, misbehaviour, 1, numberOf(occurrence, 'delay', 0))
  },
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
