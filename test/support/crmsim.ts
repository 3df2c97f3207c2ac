/** Small CIBs and graphs for tests of the simulated execution, and what a result says in lines. */
import { type Cib, readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import type { Execution } from '../../src/crmsim/execute.ts'
import { transitionText } from '../../src/crmsim/result.ts'
import { statusLines } from '../../src/crmsim/status.ts'
import type { Graph, GraphAction, Synapse } from '../../src/scheduler/graph.ts'

/** The wall clock of these tests. */
export const NOW = 1_700_000_000

/** Two nodes, A with a monitor and B; `status` is the content of that section, by default both nodes online. */
export function toCib(status = nodeState(1) + nodeState(2), attributes = ''): Cib {
  const text = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="2" admin_epoch="0"
   have-quorum="1" ${attributes}>
  <configuration>
    <crm_config>
      <cluster_property_set id="cib-bootstrap-options">
        <nvpair id="o1" name="stonith-enabled" value="false"/>
      </cluster_property_set>
    </crm_config>
    <nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
    <resources>
      <primitive id="A" class="ocf" provider="pacemaker" type="Dummy">
        <operations><op id="A-m" name="monitor" interval="10s"/></operations>
      </primitive>
      <primitive id="B" class="ocf" provider="pacemaker" type="Dummy"/>
      <clone id="C"><primitive id="c" class="ocf" provider="pacemaker" type="Dummy"/></clone>
    </resources>
    <constraints/>
  </configuration>
  <status>${status}</status>
</cib>`
  const { value, problems } = readCib(text, 'test')
  if (value === undefined) throw new Error(problems[0]?.what)
  return value
}

/** A node that is online. */
export function nodeState(id: number, content = ''): string {
  return `<node_state id="${id}" uname="n${id}" in_ccm="true" crmd="online" join="member" expected="member">${content}</node_state>`
}

/** A history with one operation of one resource. */
export function history(resource: string, operation: string, rc: number): string {
  return `<lrm id="1"><lrm_resources><lrm_resource id="${resource}" class="ocf" provider="pacemaker" type="Dummy">
    <lrm_rsc_op id="${resource}_last_0" operation_key="${resource}_${operation}_0" operation="${operation}" on_node="n1"
      transition-key="1:1:${rc}:x" call-id="7" rc-code="${rc}" op-status="0" interval="0" odd="kept"/>
    </lrm_resource></lrm_resources></lrm>`
}

/** A graph of one line for each synapse: `5 A start_0 n1 < 1 2`, `6 ! C_start_0`, priority after `@`. */
export function toGraph(...lines: readonly string[]): Graph {
  const actions = new Map<number, GraphAction>()
  const parsed = lines.map((line) => {
    const [what = '', inputs = ''] = line.split('<')
    const [words = '', priority = '0'] = what.split('@')
    const action = toAction(words.trim().split(/\s+/))
    actions.set(action.id, action)
    return { action, priority: Number(priority), ids: inputs.trim().split(/\s+/).filter(Boolean).map(Number) }
  })
  const synapses: Synapse[] = parsed.map(({ action, priority, ids }) => ({
    action,
    priority,
    inputs: ids.map((id) => actions.get(id) ?? toAction([String(id), '!', 'missing'])),
  }))
  return { header: [], synapses }
}

function toAction([id = '', resource = '', tail = '', node]: readonly string[]): GraphAction {
  const [, operation = '', interval = '0'] = /^(.*?)(?:_([0-9]+))?$/.exec(tail)!
  const isPseudo = resource === '!'
  const isCluster = resource === '*'
  const expected = operation === 'monitor' && interval === '0' ? [['CRM_meta_op_target_rc', '7'] as const] : []
  const [name = '', longId] = resource.split('=')
  return {
    id: Number(id),
    element: isPseudo ? 'pseudo_event' : isCluster ? 'crm_event' : 'rsc_op',
    head: [],
    operation,
    operationKey: isPseudo ? tail : `${name}_${tail}`,
    intervalMs: Number(interval),
    node,
    nodeId: node?.slice(1),
    routerNode: undefined,
    shutdownLock: undefined,
    resource:
      isPseudo || isCluster
        ? undefined
        : { element: 'primitive', id: name, longId, class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
    attributes: isCluster ? [['CRM_meta_stonith_action', 'reboot']] : expected,
    params: [],
    downed: undefined,
    maintenance: undefined,
  }
}

/** What a transition did, line by line. */
export function linesOf({ items }: Pick<Execution, 'items'>): readonly string[] {
  return items.map((item) => transitionText(item).text)
}

/** The revised status. */
export function revised(cib: Cib, now = NOW): readonly string[] {
  return statusLines(unpackCluster(cib, now), 'Revised Cluster Status', false)
}
