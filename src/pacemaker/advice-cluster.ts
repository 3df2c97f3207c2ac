/**
 * Advice on a CIB as a whole, where Pacemaker takes it silently, or with a line in a log, and then does not as its author thinks: nothing
 * starts because no fence device is there, a constraint names no node, an option or a meta-attribute is misspelt. Names that are not
 * near a known one are their author's own. Source: spec A-6 (options), A-10 (meta-attributes), A-10.9 (no start without a fence device).
 */
import type { Configuration, NvSet, Place, ResourceConfig } from '../cib/configuration.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { isSameText } from '../cib/values.ts'
import type { Problem } from '../model/problem.ts'
import { nearest, suggest } from '../model/suggest.ts'

type Warn = (place: Place, what: string, advice: string) => Problem

/** Warnings on options, constraints and meta-attributes. */
export function clusterAdvice(configuration: Configuration, warn: Warn): readonly Problem[] {
  return [
    ...fencingAdvice(configuration, warn),
    ...configuration.properties.flatMap((set) => [
      ...misspelt(set, OPTIONS, 'cluster option', warn),
      ...senseless(set, OPTION_VALUES, 'cluster option', warn),
    ]),
    ...configuration.resources.flatMap((resource) => metaAdvice(resource, warn)),
    ...locationAdvice(configuration, warn),
  ]
}

function fencingAdvice(configuration: Configuration, warn: Warn): readonly Problem[] {
  const status = { nodeStates: [], tickets: [], order: [] }
  const { options, fencingDevice } = unpackCluster({ configuration, status }, 0)
  if (!options.fencing || fencingDevice || configuration.resources.length === 0) return []
  const pairs = configuration.properties.flatMap((set) => set.pairs)
  const found = pairs.find(({ name }) => name === 'stonith-enabled')
  const why = found === undefined ? 'by default' : 'by stonith-enabled'
  return [
    warn(
      found ?? configuration.properties[0] ?? { line: 0, column: 0 },
      `no resource will start: fencing is on (${why}), but no fence device is configured`,
      'configure a device of class stonith, or set stonith-enabled=false where nothing is shared',
    ),
  ]
}

function locationAdvice(configuration: Configuration, warn: Warn): readonly Problem[] {
  const status = { nodeStates: [], tickets: [], order: [] }
  const names = unpackCluster({ configuration, status }, 0).nodes.map(({ uname }) => uname)
  if (names.length === 0) return []
  return configuration.constraints.flatMap((constraint) => {
    if (constraint.kind !== 'location' || constraint.node === undefined) return []
    const { id, node } = constraint
    if (names.some((name) => isSameText(name, node))) return []
    const near = nearest(node, names)
    const advice = near === undefined ? `nodes are ${names.slice(0, 20).join(', ')}` : `did you mean ${near}?`
    return [warn(constraint, `${id} never applies: no node is called ${node}`, advice)]
  })
}

function metaAdvice(resource: ResourceConfig, warn: Warn): readonly Problem[] {
  const below = resource.kind === 'primitive' ? [] : resource.kind === 'group' ? resource.members : [resource.child]
  return [
    ...resource.meta.flatMap((set) => [
      ...misspelt(set, METAS, `${resource.id}: meta-attribute`, warn),
      ...senseless(set, META_VALUES, `${resource.id}: meta-attribute`, warn),
    ]),
    ...duplicateOps(resource, warn),
    ...below.flatMap((child) => (child === undefined ? [] : metaAdvice(child, warn))),
  ]
}

/** Only the first operation of a name and an interval is found by its results. Source: crm_verify(8), found by asking it. */
function duplicateOps({ id, ops }: ResourceConfig, warn: Warn): readonly Problem[] {
  return ops.flatMap((op, index) => {
    const first = ops.slice(0, index).find((other) => other.name === op.name && other.intervalMs === op.intervalMs)
    if (first === undefined) return []
    const what = `${id}: operation ${op.id ?? op.name} has the name and the interval of ${first.id ?? first.name}: one of them is lost`
    return [warn(op, what, 'give each role an interval of its own, such as 10s and 11s')]
  })
}

