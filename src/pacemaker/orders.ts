/** An administrator's words as an order, or as what is wrong with them. Source: spec E-10; the manual pages of Pacemaker's tools. */
import { isoDurationSeconds, parseInterval, parseKey } from '../cib/values.ts'
import { nearest } from '../model/suggest.ts'
import { type CibOrder, readCibTool } from './orders-cib.ts'

/** What can be ordered. A node that is not named is the one where the command is typed. */
export type Order =
  | { readonly kind: 'property'; readonly name: string; readonly value: string | undefined }
  | {
      readonly kind: 'node-attribute'
      readonly node: string | undefined
      readonly name: string
      readonly value: string | undefined
      readonly isTransient: boolean
      readonly dampening?: string | undefined
    }
  | {
      readonly kind: 'resource-value'
      readonly resource: string
      readonly set: 'instance' | 'meta'
      readonly name: string
      readonly value: string | undefined
    }
  | LocationOrder
  | {
      readonly kind: 'clear'
      readonly resource: string | undefined
      readonly node: string | undefined
      readonly onlyExpired: boolean
    }
  | CibOrder
  | { readonly kind: 'cleanup' | 'refresh'; readonly resource: string | undefined; readonly node: string | undefined }
  | {
      readonly kind: 'ticket'
      readonly ticket: string
      readonly action: 'activate' | 'grant' | 'revoke' | 'standby'
    }
  /** `delay` in seconds; −1 switches the devices' own delays off. */
  | { readonly kind: 'fence'; readonly node: string; readonly action: 'off' | 'on' | 'reboot'; readonly delay?: number }
  | { readonly kind: 'confirm-fenced'; readonly node: string }
  | {
      readonly kind: 'fail'
      readonly resource: string
      readonly node: string | undefined
      readonly operation: string
      readonly intervalMs: number
      readonly rc: number
    }

/** `move` and `ban`. */
export interface LocationOrder {
  readonly kind: 'location'
  readonly resource: string
  /** undefined: from where it is now. */
  readonly node: string | undefined
  readonly isBan: boolean
  readonly role: string
  /** Seconds for which it holds; undefined: until it is cleared. */
  readonly lifetime: number | undefined
  readonly isForced?: boolean
}

/** A command's words without the manager's name, which may stand before them. */
export function ownWords(words: readonly string[]): readonly string[] {
  return words[0] === 'pacemaker' ? words.slice(1) : words
}

/** Reads a command; a text says what is wrong. */
export function readOrder(words: readonly string[]): Order | string {
  const [word = '', ...rest] = words
  const strange = strangeOption(word, rest)
  if (strange !== undefined) return strange
  switch (word) {
    case 'crm_resource':
      return readResourceTool(rest)
    case 'crm_attribute':
    case 'attrd_updater':
      return readAttributeTool(word, rest)
    case 'cibadmin':
      return readCibTool(rest)
    case 'crm_standby':
      return readStandbyTool(rest)
    case 'crm_ticket':
      return readTicketTool(rest)
    case 'stonith_admin':
      return readFenceTool(rest)
    default:
      return readShort(word, rest)
  }
}

function standby(node: string | undefined, value: string | undefined, isTransient = false): Order {
  return { kind: 'node-attribute', node, name: 'standby', value, isTransient }
}

function readStandbyTool(words: readonly string[]): Order {
  const options = optionsOf(words)
  const value = options.has('D') ? undefined : (options.get('v') ?? 'on')
  return standby(options.get('N'), value, isUntilReboot(options.get('l')))
}

/** Lifetimes of node attributes: `reboot` (or `status`) and `forever` (or `nodes`). */
function isUntilReboot(lifetime: string | undefined): boolean {
  return lifetime === 'reboot' || lifetime === 'status'
}

const SHORT =
  'standby, unstandby, maintenance, move, ban, clear, cleanup, refresh, enable, disable, manage, unmanage, attribute, property, ticket, fence, confirm, fail, inject'

