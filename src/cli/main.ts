#!/usr/bin/env node
/** The command line: reads words, calls one function, sets the exit code. Commands are loaded when they are called, so that help is quick. */
import './engine.ts'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { VERSION } from '../run/version.ts'
import { CommandError, EXIT, note } from './console.ts'

// A reader that closes its end early (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? EXIT.held : EXIT.ownFault),
)

const program = new Command('quorate')

program
  .description(
    'A deterministic simulator of high-availability clusters: real configuration and a script of misfortunes in, a trace out.',
  )
  .version(VERSION)
  .showHelpAfterError('(quorate --help lists the commands)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  quorate run scenarios/basics/first-failover.yaml        the story, and whether it went as expected
  quorate run /etc/ha.d                                   the standard story of a pair: power loss and return
  quorate run /etc/cluster/cluster.conf                   the same for RGManager
  quorate run s.yaml --seed 7 --trace s.jsonl             keep the trace
  quorate compare scenarios/incidents/i01-power-loss.yaml three managers, one incident
  quorate verify s.yaml                                   run twice, compare every record
  quorate export s.jsonl --as perfetto > s.json           open it in the Perfetto viewer
  quorate explain cib.xml --resource db                   why Pacemaker runs db where it does
  quorate ui                                              the page

stdout is data, stderr is progress. Exit codes: 0 held, 1 an expectation was violated, 2 bad usage or input, 3 a fault of Quorate.`,
  )

program
  .command('run')
  .description(
    'run a scenario (a YAML file, a cluster.conf, or a folder with ha.cf and haresources or a cluster.conf) and tell its story',
  )
  .argument('<scenario>', 'scenario file or folder')
  .option('-s, --seed <number>', 'the seed; absent: the scenario’s own', wholeNumber)
  .option('-t, --trace <file>', 'write the trace as JSON Lines; - for stdout (with --quiet)')
  .option('-m, --messages', 'record routine messages (heartbeats) too')
  .option('-q, --quiet', 'verdicts only, no story')
  .option('--json', 'verdicts as JSON')
  .action(async (path, flags) => end((await import('./run.ts')).runCommand(path, flags)))

program
  .command('verify')
  .description('run a scenario twice, with both machine engines, and show the first record that differs')
  .argument('<scenario>', 'scenario file or folder')
  .option('-s, --seed <number>', 'the seed', wholeNumber)
  .option('--json', 'the answer as JSON')
  .action(async (path, flags) => end((await import('./run.ts')).verifyCommand(path, flags)))

program
  .command('compare')
  .description('run a scenario and its variants with the same seed and the same faults, and show how they differ')
  .argument('<scenario>', 'scenario file with variants, or a folder of them for one table')
  .option('-s, --seed <number>', 'the seed', wholeNumber)
  .option('--markdown', 'one row for each scenario, as a Markdown table')
  .option('--json', 'the figures as JSON')
  .action(async (path, flags) => end((await import('./compare.ts')).compareCommand(path, flags)))

program
  .command('check')
  .description('say whether a scenario can run, with every error’s line and column')
  .argument('<scenario>', 'scenario file or folder')
  .action(async (path) => end((await import('./run.ts')).checkCommand(path)))

program
  .command('replay')
  .description('tell the story of a stored trace and judge it again')
  .argument('<trace>', 'trace file (JSON Lines)')
  .option('--json', 'verdicts as JSON')
  .action(async (path, flags) => end((await import('./traces.ts')).replayCommand(path, flags)))

program
  .command('diff')
  .description('show the first record in which two stored traces differ')
  .argument('<left>', 'trace file')
  .argument('<right>', 'trace file')
  .option('--json', 'the answer as JSON')
  .action(async (left, right, flags) => end((await import('./traces.ts')).diffCommand(left, right, flags)))

program
  .command('export')
  .description('write a stored trace in another form to stdout: jsonl, csv, perfetto, svg, story')
  .argument('<trace>', 'trace file')
  .requiredOption('--as <format>', 'the form')
  .action(async (path, flags) => end((await import('./traces.ts')).exportCommand(path, flags)))

program
  .command('schema')
  .description('print the JSON Schema of scenario files, for editors (published as scenarios/scenario.schema.json)')
  .action(async () => {
    const [{ scenarioJsonSchema }, { VOCABULARY }] = await Promise.all([
      import('../scenario/schema.ts'),
      import('../run/vocabulary.ts'),
    ])
    process.stdout.write(`${JSON.stringify(scenarioJsonSchema(VOCABULARY), null, 2)}\n`)
  })

program
  .command('explain')
  .description(
    'say why a Pacemaker cluster places, starts, stops, moves or fences as it does, down to the line of the CIB',
  )
  .argument('<cib>', 'CIB file (XML, also .bz2); - is standard input')
  .option('-r, --resource <id>', 'a primitive, group, clone or bundle; with or without :N')
  .option('-n, --node <name>', 'with --resource: this node only; alone: why it is fenced, shut down, or left alone')
  .option('-t, --set-datetime <datetime>', 'judge as of then (ISO 8601); absent: the CIB’s execution-date, or now')
  .option('--json', 'the same as data')
  .addHelpText(
    'after',
    `
Scores are given as terms that add up to them; every term and reason with the line it stands on.

Examples:
  quorate explain cib.xml                        everything that would happen, with reasons
  quorate explain cib.xml --resource db          where db runs and why, its score on each node, what happens with it
  quorate explain cib.xml --resource db --node n2    why (not) there
  quorate explain pe-input-7.bz2 --node n2       why n2 is fenced
  cibadmin -Q | quorate explain - --resource db`,
  )
  .action(async (path, flags) => end(await (await import('./explain.ts')).explainCommand(path, flags)))

program
  .command('ui')
  .description('serve the page on 127.0.0.1 (PORT chooses the port) and open it where there is a browser')
  .action(async () => (await import('./ui.ts')).uiCommand())

// Only for the list of commands: crm_simulate's command line has rules of its own, and is read without commander.
program.command('simulate').description('decide and simulate as crm_simulate does, from a CIB; takes its options')

try {
  if (process.argv[2] === 'simulate') end(await simulate(process.argv.slice(3)))
  else await program.parseAsync()
} catch (error) {
  process.exitCode = fail(error)
}

async function simulate(words: readonly string[]): Promise<number> {
  const [{ simulateCommand }, { OWN_OPTIONS }] = await Promise.all([
    import('./simulate.ts'),
    import('./simulate-options.ts'),
  ])
  return simulateCommand({
    program: 'quorate simulate',
    words,
    options: OWN_OPTIONS,
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
  })
}

function end(code: number): void {
  process.exitCode = code
}

function fail(error: unknown): number {
  // Commander has printed its message, or the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.held : EXIT.badInput
  if (error instanceof CommandError) {
    note(error.message)
    return error.code
  }
  note(error instanceof Error ? `a fault of Quorate ${VERSION}: ${error.stack}` : String(error))
  return EXIT.ownFault
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number is wanted')
  return value
}
