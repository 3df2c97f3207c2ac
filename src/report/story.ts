/**
 * The story of a run: its records as sentences, in the manager's words, as in a good report of an incident. What matters is told; status
 * calls that repeat what everybody knows, messages and the machinery of claims are left out unless asked for.
 */
import { clockText, durationText, type Millis } from '../kernel/time.ts'
import type { RecordKind, Trace, TraceRecord } from '../trace/record.ts'

/** How loudly a line speaks: `fault` for what the scenario did, `bad` for failures, `decision` for what managers chose. */
export type Tone = 'bad' | 'decision' | 'fault' | 'good' | 'plain' | 'quiet'

/** One line. */
export interface StoryLine {
  readonly seq: number
  readonly at: Millis
  readonly kind: RecordKind
  /** Where it happened; empty for the world at large. */
  readonly node: string
  /** A resource, group or device that it is about; empty where it is about none. */
  readonly about: string
  readonly tone: Tone
  readonly text: string
}

/** Every record as a line; pure, O(records). Views filter them; {@link storyText} keeps only the loud ones. */
export function storyLines(trace: Trace): readonly StoryLine[] {
  return trace.records.map(toLine)
}

/** The story as text: the head, one line for each record that matters, and how the run ended. */
export function storyText(trace: Trace): string {
  const { header, footer } = trace
  const told = storyLines(trace).filter((line) => line.tone !== 'quiet')
  const clocks = told.map((line) => clockText(line.at))
  const clockWidth = clocks.reduce((most, clock) => Math.max(most, clock.length), 0)
  const nodeWidth = told.reduce((most, line) => Math.max(most, line.node.length), 0)
  const lines = told.map((line, index) => {
    const clock = clocks[index]!.padStart(clockWidth)
    return `${clock}  ${line.node.padEnd(nodeWidth)}  ${MARKS[line.tone]} ${line.text}`
  })
  const end =
    footer.reason === 'event-limit'
      ? 'the limit of events was reached'
      : footer.reason === 'idle'
        ? 'nothing more could happen'
        : 'the time was up'
  return [
    header.title,
    `seed ${header.seed} · ${header.cluster.manager} · ${header.cluster.nodes.join(', ')} · ${durationText(header.until)}`,
    '',
    ...lines,
    '',
    `${clockText(footer.endedAt)}: ${end} after ${footer.events} events and ${footer.records} records; digest ${footer.digest.slice(0, 16)}`,
    '',
  ].join('\n')
}

const MARKS: Readonly<Record<Tone, string>> = {
  bad: '✗',
  decision: '→',
  fault: '⚡',
  good: '✓',
  plain: '·',
  quiet: ' ',
}

function toLine(record: TraceRecord): StoryLine {
  const base = { seq: record.seq, at: record.at, kind: record.kind }
  switch (record.kind) {
    case 'fault':
      return {
        ...base,
        node: '',
        about: record.targets.join(' '),
        tone: 'fault',
        text: withWhy(record.text, record.why),
      }
    case 'command':
      return {
        ...base,
        node: record.node,
        about: '',
        tone: 'fault',
        text: withWhy(`an administrator types \`${record.command}\``, record.why),
      }
    case 'node':
      return {
        ...base,
        node: record.node,
        about: '',
        tone: record.to === 'up' ? 'good' : record.to === 'off' || record.to === 'dead' ? 'bad' : 'plain',
        text: record.text,
      }
    case 'process':
      return {
        ...base,
        node: record.node,
        about: record.process,
        tone: record.state === 'running' || record.state === 'exited' ? 'plain' : 'bad',
        text: `${record.process} ${PROCESS_WORDS[record.state]}`,
      }
    case 'operation':
      return operationLine(base, record)
    case 'lifecycle':
      return {
        ...base,
        node: record.node,
        about: record.resource,
        tone: record.event === 'power-lost' || record.from === record.to ? 'quiet' : lifecycleTone(record),
        text: `${record.resource}: ${record.from} → ${record.to}`,
      }
    case 'fence':
      return {
        ...base,
        node: record.by,
        about: record.device,
        tone: record.phase === 'failed' ? 'bad' : record.phase === 'succeeded' ? 'good' : 'plain',
        text: record.text,
      }
    case 'storage':
      return {
        ...base,
        node: record.nodes.join('+'),
        about: record.storage,
        tone: record.phase === 'corrupted' || record.phase === 'access-lost' ? 'bad' : 'quiet',
        text: record.text,
      }
    case 'membership':
      return {
        ...base,
        node: record.node,
        about: record.member,
        tone: record.status === 'dead' ? 'bad' : 'plain',
        text: record.text,
      }
    case 'decision':
      return {
        ...base,
        node: record.node,
        about: record.about.join(' '),
        tone: 'decision',
        text: decisionText(record),
      }
    case 'log':
      return {
        ...base,
        node: record.node,
        about: '',
        tone: record.level === 'info' ? 'plain' : 'bad',
        text: record.text,
      }
    case 'belief':
      return {
        ...base,
        node: record.node,
        about: record.about,
        tone: 'quiet',
        text: `believes: ${record.about} is ${record.state}`,
      }
    case 'machine':
      return {
        ...base,
        node: record.node,
        about: record.machine,
        tone: 'quiet',
        text: `${record.machine}: ${record.from} → ${record.to} (${record.event})`,
      }
    case 'message':
      return {
        ...base,
        node: record.from,
        about: record.to,
        tone: 'quiet',
        text: `message ${record.type} to ${record.to} on ${record.medium} is ${record.phase}`,
      }
    case 'link':
      return {
        ...base,
        node: record.from,
        about: record.to,
        tone: 'quiet',
        text: `link to ${record.to} on ${record.medium}: ${linkText(record)}`,
      }
  }
}

