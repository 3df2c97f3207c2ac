/**
 * What Pacemaker's internal upgrade makes of a configuration that claims a schema before 3.0: names of options and parameters that
 * changed, settings that moved, what was dropped.
 *
 * A configuration with nothing of the old style keeps everything but its schema's name. Differs: ids of what is made new may be
 * others, and access lists are left alone; nothing of that has an effect.
 *
 * Source: spec and probes of crm_simulate -I.
 */
import { upgradeResources } from './upgrade-resources.ts'
import { compareVersions } from './values.ts'
import { appendChild, childrenNamed, findChild, removeChild, toElement, type XmlElement } from './xml.ts'

const LATEST = 'pacemaker-3.9'

/** Changes `tree` in place where its schema is older than 3.0; without a schema nothing is changed. */
export function applyUpgrade(tree: XmlElement): void {
  const schema = /^pacemaker-([0-9.]+)$/.exec(tree.attributes.get('validate-with') ?? '')
  if (schema === null || compareVersions(schema[1], '3.0') >= 0) return
  tree.attributes.set('validate-with', LATEST)
  const configuration = findChild(tree, 'configuration')
  if (configuration === undefined) return
  const isOld = [upgradeOptions(configuration), upgradeNodes(configuration), upgradeColocations(configuration)]
  upgradeResources(tree, findChild(configuration, 'resources'), isOld.includes(true))
}

const RENAMED = new Map([
  ...[
    'cluster_recheck_interval',
    'dc_deadtime',
    'election_timeout',
    'no_quorum_policy',
    'remove_after_stop',
    'shutdown_escalation',
    'startup_fencing',
    'stonith_action',
    'stonith_enabled',
    'stop_orphan_actions',
    'stop_orphan_resources',
    'symmetric_cluster',
  ].map((name) => [name, name.replaceAll('_', '-')] as const),
  ['transition_idle_timeout', 'cluster-delay'],
])

const DROPPED = new Set([
  'default-migration-threshold',
  'default_migration_threshold',
  'expected-quorum-votes',
  'notification-agent',
  'notification-recipient',
])

const OLD_INFRASTRUCTURE = new Set(['heartbeat', 'openais', 'classic openais', 'classic openais (with plugin)', 'cman'])

/** Options that became defaults of operations or resources, by the newer of their two spellings. */
const MOVED = new Map<string, readonly [section: string, name: string]>([
  ['default-action-timeout', ['op_defaults', 'timeout']],
  ['default-resource-stickiness', ['rsc_defaults', 'resource-stickiness']],
  ['is-managed-default', ['rsc_defaults', 'is-managed']],
  ['default-resource-failure-stickiness', ['rsc_defaults', 'migration-threshold']],
])

/** True where something changed. */
function upgradeOptions(configuration: XmlElement): boolean {
  let isOld = false
  const moved: XmlElement[] = []
  for (const set of childrenNamed(findChild(configuration, 'crm_config'), 'cluster_property_set')) {
    for (const pair of childrenNamed(set, 'nvpair')) {
      const name = pair.attributes.get('name') ?? ''
      const renamed = RENAMED.get(name)
      const isInfrastructure = name === 'cluster-infrastructure'
      if (renamed !== undefined) pair.attributes.set('name', renamed)
      else if (MOVED.has(name.replaceAll('_', '-'))) moved.push(removeChild(pair))
      else if (DROPPED.has(name) || (isInfrastructure && OLD_INFRASTRUCTURE.has(pair.attributes.get('value') ?? ''))) {
        removeChild(pair)
      } else continue
      isOld = true
    }
  }
  moveToDefaults(configuration, 'op_defaults', moved)
  moveToDefaults(configuration, 'rsc_defaults', moved)
  return isOld
}

/** Puts those of `pairs` that belong into `section` where no set of it says something else. */
function moveToDefaults(configuration: XmlElement, section: string, pairs: readonly XmlElement[]): void {
  const made = toElement('meta_attributes', [['id', `_2TO3_-${section.replace('_', '-')}`]])
  const present = findChild(configuration, section)
  const sets = childrenNamed(present, 'meta_attributes')
  const target = present === undefined ? made : sets[0]
  const given = new Set(sets.flatMap((set) => set.children.map(({ attributes }) => attributes.get('name'))))
  for (const pair of pairs) {
    const option = pair.attributes.get('name')!.replaceAll('_', '-')
    const [place, name] = MOVED.get(option) ?? []
    if (place !== section || name === undefined || given.has(name)) continue
    pair.attributes.set('name', name)
    if (option === 'default-resource-failure-stickiness') {
      if (pair.attributes.get('value') !== '-INFINITY') continue
      pair.attributes.set('value', '1')
    }
    // A section that holds no set gets none: the settings are lost.
    if (target !== undefined) appendChild(target, pair)
  }
  if (present === undefined && made.children.length > 0) {
    appendChild(appendChild(configuration, toElement(section)), made)
  }
}

function upgradeNodes(configuration: XmlElement): boolean {
  const old = childrenNamed(findChild(configuration, 'nodes'), 'node').filter(
    ({ attributes }) => attributes.get('type') === 'normal',
  )
  for (const { attributes } of old) attributes.set('type', 'member')
  return old.length > 0
}

function upgradeColocations(configuration: XmlElement): boolean {
  let isOld = false
  for (const { attributes } of childrenNamed(findChild(configuration, 'constraints'), 'rsc_colocation')) {
    for (const name of ['score-attribute', 'score-attribute-mangle']) isOld = attributes.delete(name) || isOld
  }
  return isOld
}
