/** A quorum device and the lesser options of votequorum: the server's choice by itself, then in whole runs. Source: spec E-3.2. */
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/model/problem.ts'
import { readCorosync, toCorosync } from '../../src/pacemaker/corosync-conf.ts'
import { chosenRing, type QnetdState } from '../../src/pacemaker/qnetd.ts'
import { createQuorum, judgeQuorum, keepExpected, recallExpected } from '../../src/pacemaker/quorum.ts'
import { simulate } from '../../src/run/simulate.ts'
import type { Scenario, Step } from '../../src/scenario/scenario.ts'
import { fault, logged, SETTLED as T, trioScenario } from '../support/trio.ts'

const NODES = [1, 2, 3, 4].map((id) => ({ name: `n${id}`, id, votes: 1 }))

describe('the quorum server (E-3.2)', () => {
  const choose = (device: Readonly<Record<string, string>>, reports: Readonly<Record<string, readonly string[]>>) => {
    const options = { 'device.model': 'net', ...device }
    const { quorum } = toCorosync(NODES, 1, new Map(), new Map(Object.entries(options)))
    const clients = Object.entries(reports).map(
      ([node, members]) => [node, { ring: members.join('+'), members }] as const,
    )
    const state: QnetdState = { device: quorum.device!, nodes: NODES, clients: new Map(clients) }
    return chosenRing(state)
  }
  const halves = { n1: ['n1', 'n2'], n2: ['n1', 'n2'], n3: ['n3', 'n4'], n4: ['n3', 'n4'] }

  it('gives the vote to the half with the lowest node, or whichever the tie breaker names', () => {
    expect(choose({}, halves)).toBe('n1+n2')
    expect(choose({ 'device.net.tie_breaker': 'highest' }, halves)).toBe('n3+n4')
    expect(choose({ 'device.net.tie_breaker': '3' }, halves)).toBe('n3+n4')
  })

  it('prefers the half whose heuristics pass, before it counts whom it hears', () => {
    const reports = (passed: readonly string[]) => {
      const { quorum } = toCorosync(NODES, 1, new Map(), new Map([['device.model', 'net']]))
      const clients = new Map(
        Object.entries(halves).map(([node, members]) => [
          node,
          { ring: members.join('+'), members, heuristics: passed.includes(node) },
        ]),
      )
      return { device: quorum.device!, nodes: NODES, clients }
    }
    expect(chosenRing(reports(['n3', 'n4']))).toBe('n3+n4')
    expect(chosenRing(reports(['n1', 'n2', 'n3']))).toBe('n1+n2')
    const lone = reports(['n3', 'n4'])
    lone.clients.delete('n4')
    // 2 - 2 against 1 + 1.
    expect(chosenRing(lone)).toBe('n3+n4')
  })

  it('prefers the half of which it hears more', () => {
    const { n2: _, ...heard } = halves
    expect(choose({}, heard)).toBe('n3+n4')
  })

  it('gives it to the greater part with ffsplit, to the part that it hears best with lms', () => {
    const parts = { n1: ['n1'], n2: ['n2', 'n3', 'n4'] }
    expect(choose({}, parts)).toBe('n2+n3+n4')
    expect(choose({ 'device.net.algorithm': 'lms' }, parts)).toBe('n1')
  })

  it('decides nothing while a node that it hears speaks of an earlier ring', () => {
    expect(choose({}, { n1: ['n1'], n2: ['n1', 'n2'] })).toBeUndefined()
  })
})

