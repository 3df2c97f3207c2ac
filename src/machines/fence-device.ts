/**
 * A fence device: idle, or carrying out one request, or out of reach. Requests that arrive while it works wait in its owner's queue.
 *
 *   idle ─request─▶ working ─succeeded, failed─▶ idle        cut leads from both to unreachable, heal back to idle
 *
 * Whether a request succeeds, and how long it takes, is drawn by the world; the order under way when the line is cut has no end here.
 */
import { setup } from 'xstate'

export type FenceDeviceEvent = 'cut' | 'failed' | 'heal' | 'request' | 'succeeded'

/** The machine. */
export const fenceDevice = setup({ types: { events: {} as { type: FenceDeviceEvent } } }).createMachine({
  id: 'fence-device',
  initial: 'idle',
  states: {
    idle: { on: { request: 'working', cut: 'unreachable' } },
    working: { on: { succeeded: 'idle', failed: 'idle', cut: 'unreachable' } },
    unreachable: { on: { heal: 'idle' } },
  },
})
