/**
 * Assignment of any resource, and of primitives and groups in particular.
 *
 * Reads   Resource.scores after the criteria, colocations, roles, options
 * Writes  Resource.assigned, nextRole, scores, managed; the online state of remote nodes; Worksheet.lines
 * Runs    once over all resources (assign-all.ts); recursive: primaries first
 * Source  spec B-9.9, B-11, B-14, B-18.4
 */
import { INFINITY, PROMOTED, STOPPED } from '../cib/role.ts'
import { assignBundle } from './assign-bundle.ts'
import { assignClone } from './assign-clone.ts'
import { chooseNode, finalize, noteChoice } from './choose.ts'
import { applyColocation, hasAvailable } from './colocate.ts'
import { factorOf, hasInfluence, insertThisWith, insertWithThis } from './colocations.ts'
import { showScores } from './lines.ts'
import { currentNode } from './nodes.ts'
import { mixPreferences } from './preferences.ts'
import { banEverywhere, because, markOf, noteChanges, noteUndo } from './table.ts'
import { BUNDLE, CLONE, type Colocation, GROUP, PRIMITIVE, type Resource, type Worksheet } from './worksheet.ts'

/** Assigns a resource, with a preferred node or −1; returns its node, −1 for none and for collectives that have none. */
export function assign(sheet: Worksheet, resource: Resource, preferred: number): number {
  switch (resource.variant) {
    case PRIMITIVE:
      return assignPrimitive(sheet, resource, preferred)
    case GROUP:
      return assignGroup(sheet, resource, preferred)
    case CLONE:
      assignClone(sheet, resource, preferred, assign)
      return -1
    case BUNDLE:
      assignBundle(sheet, resource, preferred, assign)
      return -1
  }
}

/** Source: spec B-11. */
function assignPrimitive(sheet: Worksheet, resource: Resource, preferred: number): number {
  const { parent } = resource
  if (parent !== undefined && !parent.isAssigning) assign(sheet, parent, preferred)
  if (!resource.isProvisional) return resource.assigned
  if (resource.isAssigning) return -1
  resource.isAssigning = true
  for (const colocation of [...resource.thisWith]) followPrimary(sheet, resource, colocation)
  for (const colocation of [...resource.withThis]) addDependent(sheet, resource, colocation)
  capRole(sheet, resource)
  showScores(sheet, resource, 'pcmk__primitive_assign')
  if (sheet.options.fencing && !sheet.state.fencingDevice) resource.managed = false
  settle(sheet, resource, preferred)
  resource.isAssigning = false
  if (0 <= resource.remoteNode) applyConnection(sheet, resource)
  return resource.assigned
}

/** Source: spec B-11.3. */
function followPrimary(sheet: Worksheet, resource: Resource, colocation: Colocation): void {
  const { score, dependentRole, primary } = colocation
  const isMild = dependentRole === PROMOTED || (-INFINITY < score && score < 0)
  const before = isMild ? resource.scores.slice() : undefined
  const mark = markOf(sheet)
  assign(sheet, primary, -1)
  applyColocation(sheet, colocation, resource, primary)
  if (before === undefined || hasAvailable(sheet, resource.scores)) return
  resource.scores = before
  noteUndo(sheet, resource, mark, { what: `colocation with ${primary.id}`, origin: colocation.origin })
}

/** Source: spec B-11.4. */
function addDependent(sheet: Worksheet, resource: Resource, colocation: Colocation): void {
  if (!hasInfluence(colocation)) return
  const before = resource.scores
  const mixing = { factor: factorOf(colocation), attribute: colocation.nodeAttribute, isActive: true }
  resource.scores = mixPreferences(sheet, colocation.dependent, before, mixing)!
  const what = `${colocation.dependent.id} is colocated with it`
  noteChanges(sheet, resource, before, { what, origin: colocation.origin })
}

/** Source: spec B-11.5. */
function capRole(sheet: Worksheet, resource: Resource): void {
  if (resource.nextRole === STOPPED) banEverywhere(sheet, resource, because('target-role=Stopped'))
  else if (resource.role < resource.nextRole && !sheet.state.quorum && sheet.options.noQuorumPolicy === 'freeze') {
    resource.nextRole = resource.role
  }
}

/** Source: spec B-11.8. */
function settle(sheet: Worksheet, resource: Resource, preferred: number): void {
  if (!resource.managed) {
    resource.nextRole = resource.role
    const home = finalize(sheet, resource, currentNode(sheet, resource), 'forced')
    noteChoice(sheet, resource, { how: 'unmanaged', node: home })
  } else if (sheet.options.stopAllResources) {
    finalize(sheet, resource, -1, 'forced')
    noteChoice(sheet, resource, { how: 'stop-all-resources', node: -1 })
  } else if (resource.isProvisional) finalize(sheet, resource, chooseNode(sheet, resource, preferred), 'checked')
}

/** What the assignment of a connection means for its node. Source: spec B-18.4. */
function applyConnection(sheet: Worksheet, resource: Resource): void {
  const node = sheet.nodes[resource.remoteNode]!
  if (0 <= resource.assigned && resource.nextRole !== STOPPED) {
    node.online = true
    if (node.unseen) node.unclean = false
  } else node.shutdown = true
}

/** Source: spec B-14. */
function assignGroup(sheet: Worksheet, group: Resource, preferred: number): number {
  if (!group.isProvisional) return -1
  if (group.isAssigning) return -1
  const first = group.children[0]
  if (first === undefined) {
    group.isProvisional = false
    return -1
  }
  group.isAssigning = true
  group.role = first.role
  handOver(group)
  showScores(sheet, group, 'pcmk__group_assign')
  let found = -1
  for (const member of group.children) {
    const node = assign(sheet, member, preferred)
    if (found < 0) found = node
  }
  group.nextRole = first.nextRole
  group.isAssigning = false
  group.isProvisional = false
  return group.from.collocated ? found : -1
}

/** Source: spec B-14.3. */
function handOver(group: Resource): void {
  for (const colocation of group.thisWith) {
    let isBehindUnmanaged = false
    group.children.forEach((member, at) => {
      if (at === 0 || (isBehindUnmanaged && colocation.score === INFINITY)) insertThisWith(member.thisWith, colocation)
      if (!member.managed) isBehindUnmanaged = true
    })
  }
  for (const colocation of group.withThis) insertWithThis(group.children.at(-1)!.withThis, colocation)
  group.thisWith = []
  group.withThis = []
}