function readShort(word: string, words: readonly string[]): Order | string {
  const [first, second, third] = words
  const near = nearest(word, SHORT.split(', '))
  const meta = (name: string, value: string | undefined): Order | string =>
    first === undefined
      ? `${word} needs a resource`
      : { kind: 'resource-value', resource: first, set: 'meta', name, value }
  switch (word) {
    case 'standby':
      return standby(first, 'on')
    case 'unstandby':
    case 'online':
      return standby(first, undefined)
    case 'maintenance':
      return readMaintenance(words)
    case 'move':
    case 'ban':
      return readMove(word, words)
    case 'clear':
      if (first === 'expired') return { kind: 'clear', resource: undefined, node: undefined, onlyExpired: true }
      if (first === undefined) return 'clear needs a resource, or `expired`'
      return { kind: 'clear', resource: first, node: second, onlyExpired: false }
    case 'cleanup':
    case 'refresh':
      return { kind: word, resource: first, node: second }
    case 'enable':
      return meta('target-role', undefined)
    case 'disable':
      return meta('target-role', 'Stopped')
    case 'manage':
      return meta('is-managed', undefined)
    case 'unmanage':
      return meta('is-managed', 'false')
    case 'attribute':
      if (first === undefined || second === undefined) return 'attribute needs a node, a name and a value'
      return { kind: 'node-attribute', node: first, name: second, value: third, isTransient: true }
    case 'property':
      return first === undefined ? 'property needs a name' : { kind: 'property', name: first, value: second }
    case 'ticket':
      return readTicket(first, second)
    case 'fence':
      if (first === undefined) return 'fence needs a node'
      return { kind: 'fence', node: first, action: second === 'off' || second === 'on' ? second : 'reboot' }
    case 'confirm':
      return first === undefined ? 'confirm needs a node' : { kind: 'confirm-fenced', node: first }
    case 'fail':
      if (first === undefined) return 'fail needs a resource'
      return { kind: 'fail', resource: first, node: second, operation: 'asyncmon', intervalMs: 0, rc: 1 }
    case 'inject':
      return readInjection(first ?? '')
    default:
      if (word.includes('@')) return readInjection(word)
      return `Pacemaker knows no command "${word}"${near === undefined ? '' : ` (did you mean ${near}?)`}; known are its tools (crm_resource, crm_attribute, attrd_updater, cibadmin, crm_standby, crm_ticket, stonith_admin), ${SHORT}; start, stop, shutdown, reboot`
  }
}

/** The cluster (`on`, `off`), a node (`n1`, `node n1`) or a resource (`resource db`), each with `off` for the end. */
function readMaintenance(words: readonly string[]): Order | string {
  const [first, second, third] = words
  if (first === 'on' || first === 'off')
    return { kind: 'property', name: 'maintenance-mode', value: String(first === 'on') }
  if (first === 'resource') {
    if (second === undefined) return 'maintenance resource needs a resource'
    const value = third === 'off' ? undefined : 'true'
    return { kind: 'resource-value', resource: second, set: 'meta', name: 'maintenance', value }
  }
  const [node, state] = first === 'node' ? [second, third] : [first, second]
  const value = state === 'off' ? undefined : 'true'
  return { kind: 'node-attribute', node, name: 'maintenance', value, isTransient: false }
}

const ROLES: ReadonlySet<string> = new Set(['Master', 'Promoted', 'Slave', 'Started', 'Unpromoted'])

/** `move R [NODE] [ROLE] [for 10m]`. */
function readMove(word: string, words: readonly string[]): Order | string {
  const forAt = words.indexOf('for')
  const [resource, ...rest] = forAt < 0 ? words : words.slice(0, forAt)
  if (resource === undefined) return `${word} needs a resource`
  const node = rest[0] === undefined || ROLES.has(rest[0]) ? undefined : rest[0]
  const role = (node === undefined ? rest[0] : rest[1]) ?? 'Started'
  const lifetime = forAt < 0 ? undefined : lifetimeOf(words[forAt + 1])
  if (typeof lifetime === 'string') return lifetime
  return { kind: 'location', resource, node, isBan: word === 'ban', role, lifetime }
}

/** An ISO 8601 duration (`PT10M`) or one as elsewhere (`10m`), in seconds. */
function lifetimeOf(text: string | undefined): number | string {
  const seconds = text?.startsWith('P') === true ? isoDurationSeconds(text) : secondsOf(text)
  return seconds === undefined || seconds <= 0 ? `"${text ?? ''}" is no lifetime: write PT10M or 10m` : seconds
}

