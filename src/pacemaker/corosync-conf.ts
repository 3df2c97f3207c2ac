/**
 * corosync.conf: the nodes, the timers of the ring and the options of votequorum. Sections in braces, `key: value` lines, `#` comments.
 * Timers that are not given follow from the number of nodes. Source: spec E-2.1, E-3.2; corosync.conf(5), votequorum(5).
 */
import type { Millis } from '../kernel/time.ts'
import type { Problem } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'
import { toPing } from './heuristics.ts'
import type { DeviceOptions } from './quorum-device.ts'

/** One node of the node list. */
export interface RingNode {
  readonly name: string
  readonly id: number
  readonly votes: number
}

/** The ring's timers. */
export interface RingTimers {
  readonly token: Millis
  /** A token that is late by so much is told; the token's own time where nothing is to be told. */
  readonly warning: Millis
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
  readonly allowDownscale: boolean
  /** The highest number of votes that was ever expected is kept on disk. */
  readonly tracksExpected: boolean
  /** It takes the place of two_node, auto_tie_breaker and allow_downscale; with last_man_standing there is none. */
  readonly device: DeviceOptions | undefined
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
  const devices = root.sections.filter(({ name }) => name === 'quorum').flatMap(({ sections }) => sections)
  const quorum = new Map([...valuesOf('quorum'), ...devices.flatMap((section) => keysOf(section, ''))])
  problems.push(...quorumProblems(file, nodes, quorum))
  return toCorosync(nodes, links, valuesOf('totem'), quorum)
}

/** Options that corosync refuses beside one another, and those that it does not heed. Source: spec E-3.2; votequorum(5). */
function quorumProblems(
  file: SourceFile,
  nodes: readonly RingNode[],
  quorum: ReadonlyMap<string, string>,
): readonly Problem[] {
  const isOn = (name: string): boolean => quorum.get(name) === '1'
  const lineOf = (name: string): number =>
    file.text.split('\n').findIndex((line) => line.trimStart().startsWith(`${name.split('.').at(-1)}:`)) + 1
  const refuse = (name: string, what: string, advice: string): Problem =>
    mistake(file.name, lineOf(name), `${name}: ${what}`, advice)
  const problems: Problem[] = []
  if (isOn('last_man_standing') && nodes.some(({ votes }) => votes !== 1))
    problems.push(
      refuse('last_man_standing', 'every node must have one vote', 'take quorum_votes away, or this option'),
    )
  if (isOn('auto_tie_breaker') && isOn('last_man_standing') && nodes.length % 2 === 1)
    problems.push(refuse('auto_tie_breaker', 'not with last_man_standing and an odd number of nodes', 'take one away'))
  if (isOn('auto_tie_breaker') && isOn('two_node'))
    problems.push(refuse('auto_tie_breaker', 'not beside two_node', 'take one of them away'))
  if (quorum.get('device.model') === 'net') problems.push(...deviceProblems(quorum, isOn, refuse))
  return problems
}

function deviceProblems(
  quorum: ReadonlyMap<string, string>,
  isOn: (name: string) => boolean,
  refuse: (name: string, what: string, advice: string) => Problem,
): readonly Problem[] {
  const warn = (name: string, what: string, advice: string): Problem => ({
    ...refuse(name, what, advice),
    severity: 'warning',
  })
  if (isOn('last_man_standing'))
    return [warn('last_man_standing', 'switches the quorum device off', 'take one of them away')]
  const ignored = ['two_node', 'auto_tie_breaker', 'allow_downscale'].filter(isOn)
  const unknown = [...quorum].filter(([name, text]) => name.startsWith(EXEC) && toPing(name, text) === undefined)
  return [
    ...ignored.map((name) => warn(name, 'is not heeded beside a quorum device', 'take one of them away')),
    ...unknown.map(([name, text]) =>
      warn(name, `"${text}" is not run: it counts as successful`, 'only ping is simulated'),
    ),
  ]
}

const EXEC = 'device.heuristics.exec_'

/** Keys of a section and those below, as corosync names them: `device.net.host`. */
function keysOf(
  { name, values, sections }: Section,
  above: string,
): readonly (readonly [key: string, value: string])[] {
  const own = [...values].map(([key, value]) => [`${above}${name}.${key}`, value] as const)
  return [...own, ...sections.flatMap((section) => keysOf(section, `${above}${name}.`))]
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
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0)
  const device = toDevice(quorum, votes)
  const isOn = (name: string): boolean => quorum.get(name) === '1'
  const mayBeOn = (name: string): boolean => device === undefined && isOn(name)
  const twoNode = mayBeOn('two_node')
  return {
    nodes,
    links,
    timers: {
      token,
      warning: Math.floor((token * (number('token_warning', 75) || 100)) / 100),
      consensus: number('consensus', Math.floor(token * 1.2)),
      join: number('join', 50),
      retransmit,
      hold: number('hold', Math.floor(retransmit * 0.8) - 10),
      pingInterval: Math.floor(token / 4),
      pongTimeout: Math.floor(token / 2),
    },
    quorum: {
      expected: Number(quorum.get('expected_votes') ?? votes + (device?.votes ?? 0)),
      twoNode,
      waitForAll: quorum.has('wait_for_all') ? isOn('wait_for_all') : twoNode,
      lastManStanding: isOn('last_man_standing'),
      window: Number(quorum.get('last_man_standing_window') ?? 10_000),
      autoTieBreaker: mayBeOn('auto_tie_breaker'),
      tieBreaker: toTieBreaker(quorum.get('auto_tie_breaker_node') ?? 'lowest'),
      allowDownscale: mayBeOn('allow_downscale'),
      tracksExpected: isOn('expected_votes_tracking'),
      device,
    },
  }
}

/** Only network devices are known. Votes by default: so many that one node with the device is enough. */
function toDevice(quorum: ReadonlyMap<string, string>, votes: number): DeviceOptions | undefined {
  if (quorum.get('device.model') !== 'net' || quorum.get('last_man_standing') === '1') return undefined
  const algorithm = quorum.get('device.net.algorithm') === 'lms' ? 'lms' : 'ffsplit'
  const breaker = quorum.get('device.net.tie_breaker') ?? 'lowest'
  const timeout = Number(quorum.get('device.timeout') ?? 10_000)
  const syncTimeout = Number(quorum.get('device.sync_timeout') ?? 30_000)
  return {
    host: quorum.get('device.net.host') ?? 'qnetd',
    votes: Number(quorum.get('device.votes') ?? votes - 1),
    algorithm,
    tieBreaker: breaker === 'lowest' || breaker === 'highest' ? breaker : Number(breaker),
    timeout,
    syncTimeout,
    heuristics: toHeuristics(quorum, timeout, syncTimeout),
  }
}

function toHeuristics(
  quorum: ReadonlyMap<string, string>,
  timeout: Millis,
  syncTimeout: Millis,
): DeviceOptions['heuristics'] {
  const mode = quorum.get('device.heuristics.mode')
  if (mode !== 'on' && mode !== 'sync') return undefined
  const number = (name: string, absent: number): number => Number(quorum.get(`device.heuristics.${name}`) ?? absent)
  return {
    mode,
    timeout: number('timeout', Math.floor(timeout / 2)),
    syncTimeout: number('sync_timeout', Math.floor(syncTimeout / 2)),
    interval: number('interval', 3 * timeout),
    pings: [...quorum].flatMap(([name, text]) => (name.startsWith(EXEC) ? (toPing(name, text) ?? []) : [])),
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
