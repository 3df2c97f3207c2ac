/** A node is busy with something else: its load average rises within a minute or two, and falls as slowly. */
import { addBusiness } from '../world/busy.ts'
import { type Fault, nodeParameter, numberOf, type Occurrence, textOf } from './contract.ts'

/** Processes that want a processor. Agents are not slowed by it; Pacemaker gives a busy node less to do at a time. */
export const nodeBusy: Fault = {
  name: 'node-busy',
  about:
    'A node is busy with something else: its load average rises within a minute or two. Agents are not slowed by it (agent-slow does that); Pacemaker gives a busy node less to do at a time.',
  parameters: [
    nodeParameter('the node'),
    { name: 'processes', type: 'number', required: true, about: 'how many processes want a processor all the time' },
    {
      name: 'cib',
      type: 'number',
      required: false,
      about: 'how much of a processor the process that keeps the configuration uses, in percent; absent: none',
    },
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `${textOf(occurrence, 'node')} is busy: ${numberOf(occurrence, 'processes', 0)} processes want a processor`,
  }),
  begin: (world, context, occurrence) => addBusiness(world, context, textOf(occurrence, 'node'), more(occurrence, 1)),
  end: (world, context, occurrence) => addBusiness(world, context, textOf(occurrence, 'node'), more(occurrence, -1)),
}

function more(occurrence: Occurrence, sign: number): Parameters<typeof addBusiness>[3] {
  return {
    processes: sign * numberOf(occurrence, 'processes', 0),
    cibShare: (sign * numberOf(occurrence, 'cib', 0)) / 100,
  }
}
