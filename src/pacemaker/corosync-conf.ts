/**
 * corosync.conf: the nodes, the timers of the ring and the options of votequorum. Sections in braces, `key: value` lines, `#` comments.
 * Timers that are not given follow from the number of nodes. Source: spec E-2.1, E-3.2; corosync.conf(5), votequorum(5).
 */
import type { Millis } from '../kernel/time.ts'
import type { Problem } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'

/** One node of the node list. */
export interface RingNode {
  readonly name: string
  readonly id: number
  readonly votes: number
}

/** The ring's timers. */
export interface RingTimers {
  readonly token: Millis
  readonly consensus: Millis
  readonly join: Millis
  readonly retransmit: Millis
  readonly hold: Millis
  readonly pingInterval: Millis
  readonly pongTimeout: Millis
}

/** Options of votequorum. */
export interface QuorumOptions {
  readonly expected: number
  readonly twoNode: boolean
  readonly waitForAll: boolean
  readonly lastManStanding: boolean
  readonly window: Millis
  readonly autoTieBreaker: boolean
  /** `lowest`, `highest`, or node ids in order of preference. */
  readonly tieBreaker: 'highest' | 'lowest' | readonly number[]
}

/** What corosync.conf says. Nodes are in ascending order of their ids. */
export interface CorosyncConfig {
  readonly nodes: readonly RingNode[]
  readonly timers: RingTimers
  readonly quorum: QuorumOptions
  /** How many links a node has. */
  readonly links: number
}

/** One section: keys in order, and the sections within. */
interface Section {
  readonly name: string
  readonly values: Map<string, string>
  readonly sections: Section[]
}

/** Reads corosync.conf. Problems are added to `problems`. */
export function readCorosync(file: SourceFile, problems: Problem[]): CorosyncConfig | undefined {
  const root = parse(file, problems)
  const list = root.sections.filter((section) => section.name === 'nodelist').flatMap((section) => section.sections)
  const nodes = list
    .map(({ values }, index) => ({
      name: values.get('name') ?? values.get('ring0_addr') ?? `node${index + 1}`,
      id: Number(values.get('nodeid') ?? index + 1),
      votes: Number(values.get('quorum_votes') ?? 1),
    }))
    .sort((left, right) => left.id - right.id)
  if (nodes.length === 0) {
    problems.push(mistake(file.name, 0, 'corosync.conf has no nodelist', 'list the nodes with name and nodeid'))
    return undefined
  }
  const links = Math.max(1, [...(list[0]?.values.keys() ?? [])].filter((key) => /^ring\d_addr$/.test(key)).length)
  const valuesOf = (name: string): ReadonlyMap<string, string> =>
    new Map(root.sections.filter((section) => section.name === name).flatMap(({ values }) => [...values]))
  return toCorosync(nodes, links, valuesOf('totem'), valuesOf('quorum'))
}

/** What follows from a node list and the options given. */
export function toCorosync(
  nodes: readonly RingNode[],
  links = 1,
  totem: ReadonlyMap<string, string> = new Map(),
  quorum: ReadonlyMap<string, string> = new Map(),
): CorosyncConfig {
  const number = (name: string, absent: number): number => Number(totem.get(name) ?? absent)
  const extra = nodes.length < 3 ? 0 : (nodes.length - 2) * number('token_coefficient', 650)
  const token = number('token', 3000) + extra
  const retransmit = number(
    'token_retransmit',
    Math.floor(token / (number('token_retransmits_before_loss_const', 4) + 0.2)),
  )
  const isOn = (name: string): boolean => quorum.get(name) === '1'
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0)
  const twoNode = isOn('two_node')
  return {
    nodes,
    links,
    timers: {
      token,
      consensus: number('consensus', Math.floor(token * 1.2)),
      join: number('join', 50),
      retransmit,
      hold: number('hold', Math.floor(retransmit * 0.8) - 10),
      pingInterval: Math.floor(token / 4),
      pongTimeout: Math.floor(token / 2),
    },
    quorum: {
      expected: Number(quorum.get('expected_votes') ?? votes),
      twoNode,
      waitForAll: quorum.has('wait_for_all') ? isOn('wait_for_all') : twoNode,
      lastManStanding: isOn('last_man_standing'),
      window: Number(quorum.get('last_man_standing_window') ?? 10_000),
      autoTieBreaker: isOn('auto_tie_breaker'),
      tieBreaker: toTieBreaker(quorum.get('auto_tie_breaker_node') ?? 'lowest'),
    },
  }
}

function toTieBreaker(text: string): QuorumOptions['tieBreaker'] {
  if (text === 'lowest' || text === 'highest') return text
  return text.trim().split(/\s+/).map(Number)
}

function parse(file: SourceFile, problems: Problem[]): Section {
  const root: Section = { name: '', values: new Map(), sections: [] }
  const open = [root]
  for (const [index, raw] of file.text.split('\n').entries()) {
    const line = raw.replace(/#.*/, '').trim()
    if (line === '') continue
    const here = open.at(-1)!
    const begins = /^(\w+)\s*\{$/.exec(line)
    const pair = /^([\w.]+)\s*:\s*(.*)$/.exec(line)
    if (begins !== null) {
      const section: Section = { name: begins[1]!, values: new Map(), sections: [] }
      here.sections.push(section)
      open.push(section)
    } else if (line === '}' && 1 < open.length) open.pop()
    else if (pair !== null) here.values.set(pair[1]!, pair[2]!.trim())
    else problems.push(mistake(file.name, index + 1, `"${line}" is no line of corosync.conf`, 'write `key: value`'))
  }
  return root
}

function mistake(file: string, line: number, what: string, advice: string): Problem {
  return { severity: 'error', file, line, column: line === 0 ? 0 : 1, what, advice }
}
