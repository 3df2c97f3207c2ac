/**
 * The options of crm_simulate 2.1.5 as one table, and the reader of its command line.
 *
 * The reader does what the original does: short options may be combined, a value may be attached or follow, long options take
 * `=` or a space, `--` ends the options, other words are passed over, the last of -x, -p and -L wins. No commander here: a
 * script may call the simulator thousands of times. Source: spec D-1 and probes of 2.1.5.
 */

/** Options of one run, as they were given. */
export interface SimulateFlags {
  readonly run?: boolean
  readonly simulate?: boolean
  readonly inPlace?: boolean
  readonly showAttrs?: boolean
  readonly showFailcounts?: boolean
  readonly showScores?: boolean
  readonly showUtilization?: boolean
  readonly profile?: string
  readonly repeat?: number
  readonly pending?: boolean
  readonly nodeUp?: readonly string[]
  readonly nodeDown?: readonly string[]
  readonly nodeFail?: readonly string[]
  readonly opInject?: readonly string[]
  readonly opFail?: readonly string[]
  readonly setDatetime?: string
  readonly quorum?: string
  readonly watchdog?: string
  readonly ticketGrant?: readonly string[]
  readonly ticketRevoke?: readonly string[]
  readonly ticketStandby?: readonly string[]
  readonly ticketActivate?: readonly string[]
  readonly saveInput?: string
  readonly saveOutput?: string
  readonly saveGraph?: string
  readonly saveDotfile?: string
  readonly allActions?: boolean
  readonly verbose?: number
  readonly quiet?: boolean
  readonly version?: boolean
  readonly outputAs?: string
  readonly outputTo?: string
  readonly textFancy?: boolean
  /** A file, `-` for standard input, or undefined for a running cluster; absent: standard input. */
  readonly input?: string | undefined
  readonly batch?: string
  readonly out?: string
}

/** What an option does with its value. Those of `input` share one place: the last wins. */
type OptionKind = 'flag' | 'count' | 'text' | 'number' | 'list' | 'file' | 'pipe' | 'live' | 'help'

/** A heading of the help text. */
export type OptionGroup = 'general' | 'output' | 'operations' | 'synthetic' | 'artifact' | 'source' | 'folder'

/** One option. */
export interface SimulateOption {
  readonly short: string
  readonly long: string
  readonly kind: OptionKind
  readonly group: OptionGroup
  /** The name of its value in the help text; empty for none. */
  readonly value: string
  readonly help: string
}

type Row = readonly [short: string, long: string, kind: OptionKind, value: string, help: string]

const ROWS: readonly (readonly [OptionGroup, readonly Row[]])[] = [
  [
    'general',
    [
      ['h', 'help', 'help', '', 'show this help'],
      ['$', 'version', 'flag', '', 'show the version and end'],
      [
        'V',
        'verbose',
        'count',
        '',
        'action ids in dot files, and the graph of a transition that ends terminated; may be repeated',
      ],
      ['Q', 'quiet', 'flag', '', 'show only what was asked for expressly, such as scores'],
    ],
  ],
  [
    'output',
    [
      ['', 'output-as', 'text', 'FORMAT', 'text (the default), xml or none'],
      ['', 'output-to', 'text', 'FILE', 'where the output goes; - is standard output'],
      ['', 'text-fancy', 'flag', '', 'headers and bullets also with scores and utilization'],
    ],
  ],
  [
    'operations',
    [
      ['R', 'run', 'flag', '', 'show which actions the cluster will take'],
      ['S', 'simulate', 'flag', '', 'like --run; then carry the actions out and show the status that results'],
      ['X', 'in-place', 'flag', '', 'like --simulate; and store the result in the file it came from'],
      ['A', 'show-attrs', 'flag', '', 'show node attributes'],
      ['c', 'show-failcounts', 'flag', '', 'show fail counts and failed actions'],
      ['j', 'pending', 'flag', '', 'accepted, without effect: pending operations are always shown'],
      ['s', 'show-scores', 'flag', '', 'show allocation scores; implies --run'],
      ['U', 'show-utilization', 'flag', '', 'show utilization; implies --run'],
      ['P', 'profile', 'text', 'DIR', 'schedule every XML file of a folder and show how long each takes'],
      ['N', 'repeat', 'number', 'N', 'with --profile: N times each file'],
    ],
  ],
  [
    'synthetic',
    [
      ['u', 'node-up', 'list', 'NODE', 'bring a node online'],
      ['d', 'node-down', 'list', 'NODE', 'take a node offline'],
      ['f', 'node-fail', 'list', 'NODE', 'have a node fail'],
      ['i', 'op-inject', 'list', 'OPSPEC', 'put the result of an operation into the history before scheduling'],
      ['F', 'op-fail', 'list', 'OPSPEC', 'have an operation fail if it is executed; implies --simulate'],
      ['t', 'set-datetime', 'text', 'DATETIME', 'the time at which rules are judged (ISO 8601)'],
      ['q', 'quorum', 'text', 'QUORUM', '1 or true: the cluster has quorum (needs another event beside it)'],
      ['w', 'watchdog', 'text', 'DEVICE', '1 or true: the cluster has a watchdog device'],
      ['g', 'ticket-grant', 'list', 'TICKET', 'grant a ticket'],
      ['r', 'ticket-revoke', 'list', 'TICKET', 'revoke a ticket'],
      ['b', 'ticket-standby', 'list', 'TICKET', 'put a ticket in standby'],
      ['e', 'ticket-activate', 'list', 'TICKET', 'activate a ticket'],
    ],
  ],
  [
    'artifact',
    [
      ['I', 'save-input', 'text', 'FILE', 'save the CIB after the events, before scheduling'],
      ['O', 'save-output', 'text', 'FILE', 'save the CIB as it is at the end'],
      ['G', 'save-graph', 'text', 'FILE', 'save the transition graph as XML; implies --run'],
      ['D', 'save-dotfile', 'text', 'FILE', 'save the transition graph for Graphviz; implies --run'],
      ['a', 'all-actions', 'flag', '', 'with --save-dotfile: also actions that are no part of the transition'],
    ],
  ],
  [
    'source',
    [
      ['L', 'live-check', 'live', '', 'ask a running cluster: there is none here, exit code 66'],
      ['x', 'xml-file', 'file', 'FILE', 'read the CIB from a file, from .bz2 decompressed; - is standard input'],
      ['p', 'xml-pipe', 'pipe', '', 'read the CIB from standard input (so it is without -x, -p and -L)'],
    ],
  ],
]

/** What only `quorate simulate` knows: many files in one process. */
const FOLDER_ROWS: readonly Row[] = [
  ['', 'batch', 'text', 'FOLDER', 'every CIB of a folder in one process'],
  ['', 'out', 'text', 'FOLDER', 'with --batch: where summary/, scores/, exp/ and dot/ are written'],
]

/** The options of the original, group by group. */
export const OPTIONS: readonly SimulateOption[] = ROWS.flatMap(([group, rows]) => toOptions(group, rows))

/** Those and the ones of our own. */
export const OWN_OPTIONS: readonly SimulateOption[] = [...OPTIONS, ...toOptions('folder', FOLDER_ROWS)]

function toOptions(group: OptionGroup, rows: readonly Row[]): readonly SimulateOption[] {
  return rows.map(([short, long, kind, value, help]) => ({ short, long, kind, group, value, help }))
}
