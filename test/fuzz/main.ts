/**
 * `npm run fuzz:scheduler -- --count N --seed S [--out DIR] [--no-shrink] [--wide | --grammar | --mutate DIR | --breed DIR | --file CIB] [--all-forms]`: random CIBs (or
 * changed ones of a folder, or crossed ones, or one file) through Quorate and through the reference tool. Prints a line for each difference: the seed, the stage
 * where it begins, and the folder with the small CIB.
 *
 * Case N of seed S is case 1 of seed S+N-1. Ends with 1 where a difference was found, with 2 where the reference is not installed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { differenceText, type Outcome, type Stage } from '../support/stages.ts'
import {
  caseOfSeed,
  compareBoth,
  crossOfSeed,
  grammarCaseOfSeed,
  mutantOfSeed,
  type RandomCase,
  wideCaseOfSeed,
} from './cases.ts'
import type { Forms } from './forms.ts'
import { hasReference, type Options, Reference } from './run-both.ts'
import { shrinkList, shrinkTree } from './shrink.ts'
import { readTreeText, type Tree, treeText } from './tree.ts'

interface Settings {
  readonly count: number
  readonly seed: number
  readonly out: string
  readonly shrinks: boolean
  /** Random CIBs with additions (widen.ts). */
  readonly isWide: boolean
  /** CIBs from the grammar (grammar.ts). */
  readonly isGrammar: boolean
  /** A folder of CIBs that are changed at random instead of made so. */
  readonly mutate: string | undefined
  /** A folder of CIBs of which two at a time become one. */
  readonly breed: string | undefined
  /** Which forms of the answers are compared. */
  readonly forms: Forms
  /** A CIB file to compare and shrink instead of random ones. */
  readonly file: string | undefined
}

const ATTEMPTS_MAX = 3000

process.exitCode = main(process.argv.slice(2))

function main(words: readonly string[]): number {
  const settings = toSettings(words)
  if (!hasReference()) {
    process.stderr.write('crm_simulate 2.1.5 is not installed here: nothing to compare with\n')
    return 2
  }
  const reference = new Reference()
  try {
    return settings.file === undefined ? runAll(settings, reference) : runFile(settings, reference)
  } finally {
    reference.close()
  }
}

function toSettings(words: readonly string[]): Settings {
  const value = (name: string): string | undefined => {
    const at = words.indexOf(name)
    return at < 0 ? undefined : words[at + 1]
  }
  return {
    count: Number(value('--count') ?? 100),
    seed: Number(value('--seed') ?? 1),
    out: value('--out') ?? join(tmpdir(), 'quorate-fuzz'),
    shrinks: !words.includes('--no-shrink'),
    isWide: words.includes('--wide'),
    isGrammar: words.includes('--grammar'),
    mutate: value('--mutate'),
    breed: value('--breed'),
    forms: words.includes('--all-forms') ? 'all' : 'some',
    file: value('--file'),
  }
}

function toCase({ mutate, breed, isGrammar, isWide }: Settings, seed: number): RandomCase {
  if (mutate !== undefined) return mutantOfSeed(seed, mutate)
  if (breed !== undefined) return crossOfSeed(seed, breed)
  if (isGrammar) return grammarCaseOfSeed(seed)
  return isWide ? wideCaseOfSeed(seed) : caseOfSeed(seed)
}

function runAll(settings: Settings, reference: Reference): number {
  const { count, seed, out, shrinks, forms } = settings
  const stages = new Map<Stage, number>()
  let refused = 0
  for (let at = 0; at < count; at++) {
    const { tree, options } = toCase(settings, seed + at)
    const name = String(seed + at)
    const verdict = compareBoth({ tree, options }, reference, forms)
    if (verdict === undefined) refused++
    else if (verdict.stage !== undefined) {
      stages.set(verdict.stage, (stages.get(verdict.stage) ?? 0) + 1)
      report({ name, tree, options, stage: verdict.stage, out, shrinks, forms }, reference)
    }
    if ((at + 1) % 100 === 0) process.stdout.write(`${at + 1} of ${count} done\n`)
  }
  const found = [...stages.values()].reduce((sum, number) => sum + number, 0)
  const table = [...stages].map(([stage, number]) => `${stage} ${number}`).join(', ')
  process.stdout.write(
    `${count} CIBs, ${refused} refused by the reference, ${found} differ${found > 0 ? `: ${table}` : ''}\n`,
  )
  return found > 0 ? 1 : 0
}

function runFile({ file, out, shrinks, forms }: Settings, reference: Reference): number {
  const tree = readTreeText(readFileSync(file!, 'utf8'))
  const verdict = compareBoth({ tree, options: [] }, reference, forms)
  if (verdict?.stage === undefined) {
    process.stdout.write(verdict === undefined ? 'refused by the reference\n' : 'equal\n')
    return verdict === undefined ? 2 : 0
  }
  report({ name: 'file', tree, options: [], stage: verdict.stage, out, shrinks, forms }, reference)
  return 1
}

interface Found {
  readonly name: string
  readonly tree: Tree
  readonly options: Options
  readonly stage: Stage
  readonly out: string
  readonly shrinks: boolean
  readonly forms: Forms
}

function report({ name, tree, options, stage, out, shrinks, forms }: Found, reference: Reference): void {
  const hasThrown = (outcome: Outcome): boolean => outcome.exit === -1
  const threw = hasThrown(compareBoth({ tree, options }, reference, forms)!.actual)
  const differs = (candidate: Tree, with_: Options): boolean => {
    const verdict = compareBoth({ tree: candidate, options: with_ }, reference, forms)
    return verdict !== undefined && verdict.stage === stage && hasThrown(verdict.actual) === threw
  }
  const fewer = shrinks ? shrinkList(options, (list) => differs(tree, list)) : options
  const small = shrinks ? shrinkTree(tree, (candidate) => differs(candidate, fewer), ATTEMPTS_MAX) : tree
  const { expected, actual } = compareBoth({ tree: small, options: fewer }, reference, forms)!
  const folder = join(out, name)
  mkdirSync(folder, { recursive: true })
  const put = (file: string, text: string): void => writeFileSync(join(folder, file), text)
  const words = fewer.flat().join(' ')
  put('cib.xml', treeText(small))
  put('full.xml', treeText(tree))
  put('options', `${words}\n`)
  put('expected', expected.text)
  put('expected.exp', expected.graph)
  put('actual', actual.text)
  put('actual.exp', actual.graph)
  const difference = differenceText(expected, actual, stage)
  put('diff', `stage ${stage}${words === '' ? '' : `, options ${words}`}\n${difference}\n`)
  const shown = difference
    .split('\n')
    .slice(0, 6)
    .map((line) => `    ${line.slice(0, 200)}`)
  process.stdout.write(`seed ${name}: ${stage}${words === '' ? '' : ` (${words})`} ${folder}\n${shown.join('\n')}\n`)
}
