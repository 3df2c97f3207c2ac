/**
 * Life and role of one resource instance on one node: what really runs there, whatever a cluster manager believes.
 *
 *   stopped ─start─▶ starting ─ok─▶ started ─promote─▶ promoting ─ok─▶ promoted
 *      ▲                │failed        │  ▲               │failed         │ demote
 *      │                ▼              │  └──ok── demoting ◀──────────────┤
 *      │             failed ◀──crash───┘             │failed              │ crash
 *      │                                             ▼                    ▼
 *      └──ok── stopping ◀──stop── (every state)   failed-promoted ◀───────┘
 *                 └─failed─▶ stuck
 *
 *   timed-out leads from every operation under way to unknown; hang and resume to hung and back; vanish to stopped;
 *   migrate from started by migrating to stopped (the service lives on elsewhere) or, where it fails, back to started.
 *   A demote of failed-promoted ends by crash: no longer promoted, and as broken as before.
 *
 * Draws nothing and keeps no time: whoever begins an operation has drawn how long it takes and how it ends, and sends the end.
 * An operation that touches nothing (a script that is not installed, a start of what already runs) sends no event at all.
 * Sources: seed 002 (recovery after each kind of failure), seed 004 (roles), design "Machines".
 */
import { setup } from 'xstate'

/** Events of the lifecycle. `ok`, `failed` and `timed-out` end the operation under way. */
export type LifecycleEvent =
  /** Started by hand, outside the cluster. */
  | 'appeared'
  | 'appeared-promoted'
  /** Stops working; some of it may still be there. */
  | 'crash'
  | 'demote'
  | 'failed'
  | 'hang'
  | 'migrate'
  | 'ok'
  /** Its node lost power or went down. */
  | 'power-lost'
  | 'promote'
  | 'resume'
  | 'start'
  | 'stop'
  | 'timed-out'
  /** Ends by itself and leaves nothing behind. */
  | 'vanish'

/** The machine. Every state accepts `power-lost`. */
export const lifecycle = setup({ types: { events: {} as { type: LifecycleEvent } } }).createMachine({
  id: 'resource',
  initial: 'stopped',
  on: { 'power-lost': '.stopped' },
  states: {
    stopped: { on: { start: 'starting', stop: 'stopping', appeared: 'started', 'appeared-promoted': 'promoted' } },
    starting: {
      on: {
        ok: 'started',
        failed: 'failed',
        'timed-out': 'unknown',
        crash: 'failed',
        hang: 'hung',
        vanish: 'stopped',
      },
    },
    started: {
      on: {
        promote: 'promoting',
        demote: 'demoting',
        stop: 'stopping',
        migrate: 'migrating',
        crash: 'failed',
        vanish: 'stopped',
        hang: 'hung',
      },
    },
    promoting: {
      on: { ok: 'promoted', failed: 'failed', 'timed-out': 'unknown', crash: 'failed-promoted', vanish: 'stopped' },
    },
    promoted: {
      on: { demote: 'demoting', stop: 'stopping', crash: 'failed-promoted', vanish: 'stopped', hang: 'hung-promoted' },
    },
    demoting: {
      on: { ok: 'started', failed: 'failed-promoted', 'timed-out': 'unknown', crash: 'failed', vanish: 'stopped' },
    },
    stopping: { on: { ok: 'stopped', failed: 'stuck', 'timed-out': 'unknown' } },
    migrating: { on: { ok: 'stopped', failed: 'started', 'timed-out': 'unknown', crash: 'failed', vanish: 'stopped' } },
    failed: { on: { start: 'starting', stop: 'stopping', appeared: 'started', vanish: 'stopped' } },
    'failed-promoted': { on: { demote: 'demoting', stop: 'stopping', vanish: 'stopped' } },
    // A failed stop: the service may still hold its data. Only another stop that works, or losing power, ends this state.
    stuck: { on: { stop: 'stopping', vanish: 'stopped' } },
    unknown: { on: { start: 'starting', stop: 'stopping', demote: 'demoting', vanish: 'stopped' } },
    hung: { on: { resume: 'started', stop: 'stopping', vanish: 'stopped' } },
    'hung-promoted': { on: { resume: 'promoted', demote: 'demoting', stop: 'stopping', vanish: 'stopped' } },
  },
})
