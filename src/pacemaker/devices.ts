/**
 * Fence devices as the fencer of each node knows them: from the configuration, whether or not their resource runs anywhere.
 *
 * What a device's parameters say: how it is known which nodes it can fence, delays, timeouts, attempts, how much it does at once.
 * On which nodes it may be used is told in registered.ts. Source: spec E-8.2, E-8.3, E-14 rule 11; pacemaker-fenced(7).
 */
import type { Configuration, PrimitiveConfig, ResourceConfig } from '../cib/configuration.ts'
import { isSameText, timeoutMs } from '../cib/values.ts'
import type { Millis } from '../kernel/time.ts'
import { type DeviceAction, type FenceAgentFacts, fenceFactsOf } from '../model/fence-agent-facts.ts'

/** One device. Plain data. */
export interface Device {
  readonly id: string
  readonly agent: string
  readonly parameters: ReadonlyMap<string, string>
}

/** What a fencer is asked to do. */
export type FenceAction = 'off' | 'on' | 'reboot'

/** How a fencer finds out whether a device can fence a node. */
export type HostCheck = 'dynamic-list' | 'none' | 'static-list' | 'status'

/** The device that stands for nodes which reset themselves: nobody configures it. Source: spec E-8.7. */
export const WATCHDOG = 'watchdog'

/** Every device of a configuration, disabled or not, in its order; of a clone's copies one. */
export function toDevices(configuration: Configuration): readonly Device[] {
  return configuration.resources.flatMap(primitivesOf).flatMap((primitive) => {
    if (primitive.class !== 'stonith') return []
    const parameters = new Map<string, string>()
    for (const set of primitive.instance)
      for (const { name, value } of set.pairs) if (!parameters.has(name)) parameters.set(name, value)
    return [{ id: primitive.id, agent: primitive.type ?? '', parameters }]
  })
}

/** The primitives of a resource. */
export function primitivesOf(resource: ResourceConfig): readonly PrimitiveConfig[] {
  switch (resource.kind) {
    case 'primitive':
      return [resource]
    case 'group':
      return resource.members
    case 'clone':
    case 'bundle':
      return resource.child === undefined ? [] : primitivesOf(resource.child)
  }
}

/** What a device's agent advertises. */
export function factsOf({ agent }: Device): FenceAgentFacts {
  return fenceFactsOf(agent)
}

/** The nodes that a device can fence, as far as its parameters tell; all where the device itself must be asked. Source: spec E-8.3. */
export function targetsOf(device: Device, nodes: readonly string[]): readonly string[] {
  return nodes.filter((node) => hostCheckOf(device) !== 'static-list' || isListed(device, node))
}

/** Source: spec E-8.3 (d). */
export function hostCheckOf(device: Device): HostCheck {
  const asked = device.parameters.get('pcmk_host_check')
  if (asked === 'dynamic-list' || asked === 'none' || asked === 'static-list' || asked === 'status') return asked
  const hasHosts = device.parameters.has('pcmk_host_list') || device.parameters.has('pcmk_host_map')
  if (hasHosts) return 'static-list'
  const { actions } = factsOf(device)
  return actions.has('list') ? 'dynamic-list' : actions.has('status') ? 'status' : 'none'
}

/** True where the node stands in the device's list or map, whatever its case. */
export function isListed({ parameters }: Device, node: string): boolean {
  const list = namesIn(parameters.get('pcmk_host_list'))
  const mapped = mappingOf(parameters.get('pcmk_host_map')).map(([name]) => name)
  return [...list, ...mapped].some((name) => isSameText(name, node))
}

/** The name under which the device knows the node; undefined where it is the node's own. */
export function aliasOf({ parameters }: Device, node: string): string | undefined {
  return mappingOf(parameters.get('pcmk_host_map')).find(([name]) => isSameText(name, node))?.[1]
}

function namesIn(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,;]+/).filter((name) => name !== '')
}

function mappingOf(text: string | undefined): readonly (readonly [name: string, value: string])[] {
  return (text ?? '')
    .split(/[\s;]+/)
    .filter((entry) => entry.includes(':'))
    .map((entry) => [entry.slice(0, entry.indexOf(':')), entry.slice(entry.indexOf(':') + 1)] as const)
}

/** How long a device waits before it acts, in whole seconds: a fixed part, and what chance may add (exclusive). */
export interface DeviceDelay {
  readonly base: number
  readonly random: number
  /** As configured; 0 where nothing is. */
  readonly max: number
}

/** The delay of a device that acts against `target`. Source: spec E-8.2. */
export function delayOf({ parameters }: Device, target: string): DeviceDelay {
  const text = parameters.get('pcmk_delay_base') ?? ''
  const own = mappingOf(text).find(([name]) => isSameText(name, target))?.[1]
  const base = secondsOf(own ?? (text.includes(':') ? undefined : text))
  const max = secondsOf(parameters.get('pcmk_delay_max'))
  // A maximum below the base is the base of a fixed delay.
  if (max === 0) return { base, random: 0, max }
  return max < base ? { base: max, random: 0, max } : { base, random: max - base, max }
}

function secondsOf(text: string | undefined): number {
  if (text === undefined || text === '') return 0
  return Math.max(0, Math.floor(timeoutMs(text) / 1000))
}

/** What the device is asked for where `action` is wanted: an agent that cannot reboot switches off. Source: spec E-8.2. */
export function remapped(device: Device, action: DeviceAction): DeviceAction {
  return action === 'reboot' && !factsOf(device).actions.has('reboot') ? 'off' : action
}

/** How long one action may take: only the leading number is read, as seconds. Source: spec E-8.2. */
export function timeoutOf(device: Device, action: DeviceAction, base: Millis): Millis {
  const seconds = integerOf(device, `pcmk_${remapped(device, action)}_timeout`)
  return seconds === undefined || seconds <= 0 ? base : seconds * 1000
}

/** Attempts in total. Source: spec E-8.2. */
export function attemptsOf(device: Device, action: DeviceAction): number {
  return Math.max(1, integerOf(device, `pcmk_${remapped(device, action)}_retries`) ?? 2)
}

/** How many actions of the device may run at a time on one node; Infinity: any number. Source: spec E-8.2. */
export function limitOf(device: Device): number {
  const limit = integerOf(device, 'pcmk_action_limit') ?? 1
  return limit < 0 ? Number.POSITIVE_INFINITY : Math.max(1, limit)
}

function integerOf({ parameters }: Device, name: string): number | undefined {
  const number = Number.parseInt(parameters.get(name) ?? '', 10)
  return Number.isNaN(number) ? undefined : number
}

/** The agent's own action for what is wanted: `pcmk_reboot_action=off` and the like. Source: spec E-8.2. */
export function actionOf(device: Device, action: FenceAction): FenceAction {
  const wanted = remapped(device, action)
  const renamed = device.parameters.get(`pcmk_${wanted}_action`) ?? wanted
  return renamed === 'off' || renamed === 'on' || renamed === 'reboot' ? renamed : action
}

/** What makes a device another one than before under the same id. */
export function identityOf({ agent, parameters }: Device): string {
  return [agent, ...[...parameters].map(([name, value]) => `${name}=${value}`).sort()].join('\n')
}
