/** One random case: what it is, and how the two programs differ on it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstDifference, type Outcome, type Stage } from '../support/stages.ts'
import { bred } from './breed.ts'
import { drawCase } from './cib.ts'
import { drawn } from './draw.ts'
import type { Forms } from './forms.ts'
import { grammarCib } from './grammar.ts'
import { drawOptions, subjectsIn, subjectsOf } from './injections.ts'
import { mutated } from './mutate.ts'
import { type Options, type Reference, runQuorate } from './run-both.ts'
import { readTreeText, type Tree, treeText } from './tree.ts'
import { widened } from './widen.ts'

/** A CIB and the options of the run. */
export interface RandomCase {
  readonly tree: Tree
  readonly options: Options
}

/** The case of a seed: always the same. */
export function caseOfSeed(seed: number): RandomCase {
  return drawn(seed, (draw) => {
    const fuzz = drawCase(draw)
    return { tree: fuzz.tree, options: drawOptions(draw, subjectsOf(fuzz)) }
  })
}

/** The wide case of a seed: that of `caseOfSeed` with additions, and changed at random now and then. Always the same. */
export function wideCaseOfSeed(seed: number): RandomCase {
  return drawn(seed, (draw) => {
    const wide = widened(draw, drawCase(draw).tree)
    const tree = draw.chance(25) ? mutated(draw, wide) : wide
    return { tree, options: drawOptions(draw, subjectsIn(tree)) }
  })
}

/** One of the CIBs in a folder, changed by chance: always the same for the same seed and folder. */
export function mutantOfSeed(seed: number, folder: string): RandomCase {
  const files = xmlFiles(folder)
  return drawn(seed, (draw) => {
    const mutant = mutated(draw, treeOf(folder, draw.pick(files)))
    return { tree: mutant, options: drawOptions(draw, subjectsIn(mutant)) }
  })
}

/** A case from the grammar. Always the same. */
export function grammarCaseOfSeed(seed: number): RandomCase {
  return drawn(seed, (draw) => {
    const tree = grammarCib(draw)
    return { tree, options: drawOptions(draw, subjectsIn(tree)) }
  })
}

/** Two of the CIBs in a folder made one, and changed in most cases: always the same for the same seed and folder. */
export function crossOfSeed(seed: number, folder: string): RandomCase {
  const files = xmlFiles(folder)
  return drawn(seed, (draw) => {
    const [mother, father] = [draw.pick(files), draw.pick(files)]
    const cross = bred(draw, treeOf(folder, mother), treeOf(folder, father))
    const tree = draw.chance(60) ? mutated(draw, cross) : cross
    return { tree, options: drawOptions(draw, subjectsIn(tree)) }
  })
}

function xmlFiles(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.xml'))
    .sort()
}

function treeOf(folder: string, file: string): Tree {
  return readTreeText(readFileSync(join(folder, file), 'utf8'))
}

/** What both said; the stage is that where the difference begins, undefined where there is none. */
export interface Verdict {
  readonly stage: Stage | undefined
  readonly expected: Outcome
  readonly actual: Outcome
}

/** Runs both; undefined where the reference refuses the CIB or gives up. */
export function compareBoth(
  { tree, options }: RandomCase,
  reference: Reference,
  forms: Forms = 'some',
): Verdict | undefined {
  const text = treeText(tree)
  const expected = reference.run(text, options, forms)
  if (expected === undefined) return undefined
  const actual = runQuorate(text, options, forms)
  return { stage: firstDifference(expected, actual), expected, actual }
}
