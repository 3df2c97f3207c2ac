/**
 * Reads ha.cf: the directives that matter to the simulation, and all others of Heartbeat 3 by name, so that a typing error is found and
 * a real file is never refused for its log settings. Source: spec heartbeat 1a.
 */
import { type Millis, SECOND } from '../kernel/time.ts'
import type { Reading } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'
import type { HaCf, HeartbeatMedium, PingMember, StonithDevice } from './config.ts'
import { Complaints, isReadable, type Word, wordLines } from './lines.ts'

/** Directives that are read and have no effect here. */
const WITHOUT_EFFECT = new Set([
  'apiauth',
  'baud',
  'bcast-timeout',
  'cluster',
  'compression',
  'compression_threshold',
  'conn_logd_time',
  'coredumps',
  'debug',
  'debugfile',
  'env',
  'event',
  'failfast',
  'generation_method',
  'gid',
  'hbgenmethod',
  'hbversion',
  'hopfudge',
  'logfacility',
  'logfile',
  'max_rexmit_delay',
  'memreserve',
  'msgfmt',
  'normalpoll',
  'realtime',
  'rtprio',
  'traditional_compression',
  'udpport',
  'uid',
  'use_logd',
  'uuidfrom',
  'syslogmsgfmt',
  'deadtime_fudge',
  'autojoin',
  'hostcache',
  'hbclientuid',
  'stonith_timeout',
  'quorum',
  'quorum_server',
  'opts',
  'enable_logd',
])

interface Draft {
  readonly times: Map<string, { readonly value: Millis; readonly word: Word }>
  autoFailback: HaCf['autoFailback']
  readonly nodes: Word[]
  readonly media: HeartbeatMedium[]
  readonly pings: PingMember[]
  readonly stonith: { readonly word: Word; readonly hosts: string; readonly words: readonly string[] }[]
  watchdog: boolean
  ipfail: boolean
}

/** The file with every default filled in; undefined where an error makes it useless. */
export function readHaCf(file: SourceFile): Reading<HaCf> {
  const complaints = new Complaints(file.name)
  if (!isReadable(file, complaints)) return { value: undefined, problems: complaints.problems }
  const draft: Draft = {
    times: new Map(),
    autoFailback: 'legacy',
    nodes: [],
    media: [],
    pings: [],
    stonith: [],
    watchdog: false,
    ipfail: false,
  }
  for (const line of wordLines(file.text, 'never')) readDirective(draft, line, complaints)
  const value = complete(draft, complaints)
  const failed = complaints.problems.some((problem) => problem.severity === 'error')
  return { value: failed ? undefined : value, problems: complaints.problems }
}

function readDirective(draft: Draft, line: readonly Word[], complaints: Complaints): void {
  const [word, ...rest] = line
  if (word === undefined) return
  const name = word.text.toLowerCase()
  const first = rest[0]
  if (first === undefined)
    return complaints.add('error', word, `${name} needs a value`, `write ${name} and its value on one line`)
  switch (name) {
    case 'keepalive':
    case 'warntime':
    case 'deadtime':
    case 'initdead':
    case 'deadping':
      return readTime(draft, name, first, complaints)
    case 'auto_failback':
      return readFailback(draft, first, complaints)
    case 'nice_failback': {
      complaints.add('warning', word, 'nice_failback is obsolete', 'write auto_failback off for nice_failback on')
      draft.autoFailback = isYes(first.text) === true ? 'off' : 'legacy'
      return
    }
    case 'node':
      draft.nodes.push(...rest.map((entry) => ({ ...entry, text: entry.text.toLowerCase() })))
      return
    case 'bcast':
      for (const entry of rest) addMedium(draft, { id: entry.text, kind: 'ethernet' })
      return
    case 'mcast':
    case 'ucast':
      return addMedium(draft, { id: first.text, kind: 'ethernet' })
    case 'serial':
      for (const entry of rest) addMedium(draft, { id: entry.text, kind: 'serial' })
      return
    case 'ping':
      draft.pings.push(...rest.map((entry) => ({ name: entry.text, hosts: [entry.text] })))
      return
    case 'ping_group':
      draft.pings.push({ name: first.text, hosts: rest.slice(1).map((entry) => entry.text) })
      return
    case 'stonith':
    case 'stonith_host':
      return addStonith(
        draft,
        word,
        name === 'stonith' ? '' : first.text.toLowerCase(),
        name === 'stonith' ? rest : rest.slice(1),
        complaints,
      )
    case 'watchdog':
      draft.watchdog = true
      return
    case 'respawn':
      if (/(^|\/)ipfail$/.test(rest[1]?.text ?? '')) draft.ipfail = true
      return
    case 'crm':
    case 'pacemaker':
      return checkCrm(first, complaints)
    default:
      return checkOther(name, word, first, complaints)
  }
}

function addStonith(draft: Draft, word: Word, hosts: string, words: readonly Word[], complaints: Complaints): void {
  if (words.length === 0)
    return complaints.add('error', word, `${word.text} needs a device type`, 'write stonith_host HOST TYPE PARAMETERS')
  draft.stonith.push({ word, hosts, words: words.map((entry) => entry.text) })
}

function addMedium(draft: Draft, medium: HeartbeatMedium): void {
  if (!draft.media.some((known) => known.id === medium.id)) draft.media.push(medium)
}

function checkCrm(value: Word, complaints: Complaints): void {
  if (isYes(value.text) === false) return
  const advice = 'with crm on, resources are configured in a CIB and haresources is not used: choose manager pacemaker'
  complaints.add('error', value, 'this ha.cf runs Pacemaker (crm on), not haresources', advice)
}

