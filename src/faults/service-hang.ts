/** A service stops answering: every operation on it hangs. With `for`, it goes on after that time. */
import { moveService } from '../world/service.ts'
import type { Fault } from './contract.ts'
import { NODE, RESOURCE, serviceOf, targeting } from './of-services.ts'

/** The service answers nothing. */
export const serviceHang: Fault = {
  name: 'service-hang',
  about: 'A service stops answering: every operation on it hangs. With `for`, it goes on after that time.',
  parameters: [NODE, RESOURCE],
  lasting: true,
  describe: (occurrence) => targeting(occurrence, 'hangs'),
  begin: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'hang')
  },
  end: (world, context, occurrence) => {
    moveService(world, context, serviceOf(world, occurrence), 'resume')
  },
}
