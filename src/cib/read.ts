/**
 * CIB text → configuration and status. Lenient where Pacemaker is: unknown elements and attributes are passed over.
 *
 * What this does not do: judge rules, unpack resources, upgrade what an upgrade would not change. Files of schemas before 3.0
 * are upgraded in memory as far as scheduling can see it (upgrade.ts).
 *
 * Source: spec.
 */
import type { Problem, Reading } from '../model/problem.ts'
import type { Configuration, FencingLevel, NodeConfig } from './configuration.ts'
import { findExcess, LENGTH_MAX } from './limits.ts'
import { readConstraints } from './read-constraints.ts'
import { readResources } from './read-resources.ts'
import { readSets } from './read-sets.ts'
import { readStatus } from './read-status.ts'
import { findSchemaProblems } from './schema.ts'
import type { Status } from './status.ts'
import { applyUpgrade } from './upgrade.ts'
import { scanInteger } from './values.ts'
import { childrenNamed, findChild, parseXml, toIndex, type XmlElement, type XmlIndex } from './xml.ts'

/** A CIB, read. `tree` is the (upgraded) document; only writers of changed CIBs need it. */
export interface Cib {
  readonly configuration: Configuration
  readonly status: Status
  readonly tree: XmlElement
}

/** Reads a CIB. `file` names it in problems. Never throws. */
export function readCib(text: string, file: string): Reading<Cib> {
  if (text.length > LENGTH_MAX) return { value: undefined, problems: [tooLong(text, file)] }
  const { value: tree, problems } = parseXml(text, file)
  if (tree === undefined) return { value: undefined, problems }
  if (tree.name !== 'cib') {
    const what = `The root element is <${tree.name.slice(0, 60)}>, not <cib>`
    const problem: Problem = {
      severity: 'error',
      file,
      line: tree.line,
      column: tree.column,
      what,
      advice: 'give a CIB',
    }
    return { value: undefined, problems: [problem] }
  }
  const excess = findExcess(tree, file)
  if (excess !== undefined) return { value: undefined, problems: [excess] }
  const claimed = tree.attributes.get('validate-with')
  applyUpgrade(tree)
  const mistakes = findSchemaProblems(tree, claimed, file)
  if (mistakes.length > 0) return { value: undefined, problems: [...problems, ...mistakes] }
  return { value: readTree(tree), problems }
}

function tooLong(text: string, file: string): Problem {
  const what = `The input has ${Math.round(text.length / 1_000_000)} million characters`
  const advice = `${LENGTH_MAX / 1_000_000} million at most are read`
  return { severity: 'error', file, line: 0, column: 0, what, advice }
}

/** Reads a CIB that is a tree already. */
export function readTree(tree: XmlElement): Cib {
  const index = toIndex(tree)
  const section = (name: string): XmlElement | undefined => index.unique(name)
  const { resources, connections, templates } = readResources(section('resources'), index)
  const read = (name: string): string | undefined => tree.attributes.get(name)
  const configuration: Configuration = {
    root: {
      validateWith: read('validate-with'),
      featureSet: read('crm_feature_set'),
      haveQuorum: read('have-quorum'),
      dcUuid: read('dc-uuid'),
      executionDate: read('execution-date'),
      noQuorumPanic: read('no-quorum-panic'),
    },
    properties: readSets(section('crm_config'), 'cluster_property_set', index),
    nodes: childrenNamed(section('nodes'), 'node').flatMap((node) => readNode(node, index)),
    resources,
    connections,
    templates,
    constraints: readConstraints(section('constraints'), index),
    tags: readTags(section('tags')),
    resourceMetaDefaults: readSets(section('rsc_defaults'), 'meta_attributes', index),
    resourceInstanceDefaults: readSets(section('rsc_defaults'), 'instance_attributes', index),
    opMetaDefaults: readSets(section('op_defaults'), 'meta_attributes', index),
    fencingTopology: childrenNamed(section('fencing-topology'), 'fencing-level').map(readLevel),
    unfencing: findsUnfencing(tree),
  }
  return { configuration, status: readStatus(section('status'), index), tree }
}

function readNode(node: XmlElement, index: XmlIndex): NodeConfig[] {
  const { attributes, line, column } = node
  const id = attributes.get('id')
  if (id === undefined) return []
  return [
    {
      id,
      uname: attributes.get('uname'),
      type: attributes.get('type'),
      score: attributes.get('score'),
      attributes: readSets(node, 'instance_attributes', index),
      utilization: readSets(node, 'utilization', index),
      line,
      column,
    },
  ]
}

function readTags(section: XmlElement | undefined): ReadonlyMap<string, readonly string[]> {
  const tags = new Map<string, string[]>()
  for (const tag of childrenNamed(section, 'tag')) {
    const id = tag.attributes.get('id')
    if (id === undefined) continue
    const names = tags.get(id) ?? []
    tags.set(id, names)
    for (const reference of childrenNamed(tag, 'obj_ref')) {
      const name = reference.attributes.get('id')
      if (name !== undefined && !names.includes(name)) names.push(name)
    }
  }
  return tags
}

function readLevel(level: XmlElement): FencingLevel {
  const { attributes, line, column } = level
  return {
    id: attributes.get('id'),
    index: scanInteger(attributes.get('index')) ?? 0,
    target: attributes.get('target'),
    targetPattern: attributes.get('target-pattern'),
    targetAttribute: attributes.get('target-attribute'),
    targetValue: attributes.get('target-value'),
    devices: (attributes.get('devices') ?? '').split(',').filter((device) => device !== ''),
    line,
    column,
  }
}

/** Some meta nvpair says that unfencing is used; rules and references are not looked at. Source: spec. */
function findsUnfencing(tree: XmlElement): boolean {
  const configuration = findChild(tree, 'configuration')
  const saysSo = (set: XmlElement): boolean =>
    set.children.some(({ name, attributes }) => {
      const option = attributes.get('name')
      return (
        name === 'nvpair' && (option === 'provides' || option === 'requires') && attributes.get('value') === 'unfencing'
      )
    })
  const below = (element: XmlElement | undefined): boolean =>
    element?.children.some((child) => (child.name === 'meta_attributes' && saysSo(child)) || below(child)) ?? false
  const defaults = childrenNamed(findChild(configuration, 'rsc_defaults'), 'meta_attributes')
  return below(findChild(configuration, 'resources')) || defaults.some(saysSo)
}