function checkOther(name: string, word: Word, value: Word, complaints: Complaints): void {
  if (name === 'autojoin' && value.text !== 'none') {
    complaints.add('error', value, 'autojoin does not work with haresources', 'write autojoin none, or leave it out')
  } else if (!WITHOUT_EFFECT.has(name)) {
    complaints.add(
      'error',
      word,
      `ha.cf has no directive "${word.text}"`,
      `check the spelling; known are ${KNOWN.join(', ')} and settings of logs and processes`,
    )
  }
}

const KNOWN = [
  'keepalive',
  'warntime',
  'deadtime',
  'initdead',
  'deadping',
  'auto_failback',
  'node',
  'bcast',
  'mcast',
  'ucast',
  'serial',
  'ping',
  'ping_group',
  'stonith',
  'stonith_host',
  'watchdog',
  'respawn',
  'crm',
]

/** A plain number counts seconds; `ms`, and `us`, may follow; decimals are allowed. */
function readTime(draft: Draft, name: string, word: Word, complaints: Complaints): void {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|us|s|)$/i.exec(word.text)
  if (match === null)
    return complaints.add(
      'error',
      word,
      `"${word.text}" is no time`,
      'a number of seconds, or milliseconds with ms: 2, 0.5, 500ms',
    )
  const factor = match[2]!.toLowerCase() === 'ms' ? 1 : match[2]!.toLowerCase() === 'us' ? 0.001 : SECOND
  draft.times.set(name, { value: Math.round(Number(match[1]) * factor), word })
}

function readFailback(draft: Draft, word: Word, complaints: Complaints): void {
  const yes = isYes(word.text)
  if (word.text.toLowerCase() === 'legacy') draft.autoFailback = 'legacy'
  else if (yes !== undefined) draft.autoFailback = yes ? 'on' : 'off'
  else complaints.add('error', word, `auto_failback cannot be "${word.text}"`, 'write on, off or legacy')
}

function isYes(text: string): boolean | undefined {
  if (/^(true|on|yes|y|1|respawn)$/i.test(text)) return true
  return /^(false|off|no|n|0)$/i.test(text) ? false : undefined
}

function complete(draft: Draft, complaints: Complaints): HaCf {
  const time = (name: string): Millis | undefined => draft.times.get(name)?.value
  const place = (name: string): Word | undefined => draft.times.get(name)?.word
  const keepalive = time('keepalive') ?? SECOND
  const deadtime = time('deadtime') ?? 30 * SECOND
  const initdead = time('initdead') ?? defaultInitdead(deadtime)
  if (keepalive === 0)
    complaints.add('error', place('keepalive'), 'keepalive must not be 0', 'the time between two heartbeats, say 1')
  if (deadtime <= 2 * keepalive)
    complaints.add(
      'error',
      place('deadtime') ?? place('keepalive'),
      `deadtime (${deadtime} ms) must be more than twice keepalive (${keepalive} ms)`,
      'a good deadtime is five to ten times keepalive',
    )
  if (initdead < deadtime)
    complaints.add(
      'error',
      place('initdead'),
      `initdead (${initdead} ms) must not be less than deadtime (${deadtime} ms)`,
      'it must outlast the boot of the network',
    )
  else if (initdead < 10 * SECOND)
    complaints.add(
      'warning',
      place('initdead'),
      `initdead (${initdead} ms) is short`,
      'it must outlast the boot of the network',
    )
  if (draft.media.length === 0)
    complaints.add('error', undefined, 'no medium is configured', 'write at least one of bcast, mcast, ucast, serial')
  const nodes = draft.nodes.map((word) => word.text)
  checkNodes(draft, complaints)
  return {
    keepalive,
    deadtime,
    initdead,
    warntime: time('warntime') ?? Math.floor(deadtime / 2),
    deadping: time('deadping') ?? deadtime,
    autoFailback: draft.autoFailback,
    nodes,
    media: draft.media,
    pings: draft.pings,
    stonith: nodes.flatMap((host) => devicesOf(draft, host, nodes)),
    watchdog: draft.watchdog,
    ipfail: draft.ipfail,
  }
}

function checkNodes({ nodes }: Draft, complaints: Complaints): void {
  const extra = nodes[2]
  for (const [index, word] of nodes.entries()) {
    if (nodes.findIndex((other) => other.text === word.text) < index)
      complaints.add('error', word, `node ${word.text} stands twice`, 'name each node once')
  }
  if (extra !== undefined) {
    const what = `${nodes.length} nodes are configured: haresources is made for two`
    complaints.add(
      'error',
      extra,
      what,
      'with three or more every survivor would take the groups of a dead node; use Pacemaker for more than two',
    )
  } else if (nodes.length < 2) {
    complaints.add(
      'error',
      nodes[0],
      `${nodes.length === 0 ? 'no node is' : 'only one node is'} configured`,
      'name both with `node`, as `uname -n` gives them',
    )
  }
}

/** Spec 1a: what stands where initdead is not given. */
function defaultInitdead(deadtime: Millis): Millis {
  if (10 * SECOND < deadtime) return deadtime
  return deadtime < 6 * SECOND ? 12 * SECOND : 2 * deadtime
}

/** One device is kept for each node, the last one read (spec 1a). Its target is the node that its words name, else the other one. */
function devicesOf({ stonith }: Draft, host: string, nodes: readonly string[]): readonly StonithDevice[] {
  const last = stonith.findLast((entry) => entry.hosts === '' || entry.hosts === '*' || entry.hosts === host)
  if (last === undefined) return []
  const [type = ''] = last.words
  const named = nodes.filter((node) => node !== host && last.words.some((word) => word.toLowerCase() === node))
  const targets = 0 < named.length ? named : nodes.filter((node) => node !== host)
  return [{ id: `${type} of ${host}`, type, hosts: [host], targets }]
}
