/**
 * Large CIBs made for measuring: primitives in pairs (order and colocation), groups behind clones, clones in a chain, all idle.
 *
 * Pure; the same size gives the same text.
 */

/** How large a cluster is. Groups have four members. */
export interface ClusterSize {
  readonly nodes: number
  readonly primitives: number
  readonly groups: number
  readonly clones: number
}

/** The CIB of a cluster in which nothing has run yet. */
export function clusterText(size: ClusterSize): string {
  const parts = [
    '<cib validate-with="pacemaker-3.0" crm_feature_set="3.16.1" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">',
    '<configuration><crm_config><cluster_property_set id="options">',
    '<nvpair id="options-fencing" name="stonith-enabled" value="false"/></cluster_property_set></crm_config><nodes>',
    ...range(size.nodes, (node) => `<node id="${node + 1}" uname="node${node + 1}"/>`),
    '</nodes><resources>',
    ...range(size.primitives, (index) => primitive(`p${index}`)),
    ...range(size.groups, (index) => group(index)),
    ...range(size.clones, (index) => clone(index)),
    '</resources><constraints>',
    ...range(size.primitives, (index) => primitiveConstraints(index, size)),
    ...range(size.clones === 0 ? 0 : size.groups, (index) => groupConstraints(index, index % size.clones)),
    ...range(size.clones - 1, (index) => `<rsc_order id="chain${index}" first="c${index}" then="c${index + 1}"/>`),
    '</constraints></configuration><status>',
    ...range(size.nodes, nodeState),
    '</status></cib>',
  ]
  return parts.join('\n')
}

function range(count: number, make: (index: number) => string): readonly string[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => make(index))
}

function primitive(id: string): string {
  const op = `<operations><op id="${id}-monitor" name="monitor" interval="10s"/></operations>`
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${op}</primitive>`
}

function group(index: number): string {
  return `<group id="g${index}">${range(4, (member) => primitive(`g${index}m${member}`)).join('')}</group>`
}

function clone(index: number): string {
  const id = `c${index}`
  const meta = `<meta_attributes id="${id}-meta"><nvpair id="${id}-interleave" name="interleave" value="true"/></meta_attributes>`
  return `<clone id="${id}">${meta}${primitive(`${id}p`)}</clone>`
}

function primitiveConstraints(index: number, { nodes, primitives }: ClusterSize): string {
  const location = `<rsc_location id="l${index}" rsc="p${index}" node="node${(index % nodes) + 1}" score="100"/>`
  if (index % 5 !== 0 || index + 1 === primitives) return location
  const [first, second] = [`p${index}`, `p${index + 1}`]
  const order = `<rsc_order id="o${index}" first="${first}" then="${second}"/>`
  return `${location}${order}<rsc_colocation id="k${index}" rsc="${second}" with-rsc="${first}" score="INFINITY"/>`
}

function groupConstraints(index: number, clone: number): string {
  const order = `<rsc_order id="og${index}" first="c${clone}" then="g${index}"/>`
  return `${order}<rsc_colocation id="kg${index}" rsc="g${index}" with-rsc="c${clone}" score="INFINITY"/>`
}

function nodeState(index: number): string {
  const id = index + 1
  const node = `id="${id}" uname="node${id}" in_ccm="true" crmd="online" join="member" expected="member"`
  return `<node_state ${node}><lrm id="${id}"><lrm_resources/></lrm></node_state>`
}
