/**
 * A cluster's status as the CIB records it: what nodes and executors reported, not yet what it means.
 *
 * Layout: plain immutable data in document order, which decides clone numbering and much else, so keep it. A running cluster
 * may build it without any XML. Line and column are those of the start tag, 0 where there was no file.
 *
 * Source: spec.
 */
import type { NvSet, Place } from './configuration.ts'

/** The `status` section. */
export interface Status {
  readonly nodeStates: readonly NodeStatus[]
  readonly tickets: readonly TicketStatus[]
  /** Node states and ticket sections in document order, as far as their order matters: 'tickets' or an index of nodeStates. */
  readonly order: readonly ('tickets' | number)[]
}

/** One `node_state`. */
export interface NodeStatus extends Place {
  readonly id: string | undefined
  readonly uname: string | undefined
  readonly inCcm: string | undefined
  readonly crmd: string | undefined
  readonly join: string | undefined
  readonly expected: string | undefined
  readonly nodeFenced: string | undefined
  readonly nodeInMaintenance: string | undefined
  /** `instance_attributes` of the `transient_attributes`. */
  readonly attributes: readonly NvSet[]
  readonly history: readonly ResourceHistory[]
}

/** One `lrm_resource`: what one node's executor did with one resource. */
export interface ResourceHistory extends Place {
  readonly id: string | undefined
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
  readonly container: string | undefined
  readonly shutdownLock: string | undefined
  /** Every XML attribute in document order: an orphan's meta-attributes. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
  /** In document order. */
  readonly ops: readonly HistoryOp[]
}

/** One `lrm_rsc_op`: the last result of one operation. */
export interface HistoryOp extends Place {
  readonly id: string | undefined
  readonly operation: string | undefined
  readonly operationKey: string | undefined
  /** −1 where absent. */
  readonly callId: number
  /** 0 where absent; as written in `rcText`. */
  readonly rc: number
  readonly rcText: string | undefined
  /** −2 where absent (spec ); as written in `statusText`. */
  readonly status: number
  readonly statusText: string | undefined
  readonly intervalMs: number
  readonly transitionKey: string | undefined
  readonly transitionMagic: string | undefined
  /** Epoch seconds; undefined where absent or not a number. */
  readonly lastRcChange: number | undefined
  readonly onNode: string | undefined
  readonly exitReason: string | undefined
  readonly execTime: string | undefined
  readonly queueTime: string | undefined
  readonly migrateSource: string | undefined
  readonly migrateTarget: string | undefined
  readonly featureSet: string | undefined
  readonly opDigest: string | undefined
  readonly opRestartDigest: string | undefined
  readonly opSecureDigest: string | undefined
  readonly opForceRestart: string | undefined
  readonly opSecureParams: string | undefined
}

/** One `ticket_state`: every attribute but the id. */
export interface TicketStatus extends Place {
  readonly id: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
}
