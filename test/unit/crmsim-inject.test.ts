/** Injected events: what they do to a CIB, in which order, and what is refused. Every case was tried with crm_simulate 2.1.5. */
import { describe, expect, it } from 'vitest'
import { type Cib, readTree } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { hasInjections, type InjectionResult, type Injections, injectEvents } from '../../src/crmsim/inject.ts'
import { modificationText } from '../../src/crmsim/result.ts'
import { history, NOW, nodeState, toCib } from '../support/crmsim.ts'

function inject(injections: Injections, cib: Cib = toCib()): InjectionResult {
  return injectEvents({ injections, cib, state: unpackCluster(cib, NOW), now: NOW })
}

/** Node states in short: id, name, membership. */
function statesOf({ status }: Cib): readonly string[] {
  return status.nodeStates.map(({ id, uname, inCcm, crmd, join }) => [id, uname, inCcm, crmd, join].join(' '))
}

function versionOf({ tree }: Cib): string {
  return `${tree.attributes.get('epoch')}.${tree.attributes.get('num_updates')}`
}

function attributesOf({ status }: Cib, node: number): readonly string[] {
  return (status.nodeStates[node]?.attributes ?? []).flatMap(({ pairs }) =>
    pairs.map(({ id, name, value }) => `${id}: ${name}=${value}`),
  )
}

describe('the order of injections', () => {
  it('does not depend on the command line', () => {
    const { items } = inject({
      operations: ['A_start_0@n1=0'],
      ticketsActivated: ['T'],
      ticketsStandby: ['T'],
      ticketsRevoked: ['T2'],
      ticketsGranted: ['T'],
      nodesFailed: ['n1'],
      nodesDown: ['n2'],
      nodesUp: ['n3'],
      watchdog: '1',
      quorum: '0',
    })
    expect(items.map(modificationText)).toEqual([
      'Setting quorum: 0',
      'Setting watchdog: 1',
      'Bringing node n3 online',
      'Taking node n2 offline',
      'Failing node n1',
      'Granting ticket T',
      'Revoking ticket T2',
      'Making ticket T standby',
      'Activating ticket T',
      'Injecting A_start_0@n1=0 into the configuration',
    ])
  })

  it('a quorum alone is nothing to inject', () => {
    expect(hasInjections({ quorum: '0', nodesUp: [] })).toBe(false)
    expect(hasInjections({ watchdog: '0' })).toBe(true)
    expect(hasInjections({ nodesDown: ['n1'] })).toBe(true)
  })
})

describe('nodes', () => {
  it('come, go with all that was known of them, or fail', () => {
    const cib = toCib(nodeState(1) + nodeState(2, history('A', 'start', 0)))
    const { cib: after } = inject({ nodesDown: ['n2'], nodesFailed: ['n1'] }, cib)
    expect(statesOf(after)).toEqual(['1 n1 false online member', '2 n2 false offline down'])
    expect(after.status.nodeStates[1]!.history).toEqual([])
    expect(versionOf(after)).toBe('5.5')
  })

  it('are added to the configuration once any is brought up', () => {
    const { cib, fatal } = inject({ nodesUp: ['n3'], nodesFailed: ['n4'] })
    expect(fatal).toBeUndefined()
    expect(cib.configuration.nodes.map(({ id, uname }) => `${id} ${uname}`)).toEqual(['1 n1', '2 n2', 'n3 n3', 'n4 n4'])
    expect(statesOf(cib).slice(2)).toEqual(['n3 n3 true online member', 'n4 n4 false online member'])
    expect(versionOf(cib)).toBe('7.2')
  })

  it('that nobody knows end the injections', () => {
    const { items, fatal, cib } = inject({ nodesDown: ['n1', 'n9', 'n2'] })
    expect(fatal).toContain('n9')
    expect(items).toHaveLength(2)
    expect(statesOf(cib)).toEqual(['1 n1 false offline down', '2 n2 true online member'])
  })

  it('that nobody knows get a state without an id while the status has none, and only once', () => {
    const first = inject({ nodesDown: ['n9', 'n1'] }, toCib(''))
    expect(first.fatal).toBeUndefined()
    expect(statesOf(first.cib)).toEqual([' n9 false offline down', '1 n1 false offline down'])
    expect(inject({ nodesDown: ['n9', 'n8'] }, toCib('')).fatalCode).toBe(134)
    expect(inject({ nodesDown: ['n9'], nodesFailed: ['n9'] }, toCib('')).fatalCode).toBe(70)
    const { items } = inject({ operations: ['A_monitor_10@n9=1'] }, toCib(''))
    expect(modificationText(items[1]!)).toContain("into /node_state '(null)'")
  })

  it('of which the status has two states, or one without an id, end the injections', () => {
    const twice = inject({ nodesDown: ['n2', 'n1'] }, toCib(nodeState(1) + nodeState(2) + nodeState(2)))
    expect(twice).toMatchObject({ fatalCode: 70, items: [{ node: 'n2' }] })
    const nameless = inject({ nodesUp: ['n2'] }, toCib(nodeState(2).replace('id="2"', '')))
    expect(nameless.fatal).toContain('n2')
  })

  it('keep their id in another spelling only while no state has it', () => {
    expect(statesOf(inject({ nodesDown: ['N2'] }, toCib(nodeState(1))).cib)[1]).toBe('2 N2 false offline down')
    expect(inject({ nodesDown: ['N2'] }).fatal).toContain('N2')
  })
})