/** A decision and its reasons, as far as its own words do not give them. */
function decisionText({ text, reasons }: Extract<TraceRecord, { kind: 'decision' }>): string {
  const more = reasons.filter((reason) => !text.includes(reason.text))
  return more.length === 0 ? text : `${text} — ${more.map((reason) => `${reason.text} (${reason.source})`).join('; ')}`
}

type Base = Pick<StoryLine, 'at' | 'kind' | 'seq'>
type OperationRecord = Extract<TraceRecord, { kind: 'operation' }>

/** Beginnings and checks that find what was expected are quiet; ends of starts and stops are told, failures loudly. */
function operationLine(base: Base, record: OperationRecord): StoryLine {
  const line = { ...base, node: record.node, about: record.resource }
  const call = callText(record)
  if (record.phase === 'begin')
    return { ...line, tone: 'quiet', text: `runs ${call}${call === record.call ? '' : ` (${record.call})`}` }
  const failed =
    record.status !== 'done' || (record.rc !== 0 && record.operation !== 'status' && record.operation !== 'monitor')
  if (record.status !== 'done')
    return {
      ...line,
      tone: record.status === 'cancelled' ? 'quiet' : 'bad',
      text: `${call} ${record.status === 'timed-out' ? 'timed out and was killed' : `was ${record.status ?? 'cancelled'}`}`,
    }
  if (failed) return { ...line, tone: 'bad', text: `${call} failed with ${record.rc}` }
  if (record.operation === 'status' || record.operation === 'monitor') {
    const said = record.output?.trim()
    return {
      ...line,
      tone: 'quiet',
      text: `${call}: ${said === undefined || said === '' ? `returned ${record.rc}` : `“${said}”`}`,
    }
  }
  return { ...line, tone: record.operation === 'notify' ? 'quiet' : 'plain', text: `${call}: done` }
}

/** A call that names its agent only, by class and type, is told by its resource. */
function callText({ call, resource, operation }: OperationRecord): string {
  const isAgents = /^(lsb|ocf|service|stonith|systemd):/.test(call)
  return isAgents && !call.split(/[\s:]/).includes(resource) ? `${resource} ${operation}` : call
}

/** Operations tell of starts and stops; the truth is loud only where no operation did it. */
function lifecycleTone(record: Extract<TraceRecord, { kind: 'lifecycle' }>): Tone {
  switch (record.event) {
    case 'crash':
    case 'vanish':
    case 'hang':
      return 'bad'
    case 'appeared':
    case 'appeared-promoted':
    case 'resume':
      return 'plain'
    default:
      return 'quiet'
  }
}

const PROCESS_WORDS = { crashed: 'was killed', exited: 'has ended', hung: 'stands still', running: 'runs' } as const

function withWhy(text: string, why: string): string {
  return why === '' ? text : `${text} (${why})`
}

function linkText(record: Extract<TraceRecord, { kind: 'link' }>): string {
  if (!record.up) return 'cut'
  const effects = [
    record.delay > 0 ? `${record.delay} ms slower` : '',
    record.lossChance > 0 ? `loses ${Math.round(100 * record.lossChance)} %` : '',
  ]
  return effects.filter((effect) => effect !== '').join(', ') || 'whole'
}
