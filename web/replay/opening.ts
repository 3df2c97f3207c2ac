/**
 * Files that a user opens: which of them are what, and the scenario that is made of a configuration alone. Knows names and texts only;
 * whether a configuration can be read is found out by running it.
 */
import type { ManagerName } from '../../src/model/names.ts'
import type { SourceFile } from '../../src/model/source.ts'
import { configLines, inlineFiles } from './config-text.ts'

/** What was opened. */
export type Opened =
  | { readonly kind: 'config'; readonly manager: ManagerName; readonly files: readonly SourceFile[] }
  | { readonly kind: 'scenario'; readonly name: string; readonly text: string }
  | { readonly kind: 'trace'; readonly file: SourceFile }
  | { readonly kind: 'unknown'; readonly what: string }

/** Sorts files by what they are: a scenario with what it names, a trace, or a manager's own files. */
export function sortFiles(files: readonly SourceFile[]): Opened {
  const trace = files.find(({ name, text }) => name.endsWith('.jsonl') || text.startsWith('{"kind":"header"'))
  if (trace !== undefined) return { kind: 'trace', file: trace }
  const scenario = files.find(({ name }) => /\.ya?ml$/.test(name))
  if (scenario !== undefined) {
    const { name, text } = scenario
    return { kind: 'scenario', name: name.replace(/\.ya?ml$/, ''), text: inlineFiles(text, files) }
  }
  const cib = files.find(({ name, text }) => /<cib\b/.test(text) || (name.endsWith('.xml') && !/<cluster\b/.test(text)))
  if (cib !== undefined) {
    const corosync = files.filter(({ name }) => name.endsWith('corosync.conf'))
    return { kind: 'config', manager: 'pacemaker', files: [cib, ...corosync] }
  }
  const cluster = files.find(({ name, text }) => /<cluster\b/.test(text) || name.endsWith('cluster.conf'))
  if (cluster !== undefined) return { kind: 'config', manager: 'rgmanager', files: [cluster] }
  const pair = ['ha.cf', 'haresources'].flatMap((end) => files.filter(({ name }) => name.endsWith(end)).slice(0, 1))
  if (pair.length === 2) return { kind: 'config', manager: 'heartbeat', files: pair }
  return { kind: 'unknown', what: pair.length === 1 ? LONELY : UNKNOWN }
}

const LONELY = 'ha.cf and haresources belong together: open both at once'
const UNKNOWN =
  'this is no scenario (*.yaml), CIB (*.xml, *.bz2), cluster.conf, ha.cf with haresources, or trace (*.jsonl)'

/** A misfortune of a story that was made up: a node loses power. */
export interface Blow {
  readonly at: string
  readonly node: string
  readonly lasts: string
  readonly why: string
}

/** The scenario of a configuration alone. A CIB goes on from what it records; for the others there is the standard story. */
export function scenarioOf({ manager, files }: Extract<Opened, { kind: 'config' }>, blow: Blow | undefined): string {
  const name = files[0]!.name
  const quote = (text: string): string => JSON.stringify(text)
  const head =
    manager === 'pacemaker'
      ? [
          `title: ${quote(`What happens next in ${name}`)}`,
          'question: What does this cluster do from here on by itself?',
        ]
      : [
          `title: ${quote(blow === undefined ? name : `The standard story: ${blow.node} loses power and comes back`)}`,
          'question: What does this configuration do when its busiest node dies?',
        ]
  const steps =
    blow === undefined
      ? []
      : [
          'timeline:',
          `  - { at: ${blow.at}, fault: node-crash, node: ${quote(blow.node)}, for: ${blow.lasts}, why: ${quote(blow.why)} }`,
          'expect:',
          '  - never-active-twice',
          '  - settles: { within: 5m }',
        ]
  return [...head, `manager: ${manager}`, ...configLines(files), 'until: 15m', ...steps, ''].join('\n')
}