describe('the cluster', () => {
  it('gets an option where it stands, else in the set that the tools use', () => {
    const option = (cib: Cib): readonly string[] =>
      cib.configuration.properties.flatMap(({ id, pairs }) =>
        pairs.filter(({ name }) => name === 'have-watchdog').map((pair) => `${id}/${pair.id}=${pair.value}`),
      )
    const once = inject({ watchdog: 'true' }).cib
    expect(option(once)).toEqual(['cib-bootstrap-options/cib-bootstrap-options-have-watchdog=true'])
    expect(option(inject({ watchdog: '0' }, once).cib)).toEqual([
      'cib-bootstrap-options/cib-bootstrap-options-have-watchdog=0',
    ])
    expect(versionOf(once)).toBe('6.0')
    expect(versionOf(inject({ watchdog: 'true' }, once).cib)).toBe('6.0')
  })

  it('loses quorum, in words that the schema accepts', () => {
    expect(inject({ quorum: 'false', nodesUp: ['n1'] }).cib.configuration.root.haveQuorum).toBe('false')
    expect(inject({ quorum: 'no', nodesUp: ['n1'] }).fatal).toContain('"no"')
  })

  it('grants, revokes, suspends and activates tickets', () => {
    const { cib } = inject({ ticketsGranted: ['T'], ticketsStandby: ['T', 'U'] })
    expect(cib.status.tickets.map(({ id, attributes }) => `${id} ${attributes.flat().join(' ')}`)).toEqual([
      'T granted true standby true',
      'U standby true',
    ])
    expect(inject({ ticketsRevoked: ['T'] }, cib).cib.status.tickets[0]!.attributes[0]).toEqual(['granted', 'false'])
  })
})

describe('an operation', () => {
  it('is recorded with its failure counted', () => {
    const { items, cib } = inject({ operations: ['A_monitor_10000@n1=1', 'A_monitor_10000@n1=1'] })
    expect(items.slice(1, 3).map(modificationText)).toEqual([
      "Injecting attribute fail-count-A#monitor_10000=value++ into /node_state '1'",
      `Injecting attribute last-failure-A#monitor_10000=${NOW} into /node_state '1'`,
    ])
    expect(attributesOf(cib, 0)).toEqual([
      '1-fail-count-A.monitor_10000: fail-count-A#monitor_10000=2',
      `1-last-failure-A.monitor_10000: last-failure-A#monitor_10000=${NOW}`,
    ])
    const [op, ...others] = cib.status.nodeStates[0]!.history[0]!.ops
    expect(others).toEqual([])
    expect(op).toMatchObject({ id: 'A_last_failure_0', rc: 1, callId: 2, exitReason: 'Simulated action result' })
    expect(op).toMatchObject({ opDigest: undefined, transitionKey: '2:-1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx' })
  })

  it('of a probe that finds nothing running is recorded as failed, but not counted', () => {
    const { items, cib } = inject({ operations: ['A_monitor_0@n1=7'] })
    expect(items).toHaveLength(1)
    expect(cib.status.nodeStates[0]!.history[0]!.ops.map(({ id }) => id)).toEqual(['A_last_failure_0', 'A_last_0'])
  })

  it.each([
    ['', -1],
    ['@n1=0', 0],
    ['A', 1],
    ['A_start_0@=0', 1],
    ['A_start_0@n1', 2],
    ['A_start_0@n1=x', 2],
  ])('%j is not understood', (spec, fields) => {
    const { errors, cib } = inject({ operations: [spec] })
    expect(errors).toEqual([`Invalid operation spec: ${spec}.  Only found ${fields} fields`])
    expect(versionOf(cib)).toBe('5.2')
  })

  it.each([
    ['A_start@n1=0', '(null)'],
    ['a_start_0@n1=0', 'a'],
    ['c_start_0@n1=0', 'c'],
    ['c:7_start_0@nope=0', 'c:7'],
  ])('%s names no resource', (spec, name) => {
    expect(inject({ operations: [spec] }).errors).toEqual([`Invalid resource name: ${name}`])
  })

  it('names instances by number, or as their history does', () => {
    const known = toCib(nodeState(1, history('c', 'start', 0)) + nodeState(2))
    const { errors, cib } = inject({ operations: ['c:1_start_0@n2=0', 'c_stop_0@n1=0'] }, known)
    expect(errors).toEqual([])
    expect(cib.status.nodeStates.map(({ history: all }) => all.map(({ id }) => id).join(' '))).toEqual(['c', 'c:1'])
  })

  it('needs a primitive, and only one side', () => {
    expect(inject({ operations: ['C_start_0@n1=0'] }).fatal).toContain(
      'Resource C not found in the status section of 1.',
    )
    expect(inject({ operations: ['A_migrate_to_0@n1=0'] }).fatal).toContain('migrate_to')
  })
})

describe('what is read piece by piece', () => {
  it('is what reading all of it would give', () => {
    const cib = toCib(nodeState(1, history('A', 'start', 0)) + nodeState(2))
    const after = inject({ operations: ['B_start_0@n1=1'], ticketsGranted: ['T'], nodesFailed: ['n2'] }, cib).cib
    expect(readTree(after.tree).status).toEqual(after.status)
  })
})
