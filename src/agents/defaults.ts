/**
 * How long things take where a scenario does not say: the one documented table of defaults. Figures are rough medians of small
 * services; a scenario's `timings` replace any of them. Source: the lab's recordings for agent calls (50 to 500 ms), boot and fencing.
 */
import { type Distribution, fixed, uniform } from '../kernel/draw.ts'

export const DEFAULT_TIMINGS: ReadonlyMap<string, Distribution> = new Map([
  ['start', uniform(200, 800)],
  ['stop', uniform(100, 500)],
  ['status', uniform(10, 60)],
  ['monitor', uniform(10, 60)],
  ['promote', uniform(100, 400)],
  ['demote', uniform(100, 400)],
  ['notify', uniform(10, 60)],
  ['migrate_to', uniform(500, 2000)],
  ['migrate_from', uniform(100, 500)],
  ['reload', uniform(50, 200)],
  ['recover', uniform(200, 800)],
  ['reconfig', uniform(50, 200)],
  /** What Pacemaker reads before a start and an agent's first probe; the lab's took 120 to 290 ms. */
  ['meta-data', fixed(0)],
  ['validate-all', uniform(10, 60)],
  /** From a fence request to the power cut (or the failure). */
  ['fence', uniform(1400, 3000)],
  /** From a fence request to the power cut, where that comes before the device's answer; 0: with the answer. */
  ['fence-cut', fixed(0)],
  /** What a fence device takes to list its nodes, or to say whether it knows one; the lab's monitors took 20 to 430 ms. */
  ['fence-list', uniform(20, 430)],
  ['fence-status', uniform(20, 430)],
  /** From power to the cluster manager's start. */
  ['boot', uniform(25_000, 35_000)],
  /** The same for a guest: from the start of its container. */
  ['guest-boot', uniform(2000, 5000)],
  /** From the end of the cluster manager to power off. */
  ['shutdown', fixed(3000)],
  /** One-way latency of a link. */
  ['latency', uniform(1, 3)],
])
