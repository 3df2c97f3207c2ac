/**
 * A service of RGManager's as its daemons record it: one shared record for each service, whatever really runs.
 *
 *   stopped ─start─▶ starting ─started─▶ started ─stop─▶ stopping ─stopped─▶ stopped
 *      ▲                │                  │ recover        │failed   └disabled─▶ disabled ─start─▶ starting
 *      │give-up         │recover           ▼                ▼
 *      └── recovering ◀─clean── recoverable ──failed──▶ failed ─stop─▶ stopping      started ⇄ migrating
 *
 * `started` comes also after a failed start: the starter then stops it. `recoverable` is stopping in order to recover, `recovering` is
 * stopped clean and waiting to be started; a failed stop ends in `failed`, and only an operator's disable leads out of it.
 * Source: spec rgmanager 9.
 */
import { setup } from 'xstate'

export type RgServiceEvent =
  | 'clean'
  | 'disabled'
  | 'failed'
  | 'give-up'
  | 'migrate'
  | 'migrated'
  | 'owner-lost'
  | 'recover'
  | 'start'
  | 'started'
  | 'stop'
  | 'stopped'

/** The machine. */
export const rgService = setup({ types: { events: {} as { type: RgServiceEvent } } }).createMachine({
  id: 'rg-service',
  initial: 'stopped',
  states: {
    stopped: { on: { start: 'starting', stop: 'stopping', disabled: 'disabled' } },
    starting: {
      on: { started: 'started', stop: 'stopping', recover: 'recoverable', start: 'starting', 'owner-lost': 'stopped' },
    },
    started: {
      on: {
        stop: 'stopping',
        recover: 'recoverable',
        migrate: 'migrating',
        start: 'starting',
        'owner-lost': 'stopped',
      },
    },
    stopping: {
      on: {
        stopped: 'stopped',
        disabled: 'disabled',
        failed: 'failed',
        stop: 'stopping',
        recover: 'recoverable',
        start: 'starting',
        'owner-lost': 'stopped',
      },
    },
    recoverable: { on: { clean: 'recovering', failed: 'failed', start: 'starting', stop: 'stopping' } },
    recovering: { on: { start: 'starting', stop: 'stopping', recover: 'recoverable', 'give-up': 'stopped' } },
    failed: { on: { stop: 'stopping' } },
    disabled: { on: { start: 'starting', stop: 'stopping' } },
    migrating: { on: { migrated: 'started', failed: 'failed', stop: 'stopping', recover: 'recoverable' } },
  },
})
