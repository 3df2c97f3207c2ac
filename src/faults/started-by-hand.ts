/** Somebody starts a service on a node by hand, behind the back of the cluster manager. */
import { moveService } from '../world/service.ts'
import type { Fault } from './contract.ts'
import { NODE, RESOURCE, serviceOf, targeting } from './of-services.ts'

/** Somebody starts it where the cluster did not. */
export const startedByHand: Fault = {
  name: 'started-by-hand',
  about: 'Somebody starts a service on a node by hand, behind the back of the cluster manager.',
  parameters: [NODE, RESOURCE],
  lasting: false,
  describe: (occurrence) => targeting(occurrence, 'is started by hand'),
  begin: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'appeared')
  },
}
