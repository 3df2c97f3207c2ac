/** One random case: what it is, and how the two programs differ on it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstDifference, type Outcome, type Stage } from '../support/stages.ts'
import { drawCase } from './cib.ts'
import { drawn } from './draw.ts'
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
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.xml'))
    .sort()
  return drawn(seed, (draw) => {
    const tree = readTreeText(readFileSync(join(folder, draw.pick(files)), 'utf8'))
    const mutant = mutated(draw, tree)
    return { tree: mutant, options: drawOptions(draw, subjectsIn(mutant)) }
  })
}

/** What both said; the stage is that where the difference begins, undefined where there is none. */
export interface Verdict {
  readonly stage: Stage | undefined
  readonly expected: Outcome
  readonly actual: Outcome
}

/** Runs both; undefined where the reference refuses the CIB or gives up. */
export function compareBoth({ tree, options }: RandomCase, reference: Reference): Verdict | undefined {
  const text = treeText(tree)
  const expected = reference.run(text, options)
  if (expected === undefined) return undefined
  const actual = runQuorate(text, options)
  return { stage: firstDifference(expected, actual), expected, actual }
}
