/** The help of the simulator's command line, made from the table of its options. */
import type { OptionGroup, SimulateOption } from './simulate-options.ts'

const TITLES: readonly (readonly [OptionGroup, string])[] = [
  ['general', 'General:'],
  ['output', 'Output:'],
  ['operations', 'What to do:'],
  ['synthetic', 'Events to put into the cluster first:'],
  ['artifact', 'Files to write:'],
  ['source', 'Where the CIB comes from:'],
  ['folder', 'Many files at once:'],
]

/** The whole help, or that of one group. */
export function helpText(program: string, options: readonly SimulateOption[], group: OptionGroup | undefined): string {
  const lines = [
    `Usage: ${program} [options]`,
    '',
    'Decides what a Pacemaker 2.1.5 cluster would do in the state that a CIB describes, and simulates that it does it.',
    'Takes the options of crm_simulate and answers in its words.',
  ]
  for (const [name, title] of TITLES) {
    const members = options.filter((option) => option.group === name)
    if (members.length === 0 || (group !== undefined && group !== name)) continue
    lines.push('', title, ...members.map(optionText))
  }
  return `${[...lines, ...(group === undefined ? AFTER.map((line) => line.replaceAll('%', program)) : [])].join('\n')}\n`
}

const COLUMN = 32

function optionText({ short, long, value, help }: SimulateOption): string {
  const names = `  ${short === '' ? '    ' : `-${short}, `}--${long}${value === '' ? '' : `=${value}`}`
  return `${names.padEnd(COLUMN)} ${help}`
}

const AFTER = [
  '',
  'An OPSPEC is RESOURCE_TASK_INTERVAL@NODE=CODE: the operation, its interval in milliseconds, the node and what the agent returns.',
  '--help-output, --help-operations, --help-synthetic, --help-artifact and --help-source show one part of this text.',
  '',
  'Examples:',
  '  % -S -x cib.xml                              decide, carry out, show what results',
  '  % -sx cib.xml                                with scores',
  '  % -S -x cib.xml -F db_start_0@node1=1 -O after.xml',
  '                                               have a start fail, keep the CIB',
  '  % -S -x after.xml                            and see how the cluster reacts',
]
