/** What an administrator types: clusvcadm with its options, cman_tool and fence_ack_manual. Source: spec rgmanager 15. */
import type { DaemonContext } from '../manager/contract.ts'
import { decide, log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { tellMaster } from './central.ts'
import { removeVictim } from './fenced.ts'
import { loadNext } from './reload.ts'
import { tellAll } from './ring.ts'
import { type OperatorOp, type RgState, rgOf } from './state.ts'
import { enqueue } from './worker.ts'

/** A command of clusvcadm, understood. */
export type Parsed =
  | { readonly kind: 'lock'; readonly locked: boolean }
  | { readonly kind: 'show-lock' }
  | {
      readonly kind: 'operator'
      readonly op: OperatorOp
      readonly service: string
      readonly target: NodeName | undefined
    }

const OPTIONS = new Map<string, OperatorOp>([
  ['-e', 'enable'],
  ['-d', 'disable'],
  ['-r', 'relocate'],
  ['-R', 'restart'],
  ['-s', 'stop'],
  ['-M', 'migrate'],
  ['-Z', 'freeze'],
  ['-U', 'unfreeze'],
  ['-c', 'convalesce'],
])

/** Reads the words after `clusvcadm`; a text says what is wrong. */
export function parse(words: readonly string[]): Parsed | string {
  let op: OperatorOp | undefined
  let service = ''
  let target: NodeName | undefined
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    const known = OPTIONS.get(word)
    if (word === '-l' || word === '-u') return { kind: 'lock', locked: word === '-l' }
    if (word === '-S') return { kind: 'show-lock' }
    if (known !== undefined) {
      op = known
      service = words[++at] ?? ''
    } else if (word === '-m' || word === '-n') target = words[++at]?.toLowerCase()
    else if (word === '-F' && op === 'enable') op = 'enable-by-domain'
    else
      return `clusvcadm knows no option "${word}"; known are ${[...OPTIONS.keys()].join(', ')}, -F, -m NODE, -l, -u and -S`
  }
  if (op === undefined) return 'clusvcadm wants one of -e, -d, -r, -R, -s, -M, -Z, -U, -c with a service, or -l, -u, -S'
  if (service === '' || service.startsWith('-')) return 'clusvcadm wants the name of a service'
  if (op === 'migrate' && target === undefined) return 'clusvcadm -M wants -m NODE'
  return { kind: 'operator', op, service: service.includes(':') ? service : `service:${service}`, target }
}

/** What is wrong with a command, or undefined. */
export function checkCommand(words: readonly string[]): string | undefined {
  const [word = '', ...rest] = words[0] === 'rgmanager' ? words.slice(1) : words
  if (['start', 'stop', 'shutdown', 'reboot'].includes(word)) return undefined
  if (word === 'cman_tool') return rest.join(' ') === 'version -r' ? undefined : 'only `cman_tool version -r` is known'
  if (word === 'fence_ack_manual') return rest.length === 1 ? undefined : 'fence_ack_manual wants the name of a node'
  if (word !== 'clusvcadm')
    return `RGManager knows no command "${word}"; known are clusvcadm, cman_tool version -r, fence_ack_manual, rgmanager start and stop, shutdown, reboot`
  const parsed = parse(rest)
  return typeof parsed === 'string' ? parsed : undefined
}

/** Carries a command out on this node. */
export function command(state: RgState, context: DaemonContext, words: readonly string[]): void {
  const [word, ...rest] = words
  if (word === 'fence_ack_manual') return acknowledge(state, context, rest[0]!.toLowerCase())
  if (state.phase !== 'running')
    return log(context, 'warning', `${word}: could not connect to the resource group manager`)
  if (word === 'cman_tool') return loadNext(state, context)
  const parsed = parse(rest)
  if (typeof parsed === 'string') return log(context, 'warning', parsed)
  if (parsed.kind === 'show-lock')
    return log(context, 'info', `clusvcadm: starts are ${state.startsLocked ? 'locked' : 'not locked'}`)
  if (parsed.kind === 'lock') {
    tellAll(state, context, 'start-lock', parsed.locked)
    return lockStarts(state, context, parsed.locked)
  }
  const { op, service, target } = parsed
  decide(context, {
    decision: 'operator',
    about: [service],
    text: `is told to ${op} ${service}${target === undefined ? '' : ` with ${target}`}`,
    reasons: [{ text: 'an administrator asks for it', source: words.join(' ') }],
  })
  const reply = { node: state.self, id: 0 }
  if (rgOf(state).centralProcessing) tellMaster(state, context, { kind: 'operator', service, op, target, reply })
  else enqueue(state, context, service, { kind: 'operator', op, target, reply })
}

/** `-l` and `-u`: no start anywhere until unlocked; quorum loss resets it. */
export function lockStarts(state: RgState, context: DaemonContext, locked: boolean): void {
  state.startsLocked = locked
  log(context, 'info', `starts are ${locked ? 'locked' : 'unlocked'} cluster-wide`)
}

/** The administrator swears that a node is off. Source: fence_ack_manual(8). */
function acknowledge(state: RgState, context: DaemonContext, node: NodeName): void {
  tellAll(state, context, 'fenced', node)
  removeVictim(state, context, node, 'an administrator says that it is off')
}
