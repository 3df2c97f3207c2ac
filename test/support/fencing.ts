/** Three nodes with fence devices of any kind: what tests of fencing share. */
import type { Trace } from '../../src/trace/record.ts'
import { fault, SETTLED as T, type TrioWish, trioScenario } from './trio.ts'

/** The one device of the shipped cluster. */
export const DEVICE = /<primitive id="fencing"[\s\S]*?<\/primitive>/.exec(trioScenario().files[0]!.text)![0]
/** Whom it can fence. */
export const LIST = '<nvpair id="fencing-hl" name="pcmk_host_list" value="node1 node2 node3"/>'

/** A primitive for a fence device. */
export function device(id: string, parameters: Readonly<Record<string, string>> = {}, type = 'fence_lab'): string {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`,
  )
  return `<primitive id="${id}" class="stonith" type="${type}"><instance_attributes id="${id}-ia">${pairs.join('')}</instance_attributes></primitive>`
}

/** Three nodes with these devices instead of the one. */
export function withDevices(
  devices: string,
  rest: readonly (readonly [string, string])[] = [],
): Pick<TrioWish, 'replace'> {
  return { replace: [[DEVICE, devices], ...rest] }
}

/** Levels of a topology. */
export function withTopology(levels: string): readonly [string, string] {
  return ['</constraints>', `</constraints><fencing-topology>${levels}</fencing-topology>`]
}

/** A device for all three nodes. */
export const HOSTS = { pcmk_host_list: 'node1 node2 node3' }
/** A node that is gone. */
export const crash = (node: string, at = T) => fault(at, 'node-crash', { node })

/** What devices were asked for after the beginning, in order: `fa off node2 node1` (device, action, target, who asked). */
export function asked(trace: Trace): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'fence' && record.phase === 'requested' && T <= record.at
      ? [`${record.device} ${record.action} ${record.target} ${record.by}`]
      : [],
  )
}

/** When devices were asked. */
export function askedAt(trace: Trace): readonly number[] {
  return trace.records.flatMap((record) =>
    record.kind === 'fence' && record.phase === 'requested' && T <= record.at ? [record.at] : [],
  )
}

/** How often a device has succeeded, or failed. */
export function fences(trace: Trace, phase: 'failed' | 'succeeded'): number {
  return trace.records.filter((record) => record.kind === 'fence' && record.phase === phase && T <= record.at).length
}
