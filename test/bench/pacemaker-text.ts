/**
 * The budget case of the design as a CIB: three nodes and twenty resources (two groups, a promotable clone, a clone, a fence device, single
 * ones), each with a monitor every ten seconds.
 *
 * Pure; always the same text.
 */

/** How many primitives the CIB has. */
export const RESOURCE_COUNT = 20

/** The CIB of the budget case. Nothing has run yet. */
export function budgetCib(): string {
  const singles = numbers(9).map((number) => primitive(`solo${number}`, 'Dummy', monitors(`solo${number}`)))
  return [
    '<cib validate-with="pacemaker-3.9" crm_feature_set="3.16.1" admin_epoch="0" epoch="1" num_updates="0">',
    '<configuration><crm_config><cluster_property_set id="options">',
    '<nvpair id="o-fencing" name="stonith-enabled" value="true"/></cluster_property_set></crm_config>',
    '<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/><node id="3" uname="n3"/></nodes><resources>',
    '<primitive id="fencing" class="stonith" type="fence_ipmilan"><instance_attributes id="fencing-a">',
    '<nvpair id="fencing-hosts" name="pcmk_host_list" value="n1 n2 n3"/></instance_attributes>',
    `<operations>${monitors('fencing')}</operations></primitive>`,
    group('web'),
    group('db'),
    clone('data', primitive('store', 'Stateful', roleMonitors('store')), 'promotable'),
    clone('pings', primitive('ping', 'Dummy', monitors('ping')), 'interleave'),
    ...singles,
    '</resources><constraints>',
    '<rsc_colocation id="web-with-data" rsc="web" with-rsc="data" with-rsc-role="Promoted" score="INFINITY"/>',
    '<rsc_order id="data-then-web" first="data" first-action="promote" then="web" then-action="start"/>',
    '<rsc_location id="db-on-n2" rsc="db" node="n2" score="100"/>',
    '</constraints></configuration><status/></cib>',
  ].join('\n')
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function monitors(id: string): string {
  return `<op id="${id}-monitor" name="monitor" interval="10s" timeout="20s"/>`
}

/** Two monitors of one resource must differ in their intervals. */
function roleMonitors(id: string): string {
  const slow = `<op id="${id}-monitor-unpromoted" name="monitor" interval="11s" timeout="20s" role="Unpromoted"/>`
  return `<op id="${id}-monitor-promoted" name="monitor" interval="10s" timeout="20s" role="Promoted"/>${slow}`
}

function primitive(id: string, type: string, operations: string): string {
  const open = `<primitive id="${id}" class="ocf" provider="pacemaker" type="${type}">`
  return `${open}<operations>${operations}</operations></primitive>`
}

function group(id: string): string {
  const members = numbers(4).map((number) => primitive(`${id}${number}`, 'Dummy', monitors(`${id}${number}`)))
  return `<group id="${id}">${members.join('')}</group>`
}

function clone(id: string, child: string, option: string): string {
  const pair = `<nvpair id="${id}-${option}" name="${option}" value="true"/>`
  return `<clone id="${id}"><meta_attributes id="${id}-meta">${pair}</meta_attributes>${child}</clone>`
}
