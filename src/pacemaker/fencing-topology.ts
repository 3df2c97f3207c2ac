/** Which devices a topology calls for against a node, level by level, and in which steps. Source: spec E-8.6. */
import type { Configuration, FencingLevel } from '../cib/configuration.ts'
import type { Device, FenceAction } from './devices.ts'
import { factsOf } from './devices.ts'
import type { FenceStep } from './fencer-state.ts'

/** The levels for a target in ascending order; undefined where no topology names it. `attributes` are those of the target. */
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

/**
 * The steps of one level: a reboot by several devices is all off, then all on. What cannot be switched on again, or need not, is left out
 * of the second half, whose failures change nothing.
 */
export function stepsOf(level: readonly string[], action: FenceAction, known: readonly Device[]): readonly FenceStep[] {
  const toStep = (device: string, each: FenceAction, mayFail: boolean): FenceStep => ({ device, action: each, mayFail })
  if (action !== 'reboot' || level.length < 2) return level.map((device) => toStep(device, action, false))
  const comeBack = level.filter((id) => {
    const device = known.find((entry) => entry.id === id)
    if (device === undefined) return true
    const { actions, unfences } = factsOf(device)
    return actions.has('on') && !unfences && device.parameters.get('pcmk_reboot_action') !== 'off'
  })
  return [
    ...level.map((device) => toStep(device, 'off', false)),
    ...comeBack.map((device) => toStep(device, 'on', true)),
  ]
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