function secondsOf(text: string | undefined): number | undefined {
  const ms = text === undefined ? undefined : parseInterval(text)
  return ms === undefined ? undefined : Math.floor(ms / 1000)
}

/** `db_monitor_10000@node=7`, as crm_simulate takes it. */
function readInjection(text: string): Order | string {
  const match = /^(.+)@([^=]+)=(\d+)$/.exec(text)
  const key = match === null ? undefined : parseKey(match[1]!)
  if (match === null || key === undefined) return `"${text}" is no operation: write RESOURCE_TASK_INTERVAL@NODE=RC`
  return {
    kind: 'fail',
    resource: key.resource,
    node: match[2]!,
    operation: key.task,
    intervalMs: key.intervalMs,
    rc: Number(match[3]),
  }
}

/** Options of the tools that are understood, as their manual pages name them. `cibadmin` is read elsewhere. */
const OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'crm_resource',
    [
      ...['-r', '--resource', '-N', '--node', '--host', '-M', '--move', '-B', '--ban', '--clear', '--expired'],
      ...['-u', '--lifetime', '--promoted', '--master', '-f', '--force', '-C', '--cleanup', '-R', '--refresh'],
      ...[
        '-F',
        '--fail',
        '-m',
        '--meta',
        '-p',
        '--set-parameter',
        '-d',
        '--delete-parameter',
        '-v',
        '--parameter-value',
      ],
    ],
  ],
  [
    'crm_attribute',
    [...['-n', '--name', '-v', '--update', '-D', '--delete', '-N', '--node', '-l', '--lifetime', '-t', '--type']],
  ],
  ['attrd_updater', ['-n', '--name', '-U', '-v', '--update', '-D', '--delete', '-N', '--node', '-d', '--delay']],
  ['crm_standby', ['-N', '--node', '-v', '--update', '-D', '--delete', '-l', '--lifetime']],
  [
    'crm_ticket',
    [...['-t', '--ticket', '-g', '--grant', '-r', '--revoke', '-s', '--standby', '-a', '--activate', '-f', '--force']],
  ],
  ['stonith_admin', ['-B', '--reboot', '-F', '--fence', '-U', '--unfence', '-C', '--confirm', '--delay']],
])

/** How much a tool says changes nothing. */
const TALK: readonly string[] = ['-Q', '--quiet', '-V', '--verbose']

/** An option that the tool does not have, or that is not modelled: to leave it out would be to do something else. */
function strangeOption(tool: string, words: readonly string[]): string | undefined {
  const known = OPTIONS.get(tool)
  const strange = words
    .filter((word) => /^-{1,2}[A-Za-z]/.test(word))
    .map((word) => word.split('=', 1)[0]!)
    .find((word) => known?.includes(word) === false && !TALK.includes(word))
  if (strange === undefined) return undefined
  const long = known!.filter((word) => word.startsWith('--'))
  return `${tool}: option ${strange} is not known here; known are ${long.join(', ')}`
}

/** Options by their short names; those without a value have an empty one. */
function optionsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [index, word] of words.entries()) {
    if (!word.startsWith('-')) continue
    const [long = '', given] = word.replace(/^--?/, '').split('=')
    const next = words[index + 1]
    const value = given ?? (next === undefined || next.startsWith('-') ? '' : next)
    found.set(LONG.get(long) ?? long, value)
  }
  return found
}

const LONG = new Map([
  ['resource', 'r'],
  ['node', 'N'],
  ['host', 'N'],
  ['name', 'n'],
  ['update', 'v'],
  ['attr-value', 'v'],
  ['parameter-value', 'v'],
  ['U', 'v'],
  ['set-parameter', 'p'],
  ['delete-parameter', 'd'],
  ['delay', 'd'],
  ['lifetime', 'l'],
  ['delete', 'D'],
  ['move', 'M'],
  ['ban', 'B'],
  ['clear', 'clear'],
  ['cleanup', 'C'],
  ['refresh', 'R'],
  ['meta', 'm'],
  ['ticket', 't'],
  ['grant', 'g'],
  ['fail', 'F'],
  ['force', 'f'],
])

