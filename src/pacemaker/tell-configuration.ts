/**
 * Tells the trace what a node's copy of the configuration says of nodes, options and resources, as far as it decides what may run
 * where: node attributes (standby, maintenance), options, roles and management of resources, bans. At the beginning what is set, later
 * what changes. Nothing of the cluster's behaviour hangs on it; a viewer shows it.
 */
import type { Configuration, NvSet, ResourceConfig } from '../cib/configuration.ts'
import type { DaemonContext } from '../manager/contract.ts'

const OPTIONS = ['maintenance-mode', 'no-quorum-policy', 'stonith-enabled']
const METAS = ['target-role', 'is-managed', 'maintenance']

/** Tells what is set now and was not before. The same configuration (by identity) says nothing. */
export function tellConfiguration(
  context: DaemonContext,
  before: Configuration | undefined,
  after: Configuration,
): void {
  if (before === after) return
  const old = before === undefined ? new Map<string, string>() : settingsOf(before)
  const now = settingsOf(after)
  for (const [about, state] of now) if (old.get(about) !== state) context.act({ kind: 'believe', about, state })
  for (const about of old.keys()) if (!now.has(about)) context.act({ kind: 'believe', about, state: '' })
}

/** Settings by what they are about, in the order of the configuration. */
function settingsOf({ properties, nodes, resources, constraints }: Configuration): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const [name, value] of pairsOf(properties)) if (OPTIONS.includes(name)) settings.set(`option ${name}`, value)
  for (const node of nodes)
    for (const [name, value] of pairsOf(node.attributes))
      settings.set(`setting ${name} of ${node.uname ?? node.id}`, value)
  for (const resource of resources) addResource(settings, resource)
  for (const constraint of constraints) {
    if (constraint.kind !== 'location' || !constraint.id.startsWith('cli-')) continue
    const { id, rsc, node, score } = constraint
    settings.set(`constraint ${id}`, `${rsc} on ${node}: ${score}`)
  }
  return settings
}

function addResource(settings: Map<string, string>, resource: ResourceConfig): void {
  for (const [name, value] of pairsOf(resource.meta))
    if (METAS.includes(name)) settings.set(`meta ${name} of ${resource.id}`, value)
  if (resource.kind === 'group') for (const member of resource.members) addResource(settings, member)
  if ((resource.kind === 'clone' || resource.kind === 'bundle') && resource.child !== undefined)
    addResource(settings, resource.child)
}

/** The first value of each name: rules and scores of sets are the scheduler's business. */
function pairsOf(sets: readonly NvSet[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const { pairs } of sets) for (const { name, value } of pairs) if (!found.has(name)) found.set(name, value)
  return found
}
