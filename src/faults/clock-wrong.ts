/** The wall clock of a node is wrong: ahead or behind. Timers go on as before; what compares dates of two nodes is misled. */
import { durationText } from '../kernel/time.ts'
import { type Fault, nodeParameter, numberOf, type Occurrence, textOf } from './contract.ts'

/** A stepped wall clock; with `for`, it is put right after that time. */
export const clockWrong: Fault = {
  name: 'clock-wrong',
  about:
    'The wall clock of a node is ahead (or behind) by so much. Heartbeat does not read it; timers are not touched.',
  parameters: [
    nodeParameter('the node'),
    { name: 'by', type: 'duration', required: true, about: 'how far it is off' },
    {
      name: 'direction',
      type: 'text',
      required: false,
      about: 'ahead (the default) or behind',
      choices: ['ahead', 'behind'],
    },
  ],
  lasting: true,
  describe: (occurrence) => ({
    targets: [textOf(occurrence, 'node')],
    text: `the clock of ${textOf(occurrence, 'node')} is ${durationText(numberOf(occurrence, 'by', 0))} ${textOf(occurrence, 'direction') || 'ahead'}`,
  }),
  begin: (world, _context, occurrence) => {
    world.nodes.get(textOf(occurrence, 'node'))!.clockOffset += offsetOf(occurrence)
  },
  end: (world, _context, occurrence) => {
    world.nodes.get(textOf(occurrence, 'node'))!.clockOffset -= offsetOf(occurrence)
  },
}

function offsetOf(occurrence: Occurrence): number {
  const by = numberOf(occurrence, 'by', 0)
  return textOf(occurrence, 'direction') === 'behind' ? -by : by
}