describe('options of votequorum (E-3.2)', () => {
  const ring = (quorum: Readonly<Record<string, string>>) =>
    toCorosync(NODES, 1, new Map(), new Map(Object.entries(quorum)))
  const membership = (members: readonly string[], leftCleanly: readonly string[] = []) => ({
    members,
    joined: [],
    left: leftCleanly,
    leftCleanly,
    sequence: 1,
    wasQuorate: false,
  })

  it('allow_downscale expects what left cleanly no more, down to what is configured', () => {
    const config = ring({ allow_downscale: '1', expected_votes: '2' })
    const state = createQuorum(config)
    judgeQuorum(state, config, membership(['n1', 'n2', 'n3', 'n4']))
    expect(state.expected).toBe(4)
    expect(judgeQuorum(state, config, membership(['n1', 'n2'], ['n3', 'n4']))).toBe(true)
    expect(state.expected).toBe(2)
  })

  it('expected_votes_tracking keeps the most votes over a restart', () => {
    const config = ring({ expected_votes_tracking: '1', expected_votes: '2' })
    const disk = new Map<string, string>()
    const before = createQuorum(config)
    judgeQuorum(before, config, membership(['n1', 'n2', 'n3', 'n4']))
    keepExpected(before, config.quorum.tracksExpected ? config : ring({}), { disk })
    const after = createQuorum(config)
    recallExpected(after, config, { disk })
    expect(judgeQuorum(after, config, membership(['n1', 'n2']))).toBe(false)
  })

  it('a device switches two_node, auto_tie_breaker and allow_downscale off', () => {
    const names = ['two_node', 'auto_tie_breaker', 'allow_downscale']
    const { quorum } = ring({ 'device.model': 'net', ...Object.fromEntries(names.map((name) => [name, '1'])) })
    expect(quorum).toMatchObject({
      twoNode: false,
      autoTieBreaker: false,
      allowDownscale: false,
    })
    expect(quorum.expected).toBe(7)
  })

  it('last_man_standing switches a device off', () => {
    const { quorum } = ring({ 'device.model': 'net', last_man_standing: '1' })
    expect(quorum).toMatchObject({ lastManStanding: true, device: undefined, expected: 4 })
  })

  const read = (lines: readonly string[], count = 4, votes = 1): readonly Problem[] => {
    const problems: Problem[] = []
    const nodes = Array.from({ length: count }, (_, at) => `node {\n nodeid: ${at + 1}\n quorum_votes: ${votes}\n}`)
    const text = `quorum {\n${lines.join('\n')}\n}\nnodelist {\n${nodes.join('\n')}\n}\n`
    readCorosync({ name: 'corosync.conf', text }, problems)
    return problems
  }

  it('last_man_standing wants one vote of every node', () => {
    const [problem] = read(['last_man_standing: 1'], 4, 2)
    expect(problem).toMatchObject({
      severity: 'error',
      line: 2,
      what: 'last_man_standing: every node must have one vote',
    })
    expect(read(['last_man_standing: 1'])).toEqual([])
  })

  it('auto_tie_breaker goes neither with last_man_standing and an odd number of nodes nor with two_node', () => {
    const both = ['last_man_standing: 1', 'auto_tie_breaker: 1']
    expect(read(both, 3)).toMatchObject([
      { severity: 'error', line: 3, what: 'auto_tie_breaker: not with last_man_standing and an odd number of nodes' },
    ])
    expect(read(both, 4)).toEqual([])
    expect(read(['auto_tie_breaker: 1'], 3)).toEqual([])
    expect(read(['two_node: 1', 'auto_tie_breaker: 1'], 2)).toMatchObject([
      { severity: 'error', line: 3, what: 'auto_tie_breaker: not beside two_node' },
    ])
  })

  it('what a device does not heed, and what is not run, is warned of', () => {
    const device = [
      'device {',
      'model: net',
      'heuristics {',
      'exec_test: /bin/true',
      'exec_gate: /bin/ping -c 1 gate',
      '}',
      '}',
    ]
    expect(read(['two_node: 1', ...device]).map(({ severity, line, what }) => `${severity} ${line} ${what}`)).toEqual([
      'warning 2 two_node: is not heeded beside a quorum device',
      'warning 6 device.heuristics.exec_test: "/bin/true" is not run: it counts as successful',
    ])
    expect(read(['last_man_standing: 1', ...device])).toMatchObject([
      { severity: 'warning', what: 'last_man_standing: switches the quorum device off' },
    ])
  })
})

