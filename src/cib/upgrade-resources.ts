/**
 * The upgrade of primitives and templates: parameters of fence devices, isolation, and settings of operations that became
 * meta-attributes. Groups, clones and bundles themselves have nothing of the old style.
 *
 * Source: spec and probes of crm_simulate -I.
 */
import {
  appendChild,
  childrenNamed,
  copyElement,
  findChild,
  removeChild,
  toElement,
  toIndex,
  type XmlElement,
  type XmlIndex,
} from './xml.ts'

/** Upgrades all below `section`. `isOld`: something else of the configuration was of the old style. */
export function upgradeResources(tree: XmlElement, section: XmlElement | undefined, isOld: boolean): void {
  const resources = leavesOf(section)
  const index = toIndex(tree)
  let isAnyOld = isOld
  for (const resource of resources) expandReferences(resource, index)
  for (const resource of resources) {
    isAnyOld = upgradeDevice(resource) || isAnyOld
    isAnyOld = upgradeIsolation(resource) || isAnyOld
    isAnyOld = upgradeOps(resource) || isAnyOld
  }
  // These are valid in newer schemas, so they change only with the rest.
  if (!isAnyOld) return
  resources.forEach(upgradeFailureStickiness)
  for (const resource of resources) {
    for (const holder of [resource, ...childrenNamed(findChild(resource, 'operations'), 'op')]) {
      dropEmptySets(holder, 'meta_attributes')
      dropEmptySets(holder, 'instance_attributes')
    }
  }
  dropEmptySets(findChild(findChild(tree, 'configuration'), 'crm_config'), 'cluster_property_set')
}

/** A set without pairs does not survive the change, whatever rules it has (probed); one that refers to another does. */
function dropEmptySets(holder: XmlElement | undefined, name: string): void {
  for (const set of childrenNamed(holder, name)) {
    if (!set.attributes.has('id-ref') && findChild(set, 'nvpair') === undefined) removeChild(set)
  }
}

function leavesOf(section: XmlElement | undefined): readonly XmlElement[] {
  return (section?.children ?? []).flatMap((child) =>
    child.name === 'primitive' || child.name === 'template' ? [child] : leavesOf(child),
  )
}

function pairsOf(resource: XmlElement, set: string): readonly XmlElement[] {
  return childrenNamed(resource, set).flatMap((element) => childrenNamed(element, 'nvpair'))
}

function nameOf(pair: XmlElement): string {
  return pair.attributes.get('name') ?? ''
}

/** Takes a pair out of its set, and the set with it when it was the last. */
function takePair(pair: XmlElement): XmlElement {
  const set = pair.parent
  removeChild(pair)
  if (set !== undefined && findChild(set, 'nvpair') === undefined) removeChild(set)
  return pair
}

function upgradeDevice(resource: XmlElement): boolean {
  let isOld = false
  const pairs = pairsOf(resource, 'instance_attributes')
  for (const pair of pairs) {
    const command = /^pcmk_(list|monitor|off|on|reboot|status)_cmd$/.exec(nameOf(pair))
    if (command !== null) pair.attributes.set('name', `pcmk_${command[1]}_action`)
    else if (nameOf(pair) === 'pcmk_arg_map') upgradeArgumentMap(pair, pairs)
    else continue
    isOld = true
  }
  return isOld
}

function upgradeArgumentMap(pair: XmlElement, others: readonly XmlElement[]): void {
  const only = /^port:([^,]*)$/.exec(pair.attributes.get('value') ?? '')
  const isGiven = others.some((other) => nameOf(other) === 'pcmk_host_argument')
  if (only === null || isGiven) {
    takePair(pair)
    return
  }
  pair.attributes.set('name', 'pcmk_host_argument')
  pair.attributes.set('value', only[1]!)
}

/** What ran in isolation must not run without. */
function upgradeIsolation(resource: XmlElement): boolean {
  const old = pairsOf(resource, 'meta_attributes').filter((pair) =>
    /^isolation(-host|-instance|-wrapper)?$/.test(nameOf(pair)),
  )
  for (const [at, pair] of old.entries()) {
    if (at > 0) takePair(pair)
    pair.attributes.set('name', 'target-role')
    pair.attributes.set('value', 'Stopped')
  }
  return old.length > 0
}

