/**
 * Cluster options: the `crm_config` sets at an instant, each known option checked and given its meaning.
 *
 * An absent or invalid value means the default; there are no aliases. Changes nothing. Source: spec.
 */
import type { Configuration } from './configuration.ts'
import { INFINITY } from './role.ts'
import { applySets, type RuleContext } from './rules.ts'
import type { ClusterOptions, HealthScores } from './state.ts'
import { isFalse, isSameText, isTrue, parseInterval, scanInteger, toScore } from './values.ts'

const NO_HEALTH: HealthScores = { red: 0, yellow: 0, green: 0 }

/** The options of `configuration` as they are at `context.now`. */
export function toOptions(configuration: Configuration, context: RuleContext): ClusterOptions {
  const all = new Map<string, string>()
  applySets(all, configuration.properties, { ...context, health: NO_HEALTH }, { first: 'cib-bootstrap-options' })
  const flag = (name: string, absent: boolean): boolean => {
    const text = all.get(name)
    return isTrue(text) || (absent && !isFalse(text))
  }
  const interval = (name: string, absent: number): number => {
    const text = all.get(name)
    return text === undefined ? absent : (parseInterval(text) ?? absent)
  }
  const fencing = flag('stonith-enabled', true)
  const shutdownLock = flag('shutdown-lock', false)
  const action = all.get('stonith-action')
  const healthStrategy = word(all, 'node-health-strategy', HEALTH_STRATEGIES, 'none')
  return {
    all,
    noQuorumPolicy: toPolicy(configuration, all, fencing),
    symmetric: flag('symmetric-cluster', true),
    maintenanceMode: flag('maintenance-mode', false),
    startFailureIsFatal: flag('start-failure-is-fatal', true),
    enableStartupProbes: flag('enable-startup-probes', true),
    shutdownLock,
    shutdownLockLimitSeconds: shutdownLock ? Math.floor(interval('shutdown-lock-limit', 0) / 1000) : 0,
    fencing,
    fencingAction: action === 'off' || action === 'poweroff' ? 'off' : 'reboot',
    fencingTimeoutMs: interval('stonith-timeout', 60_000),
    haveWatchdog: flag('have-watchdog', false),
    concurrentFencing: flag('concurrent-fencing', false),
    startupFencing: fencing && flag('startup-fencing', true),
    priorityFencingDelaySeconds: Math.floor(interval('priority-fencing-delay', 0) / 1000),
    clusterDelayMs: interval('cluster-delay', 60_000),
    batchLimit: number(all, 'batch-limit', '0'),
    migrationLimit: number(all, 'migration-limit', '-1'),
    stopAllResources: flag('stop-all-resources', false),
    stopOrphanResources: flag('stop-orphan-resources', true),
    stopOrphanActions: flag('stop-orphan-actions', true),
    removeAfterStop: flag('remove-after-stop', false),
    healthStrategy,
    healthBase: healthStrategy === 'progressive' ? toScore(number(all, 'node-health-base', '0'), NO_HEALTH) : 0,
    health: toHealth(healthStrategy, all),
    placementStrategy: word(all, 'placement-strategy', PLACEMENTS, 'default'),
    clusterName: all.get('cluster-name'),
  }
}

const HEALTH_STRATEGIES = ['none', 'migrate-on-red', 'only-green', 'progressive', 'custom'] as const
const PLACEMENTS = ['default', 'utilization', 'minimal', 'balanced'] as const
const POLICIES = ['stop', 'freeze', 'ignore', 'demote', 'suicide'] as const

function word<W extends string>(all: ReadonlyMap<string, string>, name: string, words: readonly W[], absent: W): W {
  return words.find((known) => isSameText(known, all.get(name))) ?? absent
}

/** A number or a word of infinity, as written. */
function number(all: ReadonlyMap<string, string>, name: string, absent: string): string {
  const text = all.get(name)
  if (text === undefined) return absent
  return /^[+-]?INFINITY$/.test(text) || scanInteger(text) !== undefined ? text : absent
}

/** Source: spec. */
function toPolicy(
  { root }: Configuration,
  all: ReadonlyMap<string, string>,
  fencing: boolean,
): ClusterOptions['noQuorumPolicy'] {
  const policy = word(all, 'no-quorum-policy', POLICIES, 'stop')
  if (policy !== 'suicide') return policy
  const mayPanic = (scanInteger(root.noQuorumPanic) ?? 0) !== 0 || isTrue(root.haveQuorum)
  return fencing && mayPanic ? 'suicide' : 'stop'
}

/** Source: spec. */
function toHealth(strategy: ClusterOptions['healthStrategy'], all: ReadonlyMap<string, string>): HealthScores {
  const score = (name: string, absent: string): number => toScore(number(all, name, absent), NO_HEALTH)
  switch (strategy) {
    case 'none':
      return NO_HEALTH
    case 'migrate-on-red':
      return { red: -INFINITY, yellow: 0, green: 0 }
    case 'only-green':
      return { red: -INFINITY, yellow: -INFINITY, green: 0 }
    case 'progressive':
    case 'custom':
      return {
        red: score('node-health-red', '-INFINITY'),
        yellow: score('node-health-yellow', '0'),
        green: score('node-health-green', '0'),
      }
  }
}
