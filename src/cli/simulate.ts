/** Registers `quorate simulate`; the work, and what it needs, is loaded when the command is called. Source: spec D-1. */
import type { Command } from 'commander'
import type { SimulateFlags } from './simulate-run.ts'

/** Registers the command `simulate` on `program`. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('show a cluster’s status from its CIB, as crm_simulate does')
    .option('-x, --xml-file <file>', 'the CIB; .bz2 is decompressed')
    .option('-p, --xml-pipe', 'read the CIB from standard input')
    .option('--batch <folder>', 'a folder of CIB files')
    .option('--out <folder>', 'with --batch: where summary/NAME.summary is written')
    .action(async (flags: SimulateFlags) => {
      process.exitCode = (await import('./simulate-run.ts')).simulate(flags)
    })
}
