/**
 * How much is asked of a node at a time. Every controller looks every half minute how busy its node is and tells the others when that has
 * changed; whoever leads goes by what it has heard. Where nothing puts load on nodes, every node has all that it may.
 *
 * Source: spec E-6.2, E-6.3.
 */
import { scanInteger } from '../cib/values.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { NodeName } from '../model/names.ts'
import type { NodeLoad } from '../model/node.ts'
import { property } from './machine.ts'
import { log, type PacemakerState, tell } from './state.ts'

/** How busy a node is, from the least to the most. */
export const LOAD_MODES = ['negligible', 'low', 'medium', 'high', 'extreme'] as const
export type LoadMode = (typeof LOAD_MODES)[number]

/** How often a controller looks. */
export const LOOK_AGAIN = 30_000

/** Load per core beyond which a node is low, medium, high; and the share of a processor that the CIB may use. In parts of the threshold. */
const OF_LOAD = [1.2, 1.6, 2]
const OF_CIB = [0.8, 0.9, 1, 1.5]

/** It is time to look. */
export function lookAtLoad(state: PacemakerState, context: DaemonContext): void {
  const { controller, config } = state
  context.act({ kind: 'timer', name: 'calm', delay: LOOK_AGAIN })
  const mode = modeOf(context.load(), config.cores, thresholdOf(state))
  const known = controller.ownLoad
  if (mode === known) return
  controller.ownLoad = mode
  if (known !== undefined)
    log(context, `New throttle mode: ${mode} load (was ${known})`, mode === 'negligible' ? 'info' : 'warning')
  tell(state, context, 'calm', mode)
}

/** The worse of two: by the load average, and by what the CIB process uses. `threshold` as a part of one. */
export function modeOf({ average, cibShare }: NodeLoad, cores: number, threshold: number): LoadMode {
  const perCore = threshold * (cores === 1 ? SINGLE_CORE : cores)
  const byLoad = OF_LOAD.filter((factor) => perCore * factor < average).length
  const most = cores === 1 ? CIB_SINGLE_CORE : Math.min(threshold, CIB_MOST)
  const byCib = OF_CIB.filter((factor) => most * factor < cibShare).length
  return LOAD_MODES[Math.max(byLoad, byCib)]!
}

const SINGLE_CORE = 0.6
const CIB_MOST = 0.95
const CIB_SINGLE_CORE = 0.4

function thresholdOf(state: PacemakerState): number {
  const percent = scanInteger(property(state, 'load-threshold')?.replace('%', '')) ?? 0
  return (percent > 0 ? percent : 80) / 100
}

/** How many actions a node may have under way. Who has not reported yet counts as low. */
export function jobLimit(state: PacemakerState, node: NodeName): number {
  const configured = scanInteger(property(state, 'node-action-limit')) ?? 0
  const most = configured > 0 ? configured : state.config.cores * 2
  const mode = state.controller.loads.get(node) ?? 'low'
  switch (mode) {
    case 'negligible':
      return most
    case 'low':
      return Math.max(1, Math.floor(most / 2))
    case 'medium':
      return Math.max(1, Math.floor(most / 4))
    case 'high':
    case 'extreme':
      return 1
  }
}

/** How many steps of a graph may be under way, 0 for any number: the configured one, or less where a node is very busy. */
export function batchLimit({ controller }: PacemakerState, configured: number): number {
  const modes = new Set(controller.loads.values())
  const peers = controller.peers.size
  const lowered = modes.has('extreme')
    ? Math.max(1, Math.floor(peers / 4))
    : modes.has('high')
      ? Math.max(1, Math.floor(peers / 2))
      : 0
  if (lowered === 0) return configured
  return configured > 0 ? Math.min(configured, lowered) : lowered
}
