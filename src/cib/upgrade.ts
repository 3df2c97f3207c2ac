/**
 * What Pacemaker's internal upgrade of pre-3.0 configurations changes, as far as scheduling can see it: cluster options that
 * were renamed, moved or dropped.
 *
 * Differs: the rest of the table of A-2.5 (agent parameters, `isolation`, op `requires`) is not rewritten.
 *
 * Source: spec.
 */
import { compareVersions } from './values.ts'
import { childrenNamed, findChild, type XmlElement } from './xml.ts'

const RENAMED = new Set([
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
])

/** Changes `tree` in place where its schema is older than 3.0. */
export function applyUpgrade(tree: XmlElement): void {
  const schema = /^pacemaker-([0-9.]+)$/.exec(tree.attributes.get('validate-with') ?? '')
  if (schema === null || compareVersions(schema[1], '3.0') >= 0) return
  tree.attributes.set('validate-with', 'pacemaker-3.9')
  const options = findChild(findChild(tree, 'configuration'), 'crm_config')
  for (const set of childrenNamed(options, 'cluster_property_set')) {
    for (const { attributes } of childrenNamed(set, 'nvpair')) {
      const name = attributes.get('name') ?? ''
      if (RENAMED.has(name)) attributes.set('name', name.replaceAll('_', '-'))
      if (name === 'transition_idle_timeout') attributes.set('name', 'cluster-delay')
    }
  }
}
