/** The words of the CIB: names of options, meta-attributes and attributes, with values that mean something and values that do not. */
import { NOW } from './results.ts'

/** A name and the values to draw from; a name that comes twice is drawn more often. */
export type Words = readonly (readonly [name: string, values: readonly string[]])[]

const BOOLEANS = ['true', 'false', 'yes', 'off', 'TRUE', '1']
const NUMBERS = ['0', '1', '2', '3', '10', '-1', '100', '-5', '1.5', '2x', '']
const SCORES = [
  'INFINITY',
  '-INFINITY',
  '+INFINITY',
  '0',
  '1',
  '-1',
  '100',
  '5000',
  '-100',
  '-infinity',
  'red',
  'x',
  '2000000',
]
const TIMES = ['0', '10', '20s', '1min', '2h', 'PT30S', 'P1D', '100ms', '5 m', '10x', '-3', '1.9']
const ROLES = ['Started', 'Stopped', 'Master', 'Slave', 'Promoted', 'Unpromoted', 'promoted', 'nonsense']

/** Scores as attributes of constraints. */
export const SCORE_WORDS: readonly string[] = SCORES
/** Intervals, timeouts, delays. */
export const TIME_WORDS: readonly string[] = TIMES
/** Roles, old and new and wrong ones. */
export const ROLE_WORDS: readonly string[] = ROLES
/** Truth, written in many ways. */
export const BOOLEAN_WORDS: readonly string[] = BOOLEANS

export const CLUSTER_OPTIONS: Words = [
  ['stonith-enabled', ['true', 'false', 'false', 'maybe']],
  ['stonith-enabled', ['false']],
  ['no-quorum-policy', ['stop', 'freeze', 'ignore', 'suicide', 'demote', 'panic']],
  ['symmetric-cluster', BOOLEANS],
  ['maintenance-mode', ['false', 'true']],
  ['stonith-action', ['reboot', 'off', 'poweroff', 'REBOOT']],
  ['stonith-timeout', TIMES],
  ['stonith-watchdog-timeout', TIMES],
  ['have-watchdog', BOOLEANS],
  ['concurrent-fencing', BOOLEANS],
  ['startup-fencing', BOOLEANS],
  ['priority-fencing-delay', TIMES],
  ['cluster-delay', TIMES],
  ['batch-limit', NUMBERS],
  ['migration-limit', NUMBERS],
  ['stop-all-resources', ['false', 'true']],
  ['stop-orphan-resources', BOOLEANS],
  ['stop-orphan-actions', BOOLEANS],
  ['remove-after-stop', BOOLEANS],
  ['start-failure-is-fatal', BOOLEANS],
  ['enable-startup-probes', BOOLEANS],
  ['shutdown-lock', BOOLEANS],
  ['shutdown-lock-limit', TIMES],
  ['node-health-strategy', ['none', 'migrate-on-red', 'only-green', 'progressive', 'custom', 'Custom', 'x']],
  ['node-health-base', SCORES],
  ['node-health-green', SCORES],
  ['node-health-yellow', SCORES],
  ['node-health-red', SCORES],
  ['placement-strategy', ['default', 'utilization', 'minimal', 'balanced', 'Balanced', 'x']],
  ['cluster-name', ['alpha']],
  ['default-resource-stickiness', SCORES],
  ['default-action-timeout', TIMES],
  ['is-managed-default', BOOLEANS],
  ['stop_orphan_resources', BOOLEANS],
  ['cluster-infrastructure', ['corosync', 'cman']],
]

export const META: Words = [
  ['target-role', ROLES],
  ['target-role', ['Started', 'Stopped']],
  ['is-managed', ['true', 'false', 'true', 'x']],
  ['maintenance', ['false', 'true']],
  ['resource-stickiness', SCORES],
  ['migration-threshold', NUMBERS],
  ['migration-threshold', ['1', '2', 'INFINITY']],
  ['failure-timeout', TIMES],
  ['priority', NUMBERS],
  ['multiple-active', ['block', 'stop_only', 'stop_start', 'stop_unexpected', 'x']],
  ['requires', ['nothing', 'quorum', 'fencing', 'unfencing', 'x']],
  ['allow-migrate', ['true', 'false']],
  ['critical', BOOLEANS],
  ['restart-type', ['ignore', 'restart']],
  ['allow-unhealthy-nodes', BOOLEANS],
  ['container-attribute-target', ['host', 'x']],
  ['provides', ['unfencing', 'x']],
  ['resource-failure-stickiness', SCORES],
  ['remote-node', ['guest1', 'guest2']],
  ['remote-connect-timeout', TIMES],
  ['remote-allow-migrate', BOOLEANS],
  ['container', ['a', 'b']],
  ['ordered', BOOLEANS],
]

