/** Every machine that Quorate runs: law tests and the page's state charts walk this list. */
import type { AnyStateMachine } from 'xstate'
import { controller } from './controller.ts'
import { fenceDevice } from './fence-device.ts'
import { lifecycle } from './lifecycle.ts'
import { nodeMachine } from './node.ts'
import { rgService } from './rg-service.ts'

export const MACHINES: readonly AnyStateMachine[] = [lifecycle, nodeMachine, fenceDevice, controller, rgService]
