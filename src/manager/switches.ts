/**
 * Version switches of a manager, as a scenario's `options` set them: each has a few words to choose from, the first of which counts where
 * none is given. What is not known is an error that lists all that is.
 */
import type { ManagerName } from '../model/names.ts'
import type { Problem } from '../model/problem.ts'
import type { Parameter } from '../model/resource.ts'

/** Names of switches with their words, the default first. */
export type SwitchTable = ReadonlyMap<string, readonly string[]>

/** Reads `options` by the table; gives the word of each switch, and adds a problem for each option that is not in it. */
export function readSwitches(
  manager: ManagerName,
  table: SwitchTable,
  options: readonly Parameter[],
  problems: Problem[],
): (name: string) => string {
  const chosen = new Map<string, string>()
  for (const { name, value } of options) {
    if (table.get(name)?.includes(value)) chosen.set(name, value)
    else problems.push(unknown(manager, table, name, value))
  }
  return (name) => chosen.get(name) ?? table.get(name)![0]!
}

function unknown(manager: ManagerName, table: SwitchTable, name: string, value: string): Problem {
  const known = [...table].map(([entry, words]) => `${entry}: ${words.join(' or ')}`)
  return {
    severity: 'error',
    file: 'options',
    line: 0,
    column: 0,
    what: `${manager} has no option ${name} with value ${value}`,
    advice: `known are ${known.join(', ')}`,
  }
}