export const CLONE_META: Words = [
  ['clone-max', NUMBERS],
  ['clone-max', ['1', '2', '3']],
  ['clone-node-max', NUMBERS],
  ['clone-node-max', ['1', '2']],
  ['clone-min', ['0', '1', '2']],
  ['globally-unique', ['true', 'false', 'x']],
  ['interleave', BOOLEANS],
  ['ordered', BOOLEANS],
  ['notify', BOOLEANS],
  ['promotable', ['true', 'true', 'false']],
  ['promoted-max', NUMBERS],
  ['promoted-node-max', NUMBERS],
  ['master-max', ['1', '2']],
  ['master-node-max', ['1', '2']],
]

/** Attributes of an `op`, or pairs in its meta set. */
export const OP: Words = [
  ['timeout', TIMES],
  ['start-delay', TIMES],
  ['interval-origin', [`${NOW}`, '2023-11-14 20:00:00Z', 'x']],
  ['enabled', ['true', 'false']],
  ['record-pending', BOOLEANS],
  ['role', ROLES],
  [
    'on-fail',
    [
      'ignore',
      'block',
      'stop',
      'restart',
      'standby',
      'fence',
      'restart-container',
      'demote',
      'migrate',
      'nothing',
      'x',
    ],
  ],
  ['on-fail', ['restart', 'block', 'demote', 'fence', 'standby']],
  ['requires', ['nothing', 'fencing']],
  ['interval', TIMES],
]

export const NODE_ATTRIBUTES: Words = [
  ['standby', ['true', 'false', 'on', 'x']],
  ['maintenance', ['true', 'false']],
  ['terminate', ['true', '0', '7', 'x']],
  ['shutdown', ['0', `${NOW - 40}`, '']],
  ['site', ['a', 'b', 'A', '']],
  ['rank', ['1', '2', '10', '1.5', '1.10', 'x', '-INFINITY']],
  ['#health-disk', ['red', 'yellow', 'green', '-10', '5', 'x']],
  ['#health-net', ['red', 'green', '5']],
  ['#site-name', ['a']],
  ['site-name', ['b']],
  ['#node-unfenced', ['0', `${NOW - 50}`]],
  ['#kind', ['odd']],
  ['resource-discovery-enabled', BOOLEANS],
  ['probe_complete', BOOLEANS],
]

/** States of a node, as the membership, the process and the join are recorded. */
export const MEMBERSHIP: Words = [
  ['in_ccm', ['true', 'false', '1', '0', `${NOW - 100}`]],
  ['crmd', ['online', 'offline', '1', '0', `${NOW - 100}`]],
  ['join', ['member', 'down', 'pending', 'banned', 'x']],
  ['expected', ['member', 'down', 'x']],
  ['node_fenced', ['0', '1', `${NOW - 20}`]],
  ['remote_node', ['true', 'false']],
  ['node_in_maintenance', ['true', '0']],
  ['resources-locked', ['true']],
]

export const AGENTS: readonly Readonly<Record<string, string>>[] = [
  { class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
  { class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
  { class: 'ocf', provider: 'pacemaker', type: 'Stateful' },
  { class: 'ocf', provider: 'heartbeat', type: 'IPaddr2' },
  { class: 'ocf', provider: 'heartbeat', type: 'VirtualDomain' },
  { class: 'ocf', provider: 'pacemaker', type: 'remote' },
  { class: 'stonith', type: 'fence_xvm' },
  { class: 'stonith', type: 'fence_ipmilan' },
  { class: 'stonith', type: 'fence_watchdog' },
  { class: 'systemd', type: 'httpd' },
  { class: 'lsb', type: 'old' },
  { class: 'service', type: 'thing' },
]

export const TASKS: readonly string[] = [
  ...[
    'start',
    'start',
    'stop',
    'stop',
    'monitor',
    'monitor',
    'monitor',
    'promote',
    'demote',
    'migrate_to',
    'migrate_from',
  ],
  ...['notify', 'reload', 'reload-agent', 'delete', 'asyncmon', 'check'],
]
