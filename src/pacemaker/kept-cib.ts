/**
 * The CIB on a node's disk: what was changed in its configuration, and its version as of the last change. It outlives daemons and power;
 * the status section is never kept. A node that starts goes on from it, and in a join the newest of all counts. Source: spec E-4.5, E-9.3
 * (a rebooted node may carry the newer one); found by a cluster that was stopped as a whole in maintenance.
 */
import type { CibEdit } from '../cib/configuration.ts'
import type { XmlElement } from '../cib/xml.ts'
import type { DaemonContext } from '../manager/contract.ts'
import type { CibVersion } from './config.ts'
import { editConfiguration } from './edit-document.ts'
import type { PacemakerState } from './state.ts'

const FILE = 'cib.xml'

/** An element as it is written: no parent, pairs for attributes. */
interface Written {
  readonly name: string
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly children: readonly Written[]
  readonly line: number
  readonly column: number
}

interface Kept {
  readonly edits: readonly {
    readonly operation: CibEdit['operation']
    readonly section?: string
    readonly element: Written
  }[]
  readonly version: CibVersion
}

/** Writes what the configuration has become. Changes the node's disk. */
export function keepCib({ cib }: PacemakerState, { disk }: DaemonContext): void {
  const edits = cib.configuration.document?.edits
  if (edits === undefined || disk === undefined) return
  const written = edits.map(({ operation, section, element }) => ({
    operation,
    ...(section === undefined ? {} : { section }),
    element: toWritten(element),
  }))
  disk.set(FILE, JSON.stringify({ edits: written, version: cib.version } satisfies Kept))
}

/** Takes up what was written; nothing where nothing was. Changes `state.cib`. */
export function recallCib(state: PacemakerState, { disk }: DaemonContext): void {
  const text = disk?.get(FILE)
  if (text === undefined) return
  // Only keepCib writes this file.
  const { edits, version } = JSON.parse(text) as Kept
  const read = edits.map(({ element, ...edit }) => ({ ...edit, element: toRead(element) }))
  const configuration = editConfiguration(state.cib.configuration, read)
  if (typeof configuration !== 'string') state.cib = { ...state.cib, configuration, version }
}

function toWritten({ name, attributes, children, line, column }: XmlElement): Written {
  return { name, attributes: [...attributes], children: children.map(toWritten), line, column }
}

function toRead({ name, attributes, children, line, column }: Written): XmlElement {
  const element: XmlElement = { name, attributes: new Map(attributes), children: [], parent: undefined, line, column }
  for (const child of children) element.children.push(Object.assign(toRead(child), { parent: element }))
  return element
}
