/** Transition graphs as text to graphs as data, so that recorded graphs can be written again and executed. */
import { childrenNamed, findChild, parseXml, type XmlElement } from '../../src/cib/xml.ts'
import type { Graph, GraphAction, GraphResource, Synapse } from '../../src/scheduler/graph.ts'

/** Reads what `-G` wrote. */
export function readGraph(text: string): Graph {
  const { value: root, problems } = parseXml(text, 'graph')
  if (root === undefined) throw new Error(problems[0]?.what)
  return { header: [...root.attributes], synapses: childrenNamed(root, 'synapse').map(toSynapse) }
}

/** The recorded files lack the feature set and the batch limit: puts both back where they belong. */
export function readRecordedGraph(text: string): Graph {
  const full = text
    .replace(/ {2}transition_id=/, ' batch-limit="0" transition_id=')
    .replaceAll(
      /<attributes((?: [^ =]+="[^"]*")*) ((?: [^ =]+="[^"]*")*\/?>)/g,
      (_all, before: string, after: string) => `<attributes${before} crm_feature_set="3.16.1"${after}`,
    )
  return readGraph(full)
}

/** Takes out what the recorded files lack. */
export function withoutVersion(text: string): string {
  return text.replaceAll(/crm_feature_set="[^"]*"|batch-limit="[^"]*"/g, '')
}

function toSynapse(element: XmlElement): Synapse {
  return {
    priority: Number(element.attributes.get('priority') ?? 0),
    action: toAction(findChild(element, 'action_set')!.children[0]!),
    inputs: childrenNamed(findChild(element, 'inputs'), 'trigger').map((trigger) => toAction(trigger.children[0]!)),
  }
}

function toAction(element: XmlElement): GraphAction {
  const read = (name: string): string | undefined => element.attributes.get(name)
  const attributes = findChild(element, 'attributes')
  const downed = findChild(element, 'downed')
  const maintenance = findChild(element, 'maintenance')
  const resource = element.children.find(({ name }) => !['attributes', 'downed', 'maintenance'].includes(name))
  const id = ({ attributes }: XmlElement): string => attributes.get('id')!
  return {
    id: Number(read('id')),
    element: element.name as GraphAction['element'],
    head: [...element.attributes].filter(([name]) => name !== 'shutdown-lock'),
    operation: read('operation')!,
    operationKey: read('operation_key')!,
    intervalMs: Number(attributes?.attributes.get('CRM_meta_interval') ?? 0),
    node: read('on_node'),
    nodeId: read('on_node_uuid'),
    routerNode: read('router_node'),
    shutdownLock: read('shutdown-lock'),
    resource: resource === undefined ? undefined : toResource(resource),
    attributes: [...(attributes?.attributes ?? [])],
    params: (attributes?.children ?? []).map((param) => [
      param.attributes.get('name')!,
      param.attributes.get('value')!,
    ]),
    downed: downed?.children.map(id),
    maintenance: maintenance?.children.map((node) => [id(node), node.attributes.get('node_in_maintenance') === '1']),
  }
}

function toResource({ name, attributes }: XmlElement): GraphResource {
  return {
    element: name,
    id: attributes.get('id')!,
    longId: attributes.get('long-id'),
    class: attributes.get('class'),
    provider: attributes.get('provider'),
    type: attributes.get('type'),
  }
}
