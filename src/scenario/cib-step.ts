/**
 * Steps that change Pacemaker's CIB at an instant: `cib: FILE`, or `create`, `modify`, `replace`, `delete` with XML inline (or the name of
 * a file beside the scenario). They become what an administrator would type, `cibadmin --modify --xml-text XML`; the manager reads the
 * XML. Source: issue 5, item 4; cibadmin(8).
 */
import type { Millis } from '../kernel/time.ts'
import type { Path } from './document.ts'
import { checkKeys, located, type Reader } from './reader.ts'
import type { Step } from './scenario.ts'

/** Reads `op: db_monitor_10000@n2=7`, the result of an operation as administrators write it for crm_simulate. */
export function readOpStep(reader: Reader, step: Omit<CibStep, 'change'>, path: Path): readonly Step[] {
  const { entry, at, why } = step
  checkKeys(reader, entry, path, ['at', 'op', 'why'])
  const text = String(entry['op'])
  const node = /@([^=]+)=/.exec(text)?.[1]
  if (node === undefined)
    reader.document.complain([...path, 'op'], `"${text}" is no operation`, 'write RESOURCE_TASK_INTERVAL@NODE=RC')
  if (node === undefined || at === undefined) return []
  return [located(reader, path, { kind: 'command', at, node: node.toLowerCase(), words: ['inject', text], why })]
}

/** A step as it was written. */
export interface CibStep {
  readonly entry: Record<string, unknown>
  readonly change: 'cib' | 'create' | 'delete' | 'modify' | 'replace'
  readonly at: Millis | undefined
  readonly why: string
}

/** Reads such a step. */
export function readCibStep(reader: Reader, step: CibStep, path: Path): readonly Step[] {
  const { entry, change, at, why } = step
  const { document } = reader
  checkKeys(reader, entry, path, ['at', change, 'on', 'why'])
  if (typeof entry['on'] !== 'string')
    document.complain(path, 'a change of the CIB needs a node on which it is done', 'write `on: NODE`')
  const value = String(entry[change]).trim()
  const file = value.startsWith('<') ? undefined : value
  const text = file === undefined ? value : reader.fileBeside(file)
  if (text === undefined)
    document.complain(
      [...path, change],
      `there is no file "${value}" beside the scenario`,
      'name a file relative to the scenario, or write XML here behind `|`',
    )
  if (text === undefined || at === undefined) return []
  const operation = `--${change === 'cib' ? 'replace' : change}`
  const named = file === undefined ? [] : ['--xml-file', file]
  const words = ['cibadmin', operation, ...named, '--xml-text', text]
  const shown = file === undefined ? {} : { shown: ['cibadmin', operation, ...named].join(' ') }
  return [located(reader, path, { kind: 'command', at, node: String(entry['on']).toLowerCase(), words, ...shown, why })]
}
