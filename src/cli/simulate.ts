/**
 * Registers `quorate simulate`; the work, and what it needs, is loaded when the command is called.
 *
 * The options are those of crm_simulate 2.1.5 with their short and long names, so that scripts need not be changed. Source: spec D-1.
 */
import type { Command } from 'commander'

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
  readonly repeat?: string
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
  readonly liveCheck?: boolean
  readonly xmlFile?: string
  readonly xmlPipe?: boolean
  readonly verbose?: number
  readonly quiet?: boolean
  readonly outputAs?: string
  readonly outputTo?: string
  readonly textFancy?: boolean
  readonly batch?: string
  readonly out?: string
}

/** Registers the command `simulate` on `program`. */
export function addSimulateCommand(program: Command): void {
  const command = program.command('simulate').description('decide and simulate as crm_simulate does, from a CIB')
  addSimulateOptions(command)
  command
    .option('--batch <folder>', 'a folder of CIB files, all in one process')
    .option('--out <folder>', 'with --batch: where summary/, scores/, exp/ and dot/ are written')
    .action(async (flags: SimulateFlags) => {
      process.exitCode = (await import('./simulate-run.ts')).simulate(flags)
    })
}

/** The options of the reference tool. */
export function addSimulateOptions(command: Command): Command {
  const list = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value]
  return command
    .option('-R, --run', 'show what actions the cluster will take')
    .option('-S, --simulate', 'like --run, but also simulate the actions and show the resulting status')
    .option('-X, --in-place', 'like --simulate, but also store the results in the input file')
    .option('-A, --show-attrs', 'show node attributes')
    .option('-c, --show-failcounts', 'show resource fail counts')
    .option('-s, --show-scores', 'show allocation scores')
    .option('-U, --show-utilization', 'show utilization information')
    .option('-P, --profile <dir>', 'process all the XML files of a folder and show how long each takes')
    .option('-N, --repeat <n>', 'with --profile: repeat each file N times')
    .option('-j, --pending', 'accepted, without effect: pending operations are always shown')
    .option('-u, --node-up <node>', 'bring a node online', list)
    .option('-d, --node-down <node>', 'take a node offline', list)
    .option('-f, --node-fail <node>', 'have a node fail', list)
    .option('-i, --op-inject <opspec>', 'inject the result RSC_TASK_INTERVAL@NODE=RC before scheduling', list)
    .option('-F, --op-fail <opspec>', 'if RSC_TASK_INTERVAL@NODE occurs in the simulation, have it fail with =RC', list)
    .option('-t, --set-datetime <datetime>', 'set date and time (ISO 8601)')
    .option('-q, --quorum <quorum>', '1 or true: the cluster has quorum')
    .option('-w, --watchdog <device>', '1 or true: the cluster has an active watchdog device')
    .option('-g, --ticket-grant <ticket>', 'grant a ticket', list)
    .option('-r, --ticket-revoke <ticket>', 'revoke a ticket', list)
    .option('-b, --ticket-standby <ticket>', 'put a ticket in standby', list)
    .option('-e, --ticket-activate <ticket>', 'activate a ticket', list)
    .option('-I, --save-input <file>', 'save the CIB after injections')
    .option('-O, --save-output <file>', 'save the resulting CIB')
    .option('-G, --save-graph <file>', 'save the transition graph (XML)')
    .option('-D, --save-dotfile <file>', 'save the transition graph (DOT)')
    .option('-a, --all-actions', 'with --save-dotfile: all actions, even those that are no part of the transition')
    .option('-L, --live-check', 'use the CIB of a running cluster (there is none here)')
    .option('-x, --xml-file <file>', 'the CIB; .bz2 is decompressed; - is standard input')
    .option('-p, --xml-pipe', 'read the CIB from standard input')
    .option('-V, --verbose', 'more diagnostics; may be repeated', (_value, before: number | undefined) => (before ?? 0) + 1)
    .option('-Q, --quiet', 'display only essential output')
    .option('--output-as <format>', 'text (default) or xml')
    .option('--output-to <file>', 'where the output goes; - is standard output')
    .option('--text-fancy', 'headers and bullets also with scores')
}
