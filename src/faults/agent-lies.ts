/** A monitor or status reports another state than the true one. */
import { type Fault, textOf } from './contract.ts'
import { addScript, dropScript, NODE, RESOURCE, TIMES, targeting } from './of-services.ts'

/** Status says what is not so. */
export const agentLies: Fault = {
  name: 'agent-lies',
  about: 'A monitor or status reports another state than the true one.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'as',
      type: 'text',
      required: true,
      about: 'what it reports',
      choices: ['started', 'stopped', 'promoted', 'failed'],
    },
    TIMES,
  ],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, `is reported as ${textOf(occurrence, 'as')}`),
  begin: (world, _context, occurrence) => {
    const as = textOf(occurrence, 'as')
    addScript(world, occurrence, {
      kind: 'lie',
      as: as === 'started' || as === 'promoted' || as === 'failed' ? as : 'stopped',
    })
  },
  end: (world, _context, occurrence) => dropScript(world, occurrence),
}
