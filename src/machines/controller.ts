/**
 * Pacemaker's controller on one node, with its own states and inputs (logs write them with S_ and I_ in front).
 *
 *   STARTING ─PENDING─▶ PENDING ─JOIN_OFFER…NOT_DC─▶ NOT_DC          a member follows its DC
 *      PENDING, NOT_DC ─DC_TIMEOUT, ELECTION─▶ ELECTION ─ELECTION_DC─▶ INTEGRATION ─INTEGRATED─▶ FINALIZE_JOIN
 *      FINALIZE_JOIN ─FINALIZED─▶ POLICY_ENGINE ─PE_SUCCESS─▶ TRANSITION_ENGINE ─TE_SUCCESS─▶ IDLE
 *      IDLE, TRANSITION_ENGINE ─PE_CALC─▶ POLICY_ENGINE             a DC; NODE_JOIN leads back to INTEGRATION
 *
 *   any ─ERROR─▶ RECOVERY ─TERMINATE─▶ TERMINATE                  what it needs is gone; RECOVERED leads back to PENDING
 *
 * Nobody sends HALT: its state is there because Pacemaker has it. Source: spec E-4.1, E-4.2.
 */
import { setup } from 'xstate'

export type ControllerInput =
  | 'I_DC_TIMEOUT'
  | 'I_ELECTION'
  | 'I_ELECTION_DC'
  | 'I_ERROR'
  | 'I_FAIL'
  | 'I_FINALIZED'
  | 'I_HALT'
  | 'I_INTEGRATED'
  | 'I_JOIN_OFFER'
  | 'I_JOIN_REQUEST'
  | 'I_NODE_JOIN'
  | 'I_NOT_DC'
  | 'I_PENDING'
  | 'I_PE_CALC'
  | 'I_PE_SUCCESS'
  | 'I_RECOVERED'
  | 'I_RELEASE_DC'
  | 'I_RELEASE_SUCCESS'
  | 'I_SHUTDOWN'
  | 'I_STOP'
  | 'I_TERMINATE'
  | 'I_TE_SUCCESS'

const LEAVES = {
  I_STOP: 'S_STOPPING',
  I_TERMINATE: 'S_TERMINATE',
  I_ERROR: 'S_RECOVERY',
  I_HALT: 'S_HALT',
} as const
const LEADS = {
  ...LEAVES,
  I_ELECTION: 'S_ELECTION',
  I_RELEASE_DC: 'S_RELEASE_DC',
  I_ELECTION_DC: 'S_INTEGRATION',
  I_PENDING: 'S_PENDING',
} as const

/** The machine. */
export const controller = setup({ types: { events: {} as { type: ControllerInput } } }).createMachine({
  id: 'controller',
  initial: 'S_STARTING',
  states: {
    S_STARTING: { on: { ...LEAVES, I_PENDING: 'S_PENDING', I_SHUTDOWN: 'S_STOPPING', I_FAIL: 'S_STOPPING' } },
    S_PENDING: {
      on: {
        ...LEAVES,
        I_DC_TIMEOUT: 'S_ELECTION',
        I_ELECTION: 'S_ELECTION',
        I_JOIN_OFFER: 'S_PENDING',
        I_NOT_DC: 'S_NOT_DC',
        I_FAIL: 'S_STOPPING',
      },
    },
    S_NOT_DC: {
      on: {
        ...LEAVES,
        I_DC_TIMEOUT: 'S_ELECTION',
        I_ELECTION: 'S_ELECTION',
        I_JOIN_OFFER: 'S_PENDING',
        I_PENDING: 'S_PENDING',
      },
    },
    S_ELECTION: {
      on: {
        ...LEAVES,
        I_ELECTION_DC: 'S_INTEGRATION',
        I_PENDING: 'S_PENDING',
        I_RELEASE_DC: 'S_RELEASE_DC',
        I_JOIN_OFFER: 'S_PENDING',
      },
    },
    S_INTEGRATION: { on: { ...LEADS, I_INTEGRATED: 'S_FINALIZE_JOIN' } },
    S_FINALIZE_JOIN: {
      on: {
        ...LEADS,
        I_FINALIZED: 'S_POLICY_ENGINE',
        I_NODE_JOIN: 'S_INTEGRATION',
        I_JOIN_REQUEST: 'S_INTEGRATION',
        I_FAIL: 'S_INTEGRATION',
      },
    },
    S_POLICY_ENGINE: {
      on: {
        ...LEADS,
        I_PE_SUCCESS: 'S_TRANSITION_ENGINE',
        I_NODE_JOIN: 'S_INTEGRATION',
        I_JOIN_REQUEST: 'S_INTEGRATION',
        I_FAIL: 'S_INTEGRATION',
      },
    },
    S_TRANSITION_ENGINE: {
      on: {
        ...LEADS,
        I_TE_SUCCESS: 'S_IDLE',
        I_PE_CALC: 'S_POLICY_ENGINE',
        I_SHUTDOWN: 'S_POLICY_ENGINE',
        I_FAIL: 'S_POLICY_ENGINE',
        I_NODE_JOIN: 'S_INTEGRATION',
        I_JOIN_REQUEST: 'S_INTEGRATION',
      },
    },
    S_IDLE: {
      on: {
        ...LEADS,
        I_PE_CALC: 'S_POLICY_ENGINE',
        I_SHUTDOWN: 'S_POLICY_ENGINE',
        I_NODE_JOIN: 'S_INTEGRATION',
        I_JOIN_REQUEST: 'S_INTEGRATION',
      },
    },
    S_RELEASE_DC: { on: { ...LEAVES, I_RELEASE_SUCCESS: 'S_PENDING' } },
    S_RECOVERY: { on: { ...LEAVES, I_RECOVERED: 'S_PENDING', I_SHUTDOWN: 'S_STOPPING' } },
    S_STOPPING: { on: { I_TERMINATE: 'S_TERMINATE', I_ERROR: 'S_TERMINATE', I_HALT: 'S_HALT' } },
    S_HALT: { on: { I_STOP: 'S_STOPPING', I_TERMINATE: 'S_TERMINATE' } },
    S_TERMINATE: {},
  },
})
