/** The quorum disk: its votes, its master, heuristics, and nodes that are silent on it. Nodes and times as in rgmanager.test.ts. Source: qdisk(5). */
import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/model/problem.ts'
import { readClusterConf } from '../../src/rgmanager/cluster-conf.ts'
import type { Trace } from '../../src/trace/record.ts'
import { decided, fault } from '../support/pair.ts'
import { changes, clustat, clusterConf, runShop, START, STOP, SWITCHES, web } from '../support/shop.ts'

const T0 = 20_000
const s = (second: number): number => T0 + 1000 * second
const disk = (attributes = '', heuristics = ''): string =>
  `<cman expected_votes="3"/><quorumd label="shopdisk" ${attributes}>${heuristics}</quorumd><fence_daemon clean_start="1"/>`
const PING = '<heuristic program="ping -c1 -w1 router" score="1" interval="2" tko="3"/>'
const cut = (second: number, between: readonly [string, string], medium: string) =>
  fault(s(second), 'link-down', { between: [...between], medium })
const fenced = (trace: Trace): readonly string[] =>
  trace.records.flatMap((record) =>
    record.kind === 'fence' && record.phase === 'requested' ? [`${record.by} fences ${record.target}`] : [],
  )

describe('the quorum disk', () => {
  it('lets one of two nodes be quorate alone, once it has the disk', () => {
    const trace = runShop({ head: disk(), power: [{ node: 'n2', at: 'never' }], until: s(20) })
    expect(decided(trace, 'n1', 'quorum-gained')[0]).toBeGreaterThan(5000)
    expect(clustat(trace, 'n1')).toBe('started on n1')
    const without = runShop({
      head: '<cman expected_votes="3"/><fence_daemon clean_start="1"/>',
      power: [{ node: 'n2', at: 'never' }],
      until: s(20),
    })
    expect(clustat(without, 'n1')).toBe('stopped')
  })

  it('its master wins where two nodes lose sight of one another: no race', () => {
    const trace = runShop({ head: disk(), timeline: [cut(40, ['n1', 'n2'], 'ring0')], until: s(60) })
    expect(fenced(trace)).toEqual(['n1 fences n2'])
    expect(decided(trace, 'n2', 'quorum-lost')).toHaveLength(1)
    expect(changes(trace, 'n1', s(40))).toEqual([])
  })

  it('without a master that wins both are quorate, and both shoot', () => {
    const trace = runShop({
      head: disk('master_wins="0"'),
      delay: 5,
      timeline: [cut(40, ['n1', 'n2'], 'ring0')],
      until: s(53),
    })
    expect(decided(trace, 'n2', 'quorum-lost')).toEqual([])
    expect(decided(trace, 'n2', 'fence')).toHaveLength(1)
    expect(decided(trace, 'n1', 'fence')).toHaveLength(1)
  })

  it('another node becomes its master when the master dies, before the ring has noticed', () => {
    const trace = runShop({ head: disk(), timeline: [fault(s(40), 'node-crash', { node: 'n1' })], until: s(60) })
    expect(decided(trace, 'n2', 'quorum-lost')).toEqual([])
    expect(changes(trace, 'n2', s(40)).slice(0, 4)).toEqual(START)
  })

  it('with tko above the token time the survivor loses quorum meanwhile', () => {
    const trace = runShop({
      head: disk('tko="20"'),
      timeline: [fault(s(40), 'node-crash', { node: 'n1' })],
      until: s(70),
    })
    expect(decided(trace, 'n2', 'quorum-lost')).toHaveLength(1)
  })

  it('all but one: the last of four nodes goes on', () => {
    const head = '<quorumd votes="3"/><fence_daemon clean_start="1"/>'
    const timeline = ['n2', 'n3', 'n4'].map((node, index) => fault(s(40 + 30 * index), 'node-crash', { node }))
    const rm = '<rm><service name="web"><script name="x" file="/x"/></service></rm>'
    const timings = [{ operation: 'boot', subject: '*', distribution: { kind: 'fixed', value: 0 } as const }]
    const trace = runShop({ rm, head, nodes: 4, timeline, timings, until: s(140) })
    expect(decided(trace, 'n1', 'quorum-lost')).toEqual([])
    expect(clustat(trace, 'n1')).toBe('started on n1')
  })

  it('a node whose heuristics fail reboots; with reboot="0" it only loses the votes', () => {
    const timeline = [cut(40, ['n1', 'router'], 'ring0')]
    const trace = runShop({ head: disk('', PING), timeline, until: s(60) })
    const reboot = trace.records.find((record) => record.kind === 'node' && record.text.includes('qdiskd: score 0'))
    // Three checks, 2 s apart, that nobody answers.
    expect(reboot!.at - s(40)).toBeGreaterThan(5000)
    expect(reboot!.at - s(40)).toBeLessThan(9001)
    const stays = runShop({ head: disk('reboot="0"', PING), timeline, until: s(60) })
    expect(decided(stays, 'n1', 'quorum-disk-lost')).toHaveLength(1)
    expect(clustat(stays, 'n2')).toBe('started on n1')
  })

  it('a node that is silent on the disk is removed, though the network knows it; not with allow_kill="0"', () => {
    const timeline = [cut(40, ['n1', 'shopdisk'], 'qdisk')]
    const trace = runShop({ head: disk(), timeline, until: s(58) })
    expect(fenced(trace)).toEqual(['n2 fences n1'])
    expect(changes(trace, 'n2', s(40)).slice(0, 4)).toEqual(START)
    const kept = runShop({ head: disk('allow_kill="0"'), timeline, until: s(90) })
    expect(fenced(kept)).toEqual([])
    expect(clustat(kept, 'n2')).toBe('started on n1')
  })

  it('a disk that is gone for all takes its votes from all, and two nodes stay quorate without it', () => {
    const trace = runShop({
      head: disk(),
      timeline: [fault(s(40), 'ping-lost', { target: 'shopdisk' })],
      until: s(90),
    })
    expect(decided(trace, 'n1', 'quorum-disk-lost')).toHaveLength(1)
    expect(decided(trace, 'n1', 'quorum-lost')).toEqual([])
    expect(fenced(trace)).toEqual([])
    expect(changes(trace, 'n1')).toEqual([...STOP, ...START])
  })
})