/** A value that Pacemaker does not know: it takes the default. Source: spec; the words of crm_verify. */
function senseless(
  { pairs }: NvSet,
  known: ReadonlyMap<string, readonly string[]>,
  kind: string,
  warn: Warn,
): readonly Problem[] {
  return pairs.flatMap((pair) => {
    const values = known.get(pair.name)
    if (values === undefined || values.some((value) => isSameText(value, pair.value ?? ''))) return []
    return [
      warn(
        pair,
        `${kind} ${pair.name}: "${pair.value ?? ''}" is no value of it, the default is taken`,
        suggest(pair.value ?? '', values),
      ),
    ]
  })
}

const OPTION_VALUES = new Map([
  ['no-quorum-policy', ['stop', 'freeze', 'ignore', 'demote', 'suicide']],
  ['stonith-action', ['reboot', 'off', 'poweroff']],
  ['placement-strategy', ['default', 'utilization', 'minimal', 'balanced']],
])

const META_VALUES = new Map([
  ['target-role', ['Started', 'Stopped', 'Promoted', 'Unpromoted', 'Master', 'Slave']],
  ['multiple-active', ['stop_start', 'stop_only', 'block', 'stop_unexpected']],
  ['requires', ['nothing', 'quorum', 'fencing', 'unfencing']],
])

function misspelt({ pairs }: NvSet, known: readonly string[], kind: string, warn: Warn): readonly Problem[] {
  return pairs.flatMap((pair) => {
    // Names of old versions have underscores.
    const name = pair.name.replaceAll('_', '-')
    if (known.includes(name)) return []
    const near = nearest(name, known)
    return near === undefined
      ? []
      : [warn(pair, `${kind} ${pair.name} is unknown to Pacemaker and does nothing`, `did you mean ${near}?`)]
  })
}

const OPTIONS = [
  ...['batch-limit', 'cluster-delay', 'cluster-infrastructure', 'cluster-ipc-limit', 'cluster-name'],
  ...['cluster-recheck-interval', 'concurrent-fencing', 'dc-deadtime', 'dc-version', 'election-timeout'],
  ...['enable-acl', 'enable-startup-probes', 'fence-reaction', 'have-watchdog', 'join-finalization-timeout'],
  ...['join-integration-timeout', 'last-lrm-refresh', 'load-threshold', 'maintenance-mode', 'migration-limit'],
  ...['no-quorum-policy', 'node-action-limit', 'node-health-base', 'node-health-green', 'node-health-red'],
  ...['node-health-strategy', 'node-health-yellow', 'pe-error-series-max', 'pe-input-series-max'],
  ...['pe-warn-series-max', 'placement-strategy', 'priority-fencing-delay', 'remove-after-stop', 'shutdown-escalation'],
  ...['shutdown-lock', 'shutdown-lock-limit', 'start-failure-is-fatal', 'startup-fencing', 'stonith-action'],
  ...['stonith-enabled', 'stonith-max-attempts', 'stonith-timeout', 'stonith-watchdog-timeout', 'stop-all-resources'],
  ...['stop-orphan-actions', 'stop-orphan-resources', 'symmetric-cluster', 'transition-delay'],
  // Of old versions.
  ...['default-action-timeout', 'default-migration-threshold', 'default-resource-failure-stickiness'],
  ...['default-resource-stickiness', 'expected-quorum-votes', 'is-managed-default', 'notification-agent'],
  ...['notification-recipient', 'crmd-finalization-timeout', 'crmd-integration-timeout', 'crmd-transition-delay'],
]

const METAS = [
  ...['allow-migrate', 'allow-unhealthy-nodes', 'clone-max', 'clone-min', 'clone-node-max', 'container'],
  ...['container-attribute-target', 'critical', 'failure-timeout', 'globally-unique', 'interleave', 'internal-rsc'],
  ...['is-managed', 'maintenance', 'master-max', 'master-node-max', 'migration-threshold', 'multiple-active', 'notify'],
  ...['ordered', 'priority', 'promotable', 'promoted-max', 'promoted-node-max', 'provides', 'remote-addr'],
  ...['remote-allow-migrate', 'remote-clear-port', 'remote-connect-timeout', 'remote-node', 'remote-port'],
  ...[
    'remote-tls-port',
    'requires',
    'resource-failure-stickiness',
    'resource-stickiness',
    'restart-type',
    'target-role',
  ],
  // Of tools beside Pacemaker.
  ...['collocated', 'description', 'is-managed-default', 'resource-discovery'],
]