describe('a quorum device in a living cluster (E-3.2, E-3.4)', () => {
  const conf = (count: number, device: string): string => {
    const nodes = Array.from({ length: count }, (_, at) => `node {\n name: node${at + 1}\n nodeid: ${at + 1}\n}`)
    return `quorum {\n device {\n model: net\n ${device}\n }\n}\nnodelist {\n${nodes.join('\n')}\n}\n`
  }
  const run = (text: string, timeline: readonly Step[], until: number) => {
    const base = trioScenario({ timeline, until })
    return simulate({ ...base, files: [...base.files, { name: 'corosync.conf', text }] }).trace
  }

  it('is read from its section', () => {
    const problems: Problem[] = []
    const text = conf(3, 'votes: 1\n net {\n host: q\n algorithm: lms\n }')
    const { quorum } = readCorosync({ name: 'corosync.conf', text }, problems)!
    expect(problems).toEqual([])
    expect(quorum.device).toMatchObject({ host: 'q', votes: 1, algorithm: 'lms', timeout: 10_000, syncTimeout: 30_000 })
  })

  it('lets the last of three go on with lms; the membership waits until the server has given the others up', () => {
    const AT = T + 5000
    const timeline = [fault(AT, 'node-crash', { node: 'node2' }), fault(AT, 'node-crash', { node: 'node3' })]
    const trace = run(conf(3, 'net {\n host: q\n algorithm: lms\n }'), timeline, AT + 60_000)
    const [formed] = logged(trace, 'was formed. Members left: 2 3').filter(({ at }) => AT < at)
    expect(formed!.at).toBeGreaterThan(AT + 8_030)
    expect(formed!.at).toBeLessThan(AT + 8_030 + 12_100)
    expect(
      trace.records.filter((record) => record.kind === 'belief' && record.state === 'lost' && AT < record.at),
    ).toEqual([])
  })

  it('withdraws its votes when the server falls silent', () => {
    const lone = [fault(T, 'node-crash', { node: 'node2' }), fault(T, 'node-crash', { node: 'node3' })]
    const timeline = [...lone, fault(T + 60_000, 'node-crash', { node: 'q' })]
    const trace = run(conf(3, 'net {\n host: q\n algorithm: lms\n }'), timeline, T + 90_000)
    expect(logged(trace, 'the votes of the quorum device are withdrawn').map(({ at }) => at > T + 60_000)).toContain(
      true,
    )
  })

  it('gives it to the half that reaches what heuristics ping; the membership waits for them (heuristics)', () => {
    const AT = T + 5000
    const device = 'net {\n host: q\n }\n heuristics {\n mode: sync\n exec_gate: /bin/ping -c 1 -w 2 gate\n }'
    const apart = (node: string) => fault(AT, 'link-down', { between: [node, 'gate'] })
    const halved = fault(AT, 'partition', {
      sides: [
        ['node1', 'node2'],
        ['node3', 'node4'],
      ],
    })
    const timeline = [halved, apart('node1'), apart('node2')]
    const four = (): Scenario => {
      const base = trioScenario({ timeline, until: AT + 25_000 })
      const [cib] = base.files
      const text = cib!.text.replace(
        '<node id="3" uname="node3"/>',
        '<node id="3" uname="node3"/><node id="4" uname="node4"/>',
      )
      expect(text).not.toBe(cib!.text)
      return {
        ...base,
        files: [
          { name: 'cib.xml', text },
          { name: 'corosync.conf', text: conf(4, `votes: 1\n ${device}`) },
        ],
      }
    }
    const { trace } = simulate(four())
    const told = (node: string) =>
      trace.records.flatMap((record) =>
        record.kind === 'belief' && record.node === node && record.about === 'quorum' && AT < record.at
          ? [record.state]
          : [],
      )
    expect(['node1', 'node2', 'node3', 'node4'].map((node) => told(node).join(' '))).toEqual(['lost', 'lost', '', ''])
    const [formed] = logged(trace, 'Members left: 3 4')
    expect(formed!.at).toBeGreaterThan(AT + 9000 + 2000)
  })

  it('asks regularly with mode on: votes go where heuristics still pass', () => {
    const device =
      'net {\n host: q\n }\n heuristics {\n mode: on\n interval: 5000\n exec_gate: /bin/ping -c 1 -w 1 gate\n }'
    const timeline = [fault(T, 'ping-lost', { target: 'gate' })]
    const lines = logged(run(conf(3, device), timeline, T + 20_000), 'Heuristics of the quorum device: Fail')
    expect(lines).toHaveLength(3)
    expect(lines.every(({ at }) => T < at && at < T + 6500)).toBe(true)
  })
})
