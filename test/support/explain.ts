/** Explanations of small clusters as text, with one element of the CIB on each line, so that lines in them mean something. */
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import { decide, type Explanation, explain, type Question } from '../../src/crmsim/explain.ts'
import { explanationText } from '../../src/crmsim/explain-text.ts'
import { type SmallCluster, smallCib } from './small-cluster.ts'

/** What differs from a small cluster: also defaults, and changes to the text of the CIB. */
export interface ToldCluster extends SmallCluster {
  /** Content of `rsc_defaults`. */
  readonly defaults?: string
  readonly change?: (text: string) => string
}

/** The CIB, an element a line. */
export function cibOf({ defaults = '', change = (text) => text, ...cluster }: ToldCluster): string {
  const text = smallCib(cluster).replace('</configuration>', `<rsc_defaults>${defaults}</rsc_defaults></configuration>`)
  return change(text.replaceAll(/>\s*</g, '>\n<'))
}

/** The answer as data. */
export function answer(cluster: ToldCluster, question: Question): Explanation {
  const { value, problems } = readCib(cibOf(cluster), 'cib.xml')
  if (value === undefined) throw new Error(problems[0]?.what)
  const found = explain(decide(unpackCluster(value, 1_700_000_000)), question)
  if (found === undefined) throw new Error('nothing has this name')
  return found
}

/** The answer as text. */
export function told(cluster: ToldCluster, question: Question): string {
  return `\n${explanationText(answer(cluster, question), 'cib.xml')}`
}
