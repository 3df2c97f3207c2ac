/** A service ends by itself on one node; nobody is told. */
import { moveService } from '../world/service.ts'
import { type Fault, textOf } from './contract.ts'
import { NODE, RESOURCE, serviceOf, targeting } from './of-services.ts'

/** The service ends by itself. */
export const serviceCrash: Fault = {
  name: 'service-crash',
  about: 'A service ends by itself on one node; nobody is told.',
  parameters: [
    NODE,
    RESOURCE,
    {
      name: 'leaves',
      type: 'text',
      required: false,
      about: 'whether it is plainly stopped (the default) or left half alive',
      choices: ['stopped', 'failed'],
    },
  ],
  lasting: false,
  describe: (occurrence) => targeting(occurrence, 'ends by itself'),
  begin: (world, context, occurrence) => {
    moveService(
      world,
      context,
      serviceOf(world, occurrence),
      textOf(occurrence, 'leaves') === 'failed' ? 'crash' : 'vanish',
    )
  },
}