describe('reading quorumd', () => {
  const read = (head: string) =>
    readClusterConf([{ name: 'cluster.conf', text: clusterConf(web(), { head }) }], SWITCHES)

  it('has the defaults of qdisk(5)', () => {
    expect(read('<quorumd label="q"/>').value!.quorumDisk).toEqual({
      name: 'q',
      votes: 1,
      interval: 1000,
      tko: 10,
      tkoUp: 3,
      masterWait: 5,
      minScore: 0,
      heuristics: [],
      masterWins: true,
      reboots: true,
      kills: true,
    })
    const { value } = read(`<quorumd>${PING}${PING.replace('score="1"', 'score="2"')}</quorumd>`)
    expect(value!.quorumDisk).toMatchObject({ name: 'qdisk', minScore: 2, masterWins: false })
    expect(value!.expectedVotes).toBe(3)
  })

  it('tells what will not be as its author may think, with its place', () => {
    const head = `<cman two_node="1"/>\n<quorumd master_wins="1" min_score="9"><heuristic program="/bin/check"/>${PING}</quorumd>`
    expect(read(head).problems.map(problemText)).toEqual([
      'cluster.conf:4:40: warning: "/bin/check" is not run: it counts as successful — only ping is simulated',
      'cluster.conf:4:1: warning: min_score 9 is above 2, the sum of all scores — no node is ever good enough',
      'cluster.conf:4:1: warning: master_wins does not go with heuristics: it is ignored — remove one of them',
      'cluster.conf:4:1: warning: two_node="1" beside a quorum disk: one vote is enough all the same — remove one',
    ])
  })
})