function readResourceTool(words: readonly string[]): Order | string {
  const options = optionsOf(words)
  const resource = options.get('r')
  const node = options.get('N')
  if (options.has('C')) return { kind: 'cleanup', resource, node }
  if (options.has('R')) return { kind: 'refresh', resource, node }
  if (options.has('clear') && options.has('expired')) return { kind: 'clear', resource, node, onlyExpired: true }
  if (resource === undefined) return 'crm_resource needs -r RESOURCE here'
  const role = options.has('promoted') || options.has('master') ? 'Promoted' : 'Started'
  if (options.has('M') || options.has('B')) {
    const span = options.get('u') ?? options.get('l')
    const lifetime = span === undefined ? undefined : lifetimeOf(span)
    if (typeof lifetime === 'string') return lifetime
    return { kind: 'location', resource, node, isBan: options.has('B'), role, lifetime, isForced: options.has('f') }
  }
  if (options.has('clear')) return { kind: 'clear', resource, node, onlyExpired: false }
  if (options.has('F') && node === undefined) return 'Must supply a node name with -N'
  if (options.has('F')) return { kind: 'fail', resource, node, operation: 'asyncmon', intervalMs: 0, rc: 1 }
  const set = options.has('m') ? 'meta' : 'instance'
  const parameter = options.get('p')
  if (parameter !== undefined)
    return { kind: 'resource-value', resource, set, name: parameter, value: options.get('v') }
  const gone = options.get('d')
  if (gone !== undefined) return { kind: 'resource-value', resource, set, name: gone, value: undefined }
  return 'crm_resource: known are --move, --ban, --clear, --cleanup, --refresh, --fail, -p and -d'
}

function readAttributeTool(word: string, words: readonly string[]): Order | string {
  const options = optionsOf(words)
  const name = options.get('n')
  if (name === undefined) return `${word} needs -n NAME`
  const value = options.has('D') ? undefined : options.get('v')
  const node = options.get('N')
  if (value === undefined && !options.has('D')) return `${word} needs a value (-v VALUE), or -D to delete`
  if (word === 'attrd_updater')
    return { kind: 'node-attribute', node, name, value, isTransient: true, dampening: options.get('d') }
  const type = options.get('type') ?? options.get('t')
  const lifetime = options.get('l') ?? (type === 'crm_config' ? undefined : type)
  if (type !== undefined && !['crm_config', 'nodes', 'status'].includes(type))
    return `crm_attribute: of the types crm_config, nodes and status are known here, not "${type}"`
  if (type === 'crm_config' || (node === undefined && lifetime === undefined)) return { kind: 'property', name, value }
  return { kind: 'node-attribute', node, name, value, isTransient: isUntilReboot(lifetime) }
}

function readTicketTool(words: readonly string[]): Order | string {
  const options = optionsOf(words)
  const asked = [
    ['grant', ['g']],
    ['revoke', ['r', 'revoke']],
    ['standby', ['s', 'standby']],
    ['activate', ['a', 'activate']],
  ] as const
  const [action] = asked.find(([, names]) => names.some((name) => options.has(name))) ?? []
  return readTicket(action, options.get('t'))
}

function readTicket(action: string | undefined, ticket: string | undefined): Order | string {
  if (ticket === undefined) return 'name the ticket'
  if (action === 'grant' || action === 'revoke' || action === 'standby' || action === 'activate')
    return { kind: 'ticket', ticket, action }
  return 'a ticket can be granted (grant), revoked (revoke), put to standby (standby) and back (activate)'
}

function readFenceTool(words: readonly string[]): Order | string {
  const options = optionsOf(words)
  const delay = Number.parseInt(options.get('d') ?? '0', 10)
  if (Number.isNaN(delay)) return '--delay is in seconds, or -1'
  for (const [name, action] of [
    ['reboot', 'reboot'],
    ['B', 'reboot'],
    ['fence', 'off'],
    ['F', 'off'],
    ['unfence', 'on'],
    // `-U` is the updater's in optionsOf.
    ['v', 'on'],
  ] as const) {
    const node = options.get(name)
    if (node !== undefined) return { kind: 'fence', node, action, ...(delay === 0 ? {} : { delay }) }
  }
  const confirmed = options.get('confirm') ?? options.get('C')
  return confirmed === undefined
    ? 'stonith_admin: known are --reboot, --fence, --unfence and --confirm'
    : { kind: 'confirm-fenced', node: confirmed }
}
