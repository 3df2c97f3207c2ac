/** Small clusters and bare nodes on which one operation runs, for tests of the executor. */
import type { HistoryOp } from '../../src/cib/status.ts'
import type { Command } from '../../src/manager/command.ts'
import type { OpRequest } from '../../src/pacemaker/executor-state.ts'
import { pacemaker } from '../../src/pacemaker/manager.ts'
import type { PacemakerState } from '../../src/pacemaker/state.ts'
import { advance, createRun, finish } from '../../src/run/simulate.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { SETTLED as T, trioScenario } from './trio.ts'

export interface Small {
  /** Resources and, behind them, constraints. */
  readonly resources: string
  readonly timeline?: readonly Step[]
  readonly until?: number
  readonly properties?: string
  readonly options?: readonly { readonly name: string; readonly value: string }[]
}

interface Outcome {
  readonly trace: Trace
  /** The records of a resource in the CIB of node1. */
  readonly recordsOf: (node: string, resource: string) => readonly HistoryOp[]
}

export const CIB =
  '<cib><configuration><crm_config/><nodes><node id="1" uname="node1"/></nodes><resources/><constraints/></configuration></cib>'
export const NOBODY = { now: 0, clock: 0, node: 'node1', load: () => ({ average: 0, cibShare: 0 }), draw: () => 0 }
export const REQUEST: OpRequest = {
  agent: { id: 'r', class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
  service: 'r',
  operation: 'start',
  intervalMs: 0,
  timeoutMs: 20_000,
  startDelayMs: 0,
  expectedRc: 0,
  origin: undefined,
  onFail: undefined,
  digest: undefined,
  parameters: [],
  migration: undefined,
  environment: undefined,
}

/** One node whose daemons do nothing that they are not told to; what they ask for is kept. */
export function bareNode() {
  const { value: config } = pacemaker.read([{ name: 'cib.xml', text: CIB }], [])
  const state = pacemaker.daemon(config!, 'node1')
  state.controller.state = 'S_NOT_DC'
  const acts: Command[] = []
  const context = { ...NOBODY, act: (one: Command) => void acts.push(one) }
  return { state, context, acts }
}

/** Two nodes without fencing, on which everything prefers node1. */
export function runSmall({
  resources,
  timeline = [],
  until = T + 60_000,
  properties = '',
  options = [],
}: Small): Outcome {
  const ids = [...resources.matchAll(/<primitive id="([^"]+)"/g)].map(([, id]) => id)
  const prefers = ids.map((id) => `<rsc_location id="p-${id}" rsc="${id}" node="node1" score="100"/>`).join('')
  const text = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/>${properties}</cluster_property_set></crm_config>
<nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
<resources>${resources}</resources><constraints>${prefers}</constraints></configuration></cib>`
  const run = createRun(trioScenario({ files: [{ name: 'cib.xml', text }], timeline, until, options }))
  const reason = advance(run, until)
  // The daemons of this run are Pacemaker's.
  const { cib } = run.state.daemons.get('node1') as PacemakerState
  const recordsOf = (node: string, resource: string) =>
    cib.status.nodeStates.find(({ uname }) => uname === node)?.history.find(({ id }) => id === resource)?.ops ?? []
  return { trace: finish(run, reason).trace, recordsOf }
}

export const primitive = (id: string, agent: string, ops = '', more = '') =>
  `<primitive id="${id}" ${agent}>${more}<operations>${ops}</operations></primitive>`
export const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"'
export const UNIT = 'class="systemd" type="web"'
export const monitor = (seconds: number, more = '') =>
  `<op id="m${seconds}" name="monitor" interval="${seconds}s"${more}/>`

/** What an agent was called for from `from` on: `start/0`, with instants relative to `from`. */
export function calls(trace: Trace, resource: string, from: number): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'operation' && record.phase === 'begin' && record.resource === resource && from <= record.at
      ? [`${record.operation}/${record.interval}@${record.node} +${record.at - from}`]
      : [],
  )
}
