/** What an administrator types. Source: spec E-10. */
import type { DaemonContext } from '../manager/contract.ts'
import type { PacemakerState } from './state.ts'

/** What is wrong with a command, or undefined. */
export function checkCommand(words: readonly string[]): string | undefined {
  const [word = ''] = words[0] === 'pacemaker' ? words.slice(1) : words
  if (['start', 'stop', 'shutdown', 'reboot'].includes(word)) return undefined
  return `Pacemaker knows no command "${word}"`
}

/** Carries out a command. */
export function command(_state: PacemakerState, _context: DaemonContext, _words: readonly string[]): void {}
