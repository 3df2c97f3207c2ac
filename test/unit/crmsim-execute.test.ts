/** Executing a transition: order, failures, and what the CIB says afterwards. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Cib, readCib, readTree } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { type Execution, executeTransition } from '../../src/crmsim/execute.ts'
import { graphDump } from '../../src/crmsim/graph-dump.ts'
import { runPasses } from '../../src/crmsim/passes.ts'
import type { Graph } from '../../src/scheduler/graph.ts'
import { history, linesOf, NOW, nodeState, revised, toCib, toGraph } from '../support/crmsim.ts'
import { readRecordedGraph } from '../support/graph.ts'

const large = join(import.meta.dirname, '..', '..', '..', 'shared', 'conformance', 'pacemaker-2.1.5')

function execute(graph: Graph, cib: Cib = toCib(), ...fail: readonly string[]): Execution {
  return executeTransition({ graph, cib, state: unpackCluster(cib, NOW), fail, makesNodes: false, now: NOW })
}

/** The records of a resource on a node: id, call, result. */
function recordsOf({ status }: Cib, node: string, resource: string): readonly string[] {
  const state = status.nodeStates.find(({ uname }) => uname === node)
  const ops = state?.history.find(({ id }) => id === resource)?.ops ?? []
  return ops.map(({ id, callId, rc }) => `${id} call ${callId} rc ${rc}`)
}

const STARTS = [
  '4 A monitor_10000 n1 < 3',
  '3 A start_0 n1 < 1 2',
  '2 A monitor_0 n2',
  '1 A monitor_0 n1',
  '6 B start_0 n2 < 3 5',
  '5 B monitor_0 n2',
]

describe('the order of a transition', () => {
  it('walks the list again and again; what follows its inputs in the list is done in the same pass', () => {
    expect(linesOf(execute(toGraph(...STARTS)))).toEqual([
      'Resource action: A               monitor on n2',
      'Resource action: A               monitor on n1',
      'Resource action: B               monitor on n2',
      'Resource action: A               start on n1',
      'Resource action: B               start on n2',
      'Resource action: A               monitor=10000 on n1',
    ])
  })

  it('ends as terminated when inputs form a loop', () => {
    const loop = toGraph('1 ! a < 2', '2 ! b < 1', '3 ! c')
    const { items, end } = execute(loop)
    expect(end).toBe('terminated')
    expect(items).toHaveLength(1)
  })

  it('breaks off at a node of which the status has two states', () => {
    const { items, fatal } = execute(toGraph(...STARTS), toCib(nodeState(1) + nodeState(1) + nodeState(2)))
    expect(items).toMatchObject([{ resource: 'A', node: 'n2' }])
    expect(fatal).toContain('n1')
  })

  it('is told action by action where nothing can become ready', () => {
    const loop = toGraph('1 A start_0 n1 < 2', '2 ! b < 1', '3 ! c', '4 B stop_0 n2 @7 < 3 9')
    expect(graphDump({ ...loop, header: [['cluster-delay', '60s']] })).toEqual([
      '(pcmk__log_graph) \terror: Graph 0 with 4 actions: batch-limit=0 jobs, network-delay=60000ms',
      ...[
        '[Action    1]: Pending resource op A_start_0                      on n1 (priority: 0, waiting: 2)',
        '[Action    2]: Pending pseudo op b                                (priority: 0, waiting: 1)',
        '[Action    3]: Completed pseudo op c                              (priority: 0, waiting: none)',
        '[Action    4]: Pending resource op B_stop_0                       on n2 (priority: 7, waiting: none)',
        ' * [Input  9]: Unresolved dependency pseudo op missing',
      ].map((line) => `(log_synapse_action) \terror: ${line}`),
    ])
  })

  it('after a failure goes on with pseudo-actions and with what has the highest priority', () => {
    const graph = toGraph('1 A stop_0 n1', '2 ! up < 1', '3 ! down @1000000 < 1', '4 B start_0 n1', '5 ! other')
    const done: number[] = []
    const end = runPasses(graph, ({ id }) => {
      done.push(id)
      return id !== 1
    })
    expect(done).toEqual([1, 3, 5])
    expect(end).toBe('complete')
  })
})

