/**
 * A node as it really is: power, boot, life, freeze. Peers never see this machine, only the silence or the messages that follow.
 *
 *   off ─power-on─▶ booting ─booted─▶ up ⇄ hung (hang, resume)      up ─panic─▶ dead (stands still, power on)
 *    ▲                 ▲               └─shutdown─▶ shutting-down ─powered-off─▶ off
 *    └──power-lost──── (every state)   reset leads from every state with power to booting
 */
import { setup } from 'xstate'

export type NodeEvent =
  | 'booted'
  | 'hang'
  | 'panic'
  | 'power-lost'
  | 'power-on'
  | 'powered-off'
  | 'reset'
  | 'resume'
  | 'shutdown'

/** The machine. */
export const nodeMachine = setup({ types: { events: {} as { type: NodeEvent } } }).createMachine({
  id: 'node',
  initial: 'off',
  states: {
    off: { on: { 'power-on': 'booting' } },
    booting: { on: { booted: 'up', 'power-lost': 'off', reset: 'booting', panic: 'dead' } },
    up: { on: { shutdown: 'shutting-down', hang: 'hung', panic: 'dead', reset: 'booting', 'power-lost': 'off' } },
    hung: { on: { resume: 'up', panic: 'dead', reset: 'booting', 'power-lost': 'off' } },
    'shutting-down': { on: { 'powered-off': 'off', panic: 'dead', reset: 'booting', 'power-lost': 'off' } },
    dead: { on: { reset: 'booting', 'power-lost': 'off' } },
  },
})
