/**
 * What a variant changes of its scenario, as short lines for the head of a comparison: another manager, texts of its files, options, timings,
 * a timeline of its own. Read out of the two scenarios, so that it is what runs, whatever words asked for it. Judges nothing.
 */
import { rangeOf } from '../kernel/draw.ts'
import { durationText } from '../kernel/time.ts'
import type { SourceFile } from '../model/source.ts'
import type { Scenario, TimingRule } from '../scenario/scenario.ts'

/** The changes in the order of a scenario file; empty where nothing differs. */
export function changesOf(base: Scenario, variant: Scenario): readonly string[] {
  if (base.manager !== variant.manager)
    return [
      `${variant.manager} with ${variant.files.map(({ name }) => name).join(', ')}`,
      ...optionsOf(undefined, variant),
    ]
  return [
    ...variant.files.flatMap((file, index) => fileChanges(base.files[index], file)),
    ...optionsOf(base, variant),
    ...variant.timings.slice(base.timings.length).map(timingText),
    ...(JSON.stringify(base.timeline) === JSON.stringify(variant.timeline) ? [] : ['another timeline']),
  ]
}

function fileChanges(before: SourceFile | undefined, after: SourceFile): readonly string[] {
  if (before === undefined) return [`${after.name} besides`]
  if (before.text === after.text) return []
  if (before.name !== after.name) return [`${after.name} in place of ${before.name}`]
  const [left, right] = [before.text.split('\n'), after.text.split('\n')]
  if (left.length !== right.length) return [`${after.name} has ${right.length} lines in place of ${left.length}`]
  return right.flatMap((line, index) => (line === left[index] ? [] : [lineChange(left[index]!, line)]))
}

/** The words of a line that differ, after the name of what they belong to. */
function lineChange(before: string, after: string): string {
  const [left, right] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < left.length && left[head] === right[head]) head += 1
  let tail = 0
  while (tail < Math.min(left.length, right.length) - head && left.at(-1 - tail) === right.at(-1 - tail)) tail += 1
  const part = (words: readonly string[]): string => pairText(words.slice(head, words.length - tail).join(' '))
  const [gone, come] = [part(left), part(right)]
  const naming = /<nvpair /.test(after) && gone !== '' ? /\bname="([^"]*)"/ : /\b(?:name|id|ref)="([^"]*)"/
  const owner = naming.exec(after)?.[1] ?? (head === 0 ? undefined : left[0])
  const change = gone === '' ? `with ${come}` : come === '' ? `without ${gone}` : `${gone} → ${come}`
  return owner === undefined ? change : `${owner}: ${change}`
}

/** Words of a line; brackets and ends of tags are none. */
function wordsOf(line: string): readonly string[] {
  return (
    line.match(/[^\s<>="]+="[^"]*"|[^\s<>]+/g)?.filter((word) => !word.startsWith('/') || line.indexOf('<') === -1) ??
    []
  )
}

/** A pair of name and value that was put in, as administrators write it. */
function pairText(words: string): string {
  const [, name, value] = /\bname="([^"]*)" value="([^"]*)"/.exec(words) ?? []
  return name === undefined ? words : `${name}=${value}`
}

function optionsOf(base: Scenario | undefined, { options }: Scenario): readonly string[] {
  return options
    .filter(({ name, value }) => !base?.options.some((other) => other.name === name && other.value === value))
    .map(({ name, value }) => `option ${name} ${value}`)
}

function timingText({ operation, subject, distribution }: TimingRule): string {
  const [min, max] = rangeOf(distribution)
  const takes = min === max ? durationText(min) : `${durationText(min)}..${durationText(max)}`
  return `${operation}${subject === '*' ? '' : ` of ${subject}`} takes ${takes}`
}
