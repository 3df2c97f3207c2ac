#!/usr/bin/env node
/** A drop-in for crm_simulate: its command line, its output, its exit codes. Nothing is loaded here but the reader of options. */
import './engine.ts'
import { basename } from 'node:path'
import { simulateCommand } from './simulate.ts'
import { OPTIONS } from './simulate-options.ts'

// A reader that closes its end early (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

const [, path = '', ...words] = process.argv
process.exitCode = await simulateCommand({
  program: basename(path, '.js'),
  words,
  options: OPTIONS,
  print: (text) => void process.stdout.write(text),
  complain: (text) => void process.stderr.write(text),
})