function upgradeFailureStickiness(resource: XmlElement): void {
  const pairs = pairsOf(resource, 'meta_attributes')
  const isGiven = pairs.some((pair) => nameOf(pair) === 'migration-threshold')
  for (const pair of pairs) {
    if (!/^resource[-_]failure[-_]stickiness$/.test(nameOf(pair))) continue
    if (isGiven || pair.attributes.get('value') !== '-INFINITY') {
      takePair(pair)
      continue
    }
    pair.attributes.set('name', 'migration-threshold')
    pair.attributes.set('value', '1')
  }
}

function upgradeOps(resource: XmlElement): boolean {
  let isOld = false
  let required: XmlElement | undefined
  for (const op of childrenNamed(findChild(resource, 'operations'), 'op')) {
    const set = takeRequires(resource, op)
    if (set !== undefined) isOld = true
    if (set !== undefined && /^(start|promote)$/.test(op.attributes.get('name') ?? '')) required = set
    isOld = upgradeOpParameters(op) || isOld
  }
  const isGiven = pairsOf(resource, 'meta_attributes').some((pair) => nameOf(pair) === 'requires')
  if (required !== undefined && !isGiven) appendChild(resource, required)
  return isOld
}

/** Takes `requires` from an operation; what its resource would get of it. */
function takeRequires(resource: XmlElement, op: XmlElement): XmlElement | undefined {
  let taken: XmlElement | undefined
  for (const set of [...op.children]) {
    for (const pair of childrenNamed(set, 'nvpair')) {
      if (nameOf(pair) === 'requires') taken = toMetaSet(set, [takePair(pair)])
    }
  }
  const value = op.attributes.get('requires')
  if (value === undefined) return taken
  op.attributes.delete('requires')
  const pair = [
    ['id', `_2TO3_${op.attributes.get('id')}-meta-requires`],
    ['name', 'requires'],
    ['value', value],
  ] as const
  const made = toElement('meta_attributes', [['id', `_2TO3_${resource.attributes.get('id')}-meta`]])
  appendChild(made, toElement('nvpair', pair))
  return made
}

/** A set with the attributes and rules of `set`, and these pairs. */
function toMetaSet(set: XmlElement, pairs: readonly XmlElement[]): XmlElement {
  const made = toElement('meta_attributes', [...set.attributes])
  made.attributes.set('id', `_2TO3_${set.attributes.get('id')}`)
  for (const rule of childrenNamed(set, 'rule')) appendChild(made, copyElement(rule))
  for (const pair of pairs) appendChild(made, pair)
  return made
}

const OP_META = new Set(['interval-origin', 'start-delay', 'enabled', 'on-fail', 'record-pending', 'role', 'timeout'])

/** True where something is set that is none of the agent's parameters. */
function isOldSet(set: XmlElement): boolean {
  return childrenNamed(set, 'nvpair').some((pair) => OP_META.has(nameOf(pair)))
}

/** Parameters of an operation that are none of its agent's become its meta-attributes. */
function upgradeOpParameters(op: XmlElement): boolean {
  const sets = childrenNamed(op, 'instance_attributes').filter(isOldSet)
  for (const set of sets) {
    const pairs = childrenNamed(set, 'nvpair').filter((pair) => OP_META.has(nameOf(pair)))
    pairs.forEach(takePair)
    const isConditional = set.attributes.has('score') || findChild(set, 'rule') !== undefined
    const target = isConditional ? undefined : findChild(op, 'meta_attributes')
    if (target === undefined) appendChild(op, toMetaSet(set, pairs))
    else for (const pair of pairs) appendChild(target, pair)
  }
  return sets.length > 0
}

/** Gives operations that refer to sets of the old style copies of their own, before the sets are changed. */
function expandReferences(resource: XmlElement, index: XmlIndex): void {
  for (const op of childrenNamed(findChild(resource, 'operations'), 'op')) {
    for (const set of childrenNamed(op, 'instance_attributes')) {
      const target = index.byId('instance_attributes', set.attributes.get('id-ref') ?? '')
      if (target === undefined || !isOldSet(target)) continue
      set.attributes.delete('id-ref')
      for (const [name, value] of target.attributes) set.attributes.set(name, value)
      for (const child of target.children) appendChild(set, copyElement(child))
    }
  }
}
