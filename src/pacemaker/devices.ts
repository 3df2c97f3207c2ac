/**
 * Fence devices as the fencer of each node knows them: from the configuration, whether or not their resource runs anywhere.
 *
 * Which nodes a device can fence, with which delay and timeout; which devices a topology calls for. Location constraints with rules
 * are not looked at. Source: spec E-8.2, E-8.3, E-8.6, E-14 rule 11.
 */
import type { Configuration, FencingLevel, PrimitiveConfig, ResourceConfig } from '../cib/configuration.ts'
import { isFalse, isSameText, timeoutMs } from '../cib/values.ts'
import type { Millis } from '../kernel/time.ts'

/** One device. */
export interface Device {
  readonly id: string
  readonly agent: string
  readonly parameters: ReadonlyMap<string, string>
  /** Nodes that location constraints keep it from. */
  readonly banned: readonly string[]
  readonly providesUnfencing: boolean
}

/** What a fencer is asked to do. */
export type FenceAction = 'off' | 'on' | 'reboot'

/** Every device that is not disabled, in the order of the configuration. */
export function toDevices(configuration: Configuration): readonly Device[] {
  return configuration.resources.flatMap(primitivesOf).flatMap((primitive) => {
    if (primitive.class !== 'stonith') return []
    const meta = new Map(primitive.meta.flatMap((set) => set.pairs.map(({ name, value }) => [name, value] as const)))
    if (isSameText(meta.get('target-role'), 'Stopped') || isFalse(meta.get('enabled'))) return []
    const parameters = new Map<string, string>()
    for (const set of primitive.instance)
      for (const { name, value } of set.pairs) if (!parameters.has(name)) parameters.set(name, value)
    const { id } = primitive
    const banned = bansOf(configuration, id)
    return [
      {
        id,
        agent: primitive.type ?? '',
        parameters,
        banned,
        providesUnfencing: isSameText(meta.get('provides'), 'unfencing'),
      },
    ]
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

function bansOf({ constraints }: Configuration, id: string): readonly string[] {
  return constraints.flatMap((constraint) =>
    constraint.kind === 'location' &&
    constraint.rsc === id &&
    constraint.node !== undefined &&
    constraint.score?.startsWith('-') === true
      ? [constraint.node]
      : [],
  )
}

/** The nodes that a device can fence. A device that must be asked answers for every node. Source: spec E-8.3. */
export function targetsOf(device: Device, nodes: readonly string[]): readonly string[] {
  return nodes.filter((node) => canFence(device, node))
}

/** True where the device can fence the node. */
export function canFence({ parameters }: Device, node: string): boolean {
  const list = namesIn(parameters.get('pcmk_host_list'))
  const mapped = mappingOf(parameters.get('pcmk_host_map')).map(([name]) => name)
  const known = [...list, ...mapped]
  const check = parameters.get('pcmk_host_check') ?? (known.length > 0 ? 'static-list' : 'none')
  return check !== 'static-list' || known.some((name) => isSameText(name, node))
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

/** Fixed and random part of the delay before a device acts against `target`. Source: spec E-8.2. */
export function delayOf({ parameters }: Device, target: string): { readonly base: Millis; readonly random: Millis } {
  const text = parameters.get('pcmk_delay_base') ?? ''
  const own = mappingOf(text).find(([name]) => isSameText(name, target))?.[1]
  const base = Math.max(0, timeoutOr(own ?? (text.includes(':') ? undefined : text), 0))
  const max = timeoutOr(parameters.get('pcmk_delay_max'), 0)
  // A maximum below the base is the base of a fixed delay.
  if (max === 0) return { base, random: 0 }
  return max < base ? { base: max, random: 0 } : { base, random: max - base }
}

function timeoutOr(text: string | undefined, absent: Millis): Millis {
  return text === undefined || text === '' ? absent : timeoutMs(text)
}

/** How long one action may take: only the leading number is read, as seconds. Source: spec E-8.2. */
export function timeoutOf({ parameters }: Device, action: FenceAction, base: Millis): Millis {
  const text = parameters.get(`pcmk_${action}_timeout`)
  const seconds = text === undefined ? Number.NaN : Number.parseInt(text, 10)
  return Number.isNaN(seconds) || seconds <= 0 ? base : seconds * 1000
}

/** Attempts in total. Source: spec E-8.2. */
export function attemptsOf({ parameters }: Device, action: FenceAction): number {
  const tries = Number.parseInt(parameters.get(`pcmk_${action}_retries`) ?? '2', 10)
  return Number.isNaN(tries) || tries < 1 ? 1 : tries
}

/** The action that a device carries out for another: `pcmk_reboot_action=off` and the like. */
export function actionOf({ parameters }: Device, action: FenceAction): FenceAction {
  const renamed = parameters.get(`pcmk_${action}_action`)
  return renamed === 'off' || renamed === 'on' || renamed === 'reboot' ? renamed : action
}

/** The levels for a target in ascending order; undefined where no topology names it. Source: spec E-8.6. */
export function levelsFor(
  { fencingTopology }: Configuration,
  target: string,
  attributes: ReadonlyMap<string, string>,
): readonly (readonly string[])[] | undefined {
  const byName = fencingTopology.filter((level) => level.target === target)
  const first = fencingTopology.find((level) => matches(level, target, attributes))
  const chosen =
    byName.length > 0 ? byName : first === undefined ? [] : fencingTopology.filter((level) => isSameKey(level, first))
  const levels = chosen.filter(({ index }) => 1 <= index && index <= 9).sort((left, right) => left.index - right.index)
  return levels.length === 0 ? undefined : levels.map((level) => level.devices)
}

function matches(level: FencingLevel, target: string, attributes: ReadonlyMap<string, string>): boolean {
  const { targetPattern, targetAttribute, targetValue } = level
  if (targetPattern !== undefined) return matchesPattern(targetPattern, target)
  return targetAttribute !== undefined && attributes.get(targetAttribute) === targetValue
}

/** A broken pattern matches nothing. */
function matchesPattern(pattern: string, target: string): boolean {
  try {
    return new RegExp(pattern).test(target)
  } catch {
    return false
  }
}

function isSameKey(left: FencingLevel, right: FencingLevel): boolean {
  return (
    left.targetPattern === right.targetPattern &&
    left.targetAttribute === right.targetAttribute &&
    left.targetValue === right.targetValue
  )
}