describe('what is printed', () => {
  it('names instances by their history, else by their number', () => {
    const graph = toGraph('1 c=c:0 start_0 n1', '2 c=c:1 start_0 n2')
    expect(linesOf(execute(graph))[0]).toBe('Resource action: c:0             start on n1')
    const known = toCib(nodeState(1, history('c', 'stop', 0)) + nodeState(2))
    expect(linesOf(execute(graph, known))[0]).toBe('Resource action: c               start on n1')
  })

  it('is nothing for probe_again, and deleting leaves no history', () => {
    const { items, cib } = execute(toGraph('1 A probe_again n1', '2 A delete_0 n1'))
    expect(items).toHaveLength(1)
    expect(recordsOf(cib, 'n1', 'A')).toEqual([])
  })
})

describe('what a transition leaves behind', () => {
  it('starts resources', () => {
    const { cib } = execute(toGraph(...STARTS))
    expect(revised(cib)).toContain('    * A\t(ocf:pacemaker:Dummy):\t Started n1')
    expect(revised(cib)).toContain('    * B\t(ocf:pacemaker:Dummy):\t Started n2')
    expect(recordsOf(cib, 'n1', 'A')).toEqual(['A_last_0 call 2 rc 0', 'A_monitor_10000 call 3 rc 0'])
  })

  it('of a notify that notifies of nothing overwrites the first record, or has no id', () => {
    const known = execute(toGraph('1 A notify_30000 n1'), toCib(nodeState(1, history('A', 'start', 0)))).cib
    expect(recordsOf(known, 'n1', 'A')).toEqual(['A_last_0 call 8 rc 0'])
    const unknown = execute(toGraph('1 A notify_30000 n1'), toCib(nodeState(1))).cib
    expect(recordsOf(unknown, 'n1', 'A')).toEqual(['undefined call 1 rc 0'])
  })

  it('overwrites a record in its place and keeps what it does not know', () => {
    const cib = toCib(nodeState(1, history('A', 'start', 0)) + nodeState(2))
    const { tree } = execute(toGraph('1 A stop_0 n1'), cib).cib
    const find = (root: typeof tree, name: string): typeof tree | undefined =>
      root.name === name ? root : root.children.map((child) => find(child, name)).find(Boolean)
    const record = Object.fromEntries(find(tree, 'lrm_rsc_op')!.attributes)
    expect(record).toMatchObject({ operation: 'stop', 'call-id': '8', odd: 'kept', 'last-rc-change': String(NOW) })
    expect(record['transition-magic']).toBe('0:0;8:-1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx')
    expect(record['op-digest']).toBe('f2317cad3d54cec5d7d7aa7d0bf35cf8')
  })

  it('takes a fenced node out, with its history', () => {
    const cib = toCib(nodeState(1) + nodeState(2, history('A', 'start', 0)))
    const after = execute(toGraph('1 * stonith_0 n2'), cib).cib
    expect(revised(after)).toContain('    * OFFLINE: [ n2 ]')
    expect(recordsOf(after, 'n2', 'A')).toEqual([])
    expect(after.tree.attributes.get('num_updates')).toBe('4')
  })

  it('never changes the CIB it began with', () => {
    const cib = toCib(nodeState(1, history('A', 'start', 0)) + nodeState(2))
    const before = JSON.stringify([cib.status, ...cib.tree.attributes])
    execute(toGraph('1 A stop_0 n1', '2 * stonith_0 n2', '3 B start_0 n1'), cib)
    expect(JSON.stringify([cib.status, ...cib.tree.attributes])).toBe(before)
    expect(readTree(cib.tree).status).toEqual(cib.status)
  })
})

