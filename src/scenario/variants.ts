/**
 * Variants of a scenario: the same seed and the same misfortunes under another manager with its own files, or under the same one with
 * changed texts, options or timings. Each becomes a whole scenario; names that differ are translated part by part, and every part keeps
 * its place in the file.
 */
import type { Expectation } from '../model/expectation.ts'
import type { SourceFile } from '../model/source.ts'
import type { Argument, ArgumentValue } from '../model/vocabulary.ts'
import type { Path } from './document.ts'
import {
  type Reader,
  readExpectations,
  readFiles,
  readManager,
  readOptions,
  readTimeline,
  readTimings,
  type ScenarioSource,
} from './reader.ts'
import type { Scenario, Step, Variant } from './scenario.ts'
import type { VariantTop } from './schema.ts'

/** Reads the variants of `base`. */
export function readVariants(
  reader: Reader,
  tops: readonly VariantTop[],
  base: Scenario,
  source: ScenarioSource,
): readonly Variant[] {
  return tops.map((top, index) => {
    const path: Path = ['variants', index]
    if (tops.findIndex((other) => other.name === top.name) < index || top.name === base.manager)
      reader.document.complain([...path, 'name'], `there is a variant "${top.name}" already`, 'names tell rows apart')
    const names = new Map(Object.entries(top.names ?? {}))
    const scenario = derive(reader, top, path, { base, source, names })
    reader.places.set(scenario, reader.document.placeOf(path))
    return { name: top.name, scenario, names }
  })
}

interface Origin {
  readonly base: Scenario
  readonly source: ScenarioSource
  readonly names: ReadonlyMap<string, string>
}

function derive(reader: Reader, top: VariantTop, path: Path, { base, source, names }: Origin): Scenario {
  const manager = top.manager === undefined ? base.manager : readManager(reader, top.manager, [...path, 'manager'])
  const isSame = manager === base.manager
  if (!isSame && top.config === undefined)
    reader.document.complain(path, `this variant runs ${manager} and has no files of its own`, 'give it a `config`')
  const files = top.config === undefined ? base.files : readFiles(reader, top.config, [...path, 'config'], source)
  const own = readOptions(top.options)
  const kept = isSame ? base.options.filter(({ name }) => !own.some((option) => option.name === name)) : []
  return {
    ...base,
    manager,
    files: replaceTexts(reader, top, path, files),
    options: [...kept, ...own],
    timings: [
      ...base.timings.map((rule) => renamed(reader, rule, { subject: nameIn(names, rule.subject) })),
      ...readTimings(reader, top.timings, [...path, 'timings']),
    ],
    power: base.power.map((rule) => renamed(reader, rule, { node: nameIn(names, rule.node) })),
    timeline:
      top.timeline === undefined
        ? base.timeline.flatMap((step) => translate(reader, step, names, top.commands ?? {}))
        : readTimeline(reader, top.timeline, [...path, 'timeline']),
    chaos: base.chaos.map((rule) =>
      renamed(reader, rule, { arguments: rule.arguments.map((arg) => argumentIn(names, arg)) }),
    ),
    expectations:
      top.expect === undefined
        ? base.expectations.map((entry) => expectationIn(reader, entry, names))
        : readExpectations(reader, top.expect, [...path, 'expect']),
  }
}

/** Texts of the files with what stands in their place; one that does not occur is a mistake. */
function replaceTexts(
  { document }: Reader,
  { replace = {} }: VariantTop,
  path: Path,
  files: readonly SourceFile[],
): readonly SourceFile[] {
  let made = files
  for (const [before, after] of Object.entries(replace)) {
    if (!made.some(({ text }) => text.includes(before)))
      document.complain([...path, 'replace', before], `no file has the text "${before}"`, 'copy it from the file', {
        at: 'key',
      })
    made = made.map(({ name, text }) => ({ name, text: text.replaceAll(before, after) }))
  }
  return made
}

/** A copy of a part with other names, at the same place of the file. */
function renamed<T extends object>({ places }: Reader, part: T, change: Partial<T>): T {
  const copy = { ...part, ...change }
  const place = places.get(part)
  if (place !== undefined) places.set(copy, place)
  return copy
}

function translate(
  reader: Reader,
  step: Step,
  names: ReadonlyMap<string, string>,
  commands: Readonly<Record<string, string>>,
): readonly Step[] {
  if (step.kind === 'fault')
    return [renamed(reader, step, { arguments: step.arguments.map((argument) => argumentIn(names, argument)) })]
  const text = commands[step.words.join(' ')] ?? step.words.join(' ')
  // Where nothing is typed instead, the step has no counterpart here.
  if (text === '') return []
  return [renamed(reader, step, { words: text.split(' '), node: nameIn(names, step.node) })]
}

function nameIn(names: ReadonlyMap<string, string>, name: string): string {
  return names.get(name) ?? name
}

function argumentIn(names: ReadonlyMap<string, string>, { name, value }: Argument): Argument {
  return { name, value: valueIn(names, value) }
}

function valueIn(names: ReadonlyMap<string, string>, value: ArgumentValue): ArgumentValue {
  if (typeof value === 'string') return nameIn(names, value)
  if (!Array.isArray(value)) return value
  return value.map((entry) =>
    typeof entry === 'string' ? nameIn(names, entry) : entry.map((name: string) => nameIn(names, name)),
  ) as ArgumentValue
}

function expectationIn(reader: Reader, entry: Expectation, names: ReadonlyMap<string, string>): Expectation {
  const args = entry.arguments.map(({ name, value }) => ({
    name,
    value: typeof value === 'string' ? nameIn(names, value) : value,
  }))
  return renamed(reader, entry, { arguments: args })
}
