/** A quorum device and the lesser options of votequorum: the server's choice by itself, then in whole runs. Source: spec E-3.2. */
import { describe, expect, it } from 'vitest'
import type { Problem } from '../../src/model/problem.ts'
import { readCorosync, toCorosync } from '../../src/pacemaker/corosync-conf.ts'
import { chosenRing, type QnetdState } from '../../src/pacemaker/qnetd.ts'
import { createQuorum, judgeQuorum, keepExpected, recallExpected } from '../../src/pacemaker/quorum.ts'
import { simulate } from '../../src/run/simulate.ts'
import type { Step } from '../../src/scenario/scenario.ts'
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

  it('a device switches two_node, last_man_standing, auto_tie_breaker and allow_downscale off', () => {
    const names = ['two_node', 'last_man_standing', 'auto_tie_breaker', 'allow_downscale']
    const { quorum } = ring({ 'device.model': 'net', ...Object.fromEntries(names.map((name) => [name, '1'])) })
    expect(quorum).toMatchObject({
      twoNode: false,
      lastManStanding: false,
      autoTieBreaker: false,
      allowDownscale: false,
    })
    expect(quorum.expected).toBe(7)
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
    const [formed] = logged(trace, 'was formed: node1').filter(({ at }) => AT < at)
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
})