describe('an operation that is to fail', () => {
  it('cuts the transition short and counts the failure', () => {
    const execution = execute(toGraph(...STARTS), toCib(), 'a_start_0@N1=1')
    expect(linesOf(execution).slice(3)).toEqual([
      'Resource action: A               start on n1',
      'Pretending action 3 failed with rc=1',
      "Injecting attribute fail-count-A#start_0=value++ into /node_state '1'",
      `Injecting attribute last-failure-A#start_0=${NOW} into /node_state '1'`,
    ])
    expect(execution.end).toBe('complete')
    expect(recordsOf(execution.cib, 'n1', 'A')).toEqual(['A_last_0 call 2 rc 1', 'A_last_failure_0 call 2 rc 1'])
    expect(revised(execution.cib)).toContain('    * A\t(ocf:pacemaker:Dummy):\t FAILED n1')
  })

  it('needs a number; the next wish for it counts', () => {
    const graph = toGraph('1 A start_0 n1')
    const { errors, items } = execute(graph, toCib(), 'A_start_0@n1=x', 'A_start_0@n1=5')
    expect(errors).toEqual(["Invalid failed operation 'A_start_0@n1=x' (result code must be integer)"])
    expect(items[1]).toEqual({ kind: 'pretended', action: 1, rc: 5 })
  })

  it('adds to the count that is there', () => {
    const attributes = `<transient_attributes id="1"><instance_attributes id="set">
      <nvpair id="set-fail-count-A.start_0" name="fail-count-A#start_0" value="4"/></instance_attributes></transient_attributes>`
    const cib = toCib(nodeState(1, attributes) + nodeState(2))
    const { status } = execute(toGraph('1 A start_0 n1'), cib, 'A_start_0@n1=1').cib
    const pairs = status.nodeStates[0]!.attributes[0]!.pairs.map(({ id, value }) => `${id} ${value}`)
    expect(pairs).toEqual(['set-fail-count-A.start_0 5', `set-last-failure-A.start_0 ${NOW}`])
  })
})

describe('odd input', () => {
  it('joins histories that stand there twice, as an update of the whole node state does', () => {
    const twice = `<lrm id="1"><lrm_resources>${['start', 'monitor']
      .map((operation) =>
        /<lrm_resource .*<\/lrm_resource>/s.exec(history('A', operation, 0))![0].replace('last', operation),
      )
      .join('')}</lrm_resources></lrm>`
    const { cib } = execute(toGraph('1 A stop_0 n1'), toCib(nodeState(1, twice) + nodeState(2)))
    expect(recordsOf(cib, 'n1', 'A')).toEqual([
      'A_start_0 call 7 rc 0',
      'A_monitor_0 call 7 rc 0',
      'A_last_0 call 1 rc 0',
    ])
  })

  it('makes the status section and node states that are missing', () => {
    const cib = toCib('')
    const { status, tree } = execute(toGraph('1 A start_0 n2'), { ...cib, tree: { ...cib.tree, children: [] } }).cib
    expect(status.nodeStates.map(({ id, uname }) => `${id} ${uname}`)).toEqual(['2 n2'])
    expect(tree.children.map(({ name }) => name)).toEqual(['status'])
  })
})

describe.skipIf(!existsSync(large))('recorded transitions (skipped without ../shared)', () => {
  // Differs: one collection of this input stays hidden in the reference's display, before the transition and after it.
  const known = ['stop-failure-no-fencing']
  /** The instants of the cases that were recorded with one of their own. */
  const instants = new Map([
    ['date-1', 1_106_179_200],
    ['date-3', 1_106_220_600],
    ['origin', 1_399_422_480],
  ])

  function differences(name: string): readonly string[] {
    const read = (folder: string, extension: string): string =>
      readFileSync(join(large, folder, `${name}.${extension}`), 'utf8')
    const cib = readCib(read('xml', 'xml'), name).value!
    const now = instants.get(name) ?? (Number(cib.configuration.root.executionDate ?? 0) || NOW)
    const graph = readRecordedGraph(read('exp', 'exp'))
    const execution = executeTransition({
      graph,
      cib,
      state: unpackCluster(cib, now),
      fail: [],
      makesNodes: false,
      now: NOW,
    })
    const summary = read('summary', 'summary')
    const block = (from: string): string => summary.slice(summary.indexOf(from)).split(/\n(?:Using|Revised)/)[0]!
    const lines = (text: string): string =>
      text
        .split('\n')
        .map((line) => line.trim().replaceAll(/\s+/g, ' '))
        .filter((line) => line !== '')
        .join('\n')
    const executed = ['Executing Cluster Transition:', ...linesOf(execution).map((line) => `* ${line}`)]
    return [
      ...(lines(executed.join('\n')) === lines(block('Executing Cluster')) ? [] : [`${name}: execution`]),
      ...(lines(revised(execution.cib, now).join('\n')) === lines(block('Revised Cluster'))
        ? []
        : [`${name}: revised`]),
    ]
  }

  it('are executed in the same order and end in the same status', () => {
    const names = readdirSync(join(large, 'exp')).map((file) => file.replace('.exp', ''))
    expect(names.filter((name) => !known.includes(name)).flatMap(differences)).toEqual([])
  })
})
