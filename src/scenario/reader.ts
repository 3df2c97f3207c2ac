/**
 * Reads a scenario: YAML in, a Scenario and problems out, each with file, line, column and what to do. What a fault needs is checked
 * against the vocabulary; whether its nodes and resources exist is checked against the cluster's shape (`checkNames`), once the
 * manager's own files have been read.
 */
import type { Distribution } from '../kernel/draw.ts'
import { fixed, uniform } from '../kernel/draw.ts'
import { durationText, type Millis, parseDuration } from '../kernel/time.ts'
import type { Expectation } from '../model/expectation.ts'
import { MANAGER_NAMES, type ManagerName } from '../model/names.ts'
import { hasErrors, type Reading } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'
import { suggest } from '../model/suggest.ts'
import type { Argument, ParameterSpec, Vocabulary, WordSpec } from '../model/vocabulary.ts'
import { readArgument } from './argument.ts'
import { readCibStep, readOpStep } from './cib-step.ts'
import { type Path, type Place, parseYaml, type YamlDocument } from './document.ts'
import {
  type ChaosRule,
  type PowerRule,
  SCENARIO_DEFAULTS,
  type Scenario,
  type Step,
  type TimingRule,
} from './scenario.ts'
import { CIB_WORDS, type ScenarioTop, scenarioTop } from './schema.ts'
import { readVariants } from './variants.ts'

/** Where a scenario comes from and how the files beside it are found. */
export interface ScenarioSource extends SourceFile {
  /** The text of a file named in `config`, or undefined where there is none. */
  readonly fileBeside: (name: string) => string | undefined
}

/** What one reading works with. */
export interface Reader {
  readonly document: YamlDocument
  readonly vocabulary: Vocabulary
  readonly places: Map<object, Place>
  /** The text of a file beside the scenario. */
  readonly fileBeside: ScenarioSource['fileBeside']
}

/** A scenario with the places of its parts: steps, rules and expectations, each by itself. For {@link Problem}s found later. */
export interface ScenarioReading extends Reading<Scenario> {
  readonly places: ReadonlyMap<object, Place>
}

/** Reads a scenario; the value is there when no problem is an error. */
export function readScenario(source: ScenarioSource, vocabulary: Vocabulary): ScenarioReading {
  const document = parseYaml(source.text, source.name)
  const places = new Map<object, Place>()
  if (document.value === undefined) return { value: undefined, problems: document.problems, places }
  const parsed = scenarioTop.safeParse(document.value)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) complainOfShape(document, issue)
    return { value: undefined, problems: document.problems, places }
  }
  const reader: Reader = { document, vocabulary, places, fileBeside: source.fileBeside }
  const base = build(reader, parsed.data, source)
  warnOfLateSteps(reader, base, parsed.data.timeline ?? [])
  const variants = readVariants(reader, parsed.data.variants ?? [], base, source)
  const value = variants.length === 0 ? base : { ...base, variants }
  return { value: hasErrors(document.problems) ? undefined : value, problems: document.problems, places }
}

function build(reader: Reader, top: ScenarioTop, source: ScenarioSource): Scenario {
  return {
    title: top.title,
    question: top.question ?? '',
    description: top.description ?? '',
    manager: readManager(reader, top.manager, ['manager']),
    files: readFiles(reader, top.config, ['config'], source),
    options: located(reader, ['options'], readOptions(top.options)),
    until: readDuration(reader, top.until, ['until']) ?? SCENARIO_DEFAULTS.until,
    seed: top.seed ?? SCENARIO_DEFAULTS.seed,
    eventsMax: top.eventsMax ?? SCENARIO_DEFAULTS.eventsMax,
    timings: readTimings(reader, top.timings, ['timings']),
    ...(top.processors === undefined ? {} : { processors: top.processors }),
    power: readPower(reader, top),
    timeline: readTimeline(reader, top.timeline, ['timeline']),
    chaos: readChaos(reader, top),
    expectations: readExpectations(reader, top.expect, ['expect']),
  }
}

/** A step after the end of the run is never taken. */
function warnOfLateSteps(
  { document }: Reader,
  { until }: Scenario,
  timeline: NonNullable<ScenarioTop['timeline']>,
): void {
  for (const [index, { at }] of timeline.entries()) {
    const instant = typeof at === 'string' || typeof at === 'number' ? parseDuration(String(at)) : undefined
    if (instant === undefined || instant <= until) continue
    const what = `this step is never taken: the run ends at ${durationText(until)}`
    document.complain(['timeline', index, 'at'], what, 'end the run later with `until`', { severity: 'warning' })
  }
}

/** Remembers where a part of the scenario stands. */
export function located<T extends object>({ document, places }: Reader, path: Path, part: T): T {
  places.set(part, document.placeOf(path))
  return part
}

/** Version switches as words. */
export function readOptions(options: ScenarioTop['options']): Scenario['options'] {
  return Object.entries(options ?? {}).map(([name, value]) => ({ name, value: String(value) }))
}

/** The name of a cluster manager that this version runs. */
export function readManager({ document, vocabulary }: Reader, text: string, path: Path): ManagerName {
  const known = MANAGER_NAMES.find((name) => name === text)
  if (known === undefined)
    document.complain(path, `there is no cluster manager "${text}"`, suggest(text, MANAGER_NAMES))
  else if (!vocabulary.managers.includes(known)) {
    document.complain(path, `this version cannot run ${known} yet`, `it runs ${vocabulary.managers.join(', ')}`)
  }
  return known ?? 'heartbeat'
}

/** A value of several lines is the text itself; one of a single line names a file. */
export function readFiles(
  { document }: Reader,
  config: ScenarioTop['config'],
  at: Path,
  source: ScenarioSource,
): readonly SourceFile[] {
  const entries: readonly (readonly [string, string, Path])[] =
    typeof config === 'string'
      ? [[config, config, at]]
      : Object.entries(config).map(([name, text]) => [name, text, [...at, name]])
  return entries.flatMap(([name, text, path]) => {
    if (text.includes('\n')) return [{ name, text }]
    const found = source.fileBeside(text)
    if (found !== undefined) return [{ name: text, text: found }]
    document.complain(
      path,
      `there is no file "${text}" beside the scenario`,
      'name a file relative to the scenario, or write its text here behind `|`',
    )
    return []
  })
}

/** How long things take, by operation or by operation and subject. */
export function readTimings(reader: Reader, timings: ScenarioTop['timings'], at: Path): readonly TimingRule[] {
  return Object.entries(timings ?? {}).flatMap(([operation, value]) => {
    if (typeof value !== 'object' || 'mean' in value) return rule(reader, operation, '*', value, [...at, operation])
    return Object.entries(value).flatMap(([subject, span]) =>
      rule(reader, operation, subject, span, [...at, operation, subject]),
    )
  })
}

function rule(reader: Reader, operation: string, subject: string, value: unknown, path: Path): readonly TimingRule[] {
  const distribution = readSpan(reader, value, path)
  return distribution === undefined ? [] : [located(reader, path, { operation, subject, distribution })]
}

function readPower(reader: Reader, top: ScenarioTop): readonly PowerRule[] {
  return Object.entries(top.power ?? {}).flatMap(([node, value]): readonly PowerRule[] => {
    if (value === 'never') return [{ node, at: 'never' }]
    const at = readDuration(reader, value, ['power', node])
    return at === undefined ? [] : [located(reader, ['power', node], { node, at })]
  })
}

/** Steps in order of their instants; steps of one instant keep the order of the file. */
export function readTimeline(reader: Reader, timeline: ScenarioTop['timeline'], at: Path): readonly Step[] {
  const steps = (timeline ?? []).flatMap((entry, index) => readStep(reader, entry, [...at, index]))
  return steps
    .map((step, index) => ({ step, index }))
    .sort((a, b) => a.step.at - b.step.at || a.index - b.index)
    .map(({ step }) => step)
}

function readStep(reader: Reader, entry: Record<string, unknown>, path: Path): readonly Step[] {
  const { document } = reader
  const at = readDuration(reader, entry['at'], [...path, 'at'])
  if (entry['at'] === undefined) document.complain(path, 'this step has no instant', 'write `at: 2m`')
  const why = typeof entry['why'] === 'string' ? entry['why'] : ''
  if (entry['command'] !== undefined) {
    checkKeys(reader, entry, path, ['at', 'command', 'on', 'why'])
    const words = String(entry['command']).trim().split(/\s+/)
    if (typeof entry['on'] !== 'string')
      document.complain(path, 'a command needs a node on which it is typed', 'write `on: NODE`')
    return at === undefined
      ? []
      : [located(reader, path, { kind: 'command', at, node: String(entry['on']).toLowerCase(), words, why })]
  }
  const change = [...CIB_WORDS.keys()].find((key) => entry[key] !== undefined)
  if (change !== undefined) return readCibStep(reader, { entry, change, at, why }, path)
  if (entry['op'] !== undefined) return readOpStep(reader, { entry, at, why }, path)
  const word = findWord(reader, 'faults', entry['fault'], path)
  if (word === undefined || at === undefined) return []
  const lasts = readLasting(reader, entry, word, path)
  const args = readArguments(reader, entry, word, path, ['at', 'fault', 'for', 'why'])
  const step: Step = {
    kind: 'fault',
    at,
    fault: word.name,
    arguments: args,
    why,
    ...(lasts === undefined ? {} : { lasts }),
  }
  return [located(reader, path, step)]
}

function readLasting(reader: Reader, entry: Record<string, unknown>, word: WordSpec, path: Path): Millis | undefined {
  if (entry['for'] === undefined) return undefined
  if (!word.lasting)
    reader.document.complain(
      [...path, 'for'],
      `${word.name} is over in an instant: it takes no \`for\``,
      'leave `for` out',
      { at: 'key' },
    )
  return readDuration(reader, entry['for'], [...path, 'for'])
}

function readChaos(reader: Reader, top: ScenarioTop): readonly ChaosRule[] {
  return Object.entries(top.chaos ?? {}).flatMap(([name, entry]): readonly ChaosRule[] => {
    const path: Path = ['chaos', name]
    const word = findWord(reader, 'faults', name, path)
    if (word === undefined) return []
    const every = readSpan(reader, entry['every'], [...path, 'every'])
    if (entry['every'] === undefined)
      reader.document.complain(path, 'chaos needs `every`', 'write `every: { mean: 20m }`, or a range')
    // A bare duration means "on average": misfortune does not keep a timetable.
    const rate = every?.kind === 'fixed' ? ({ kind: 'exponential', mean: every.value } as const) : every
    const from = entry['from'] === undefined ? 0 : (readDuration(reader, entry['from'], [...path, 'from']) ?? 0)
    const until =
      entry['until'] === undefined
        ? Number.MAX_SAFE_INTEGER
        : (readDuration(reader, entry['until'], [...path, 'until']) ?? 0)
    const lasts = entry['for'] === undefined ? fixed(30_000) : readSpan(reader, entry['for'], [...path, 'for'])
    const args = readArguments(reader, entry, word, path, ['every', 'for', 'from', 'until'])
    return rate === undefined || lasts === undefined
      ? []
      : [located(reader, path, { fault: name, every: rate, lasts, from, until, arguments: args })]
  })
}

/** What must hold. */
export function readExpectations(reader: Reader, expect: ScenarioTop['expect'], at: Path): readonly Expectation[] {
  return (expect ?? []).flatMap((entry, index) => readExpectation(reader, entry, [...at, index]))
}

function readExpectation(reader: Reader, entry: Record<string, unknown> | string, path: Path): readonly Expectation[] {
  const [name, given] = typeof entry === 'string' ? [entry, {}] : (Object.entries(entry)[0] ?? ['', {}])
  if (typeof entry !== 'string' && Object.keys(entry).length !== 1)
    reader.document.complain(path, 'an expectation is one check', 'begin each check on a line of its own with `- `')
  const word = findWord(reader, 'checks', name, path)
  if (word === undefined) return []
  const record = typeof given === 'object' && given !== null ? (given as Record<string, unknown>) : {}
  const args = readArguments(reader, record, word, typeof entry === 'string' ? path : [...path, name], [])
  // Checks take words and numbers only.
  const expectation: Expectation = {
    check: name,
    arguments: args.map((argument) => ({ name: argument.name, value: argument.value as number | string })),
  }
  return [located(reader, path, expectation)]
}

function readArguments(
  reader: Reader,
  entry: Record<string, unknown>,
  word: WordSpec,
  path: Path,
  others: readonly string[],
): readonly Argument[] {
  checkKeys(reader, entry, path, [...others, ...word.parameters.map((parameter) => parameter.name)])
  return word.parameters.flatMap((parameter: ParameterSpec): readonly Argument[] => {
    const given = entry[parameter.name]
    if (given === undefined) {
      if (parameter.required)
        reader.document.complain(
          path,
          `${word.name} needs \`${parameter.name}\`: ${parameter.about}`,
          `write \`${parameter.name}: …\``,
        )
      return []
    }
    const { value, what } = readArgument(parameter, given)
    if (what !== undefined) reader.document.complain([...path, parameter.name], what, parameter.about)
    return value === undefined ? [] : [{ name: parameter.name, value }]
  })
}

function findWord(
  { document, vocabulary }: Reader,
  kind: 'checks' | 'faults',
  name: unknown,
  path: Path,
): WordSpec | undefined {
  const words = vocabulary[kind]
  const found = words.find((word) => word.name === name)
  if (found !== undefined) return found
  const known = words.map((word) => word.name)
  if (name === undefined)
    document.complain(
      path,
      `this step is neither a fault nor a command${keysOf(document.value, path)}`,
      'write `fault: …`, `command: …`, or of a CIB `modify: …`',
    )
  else
    document.complain(
      path,
      `there is no ${kind === 'faults' ? 'fault' : 'check'} "${String(name)}"`,
      suggest(String(name), known),
    )
  return undefined
}

/** The keys that a step has. */
function keysOf(root: unknown, path: Path): string {
  const step = path.reduce(
    (value: unknown, key) => (value as Record<number | string, unknown> | undefined)?.[key],
    root,
  )
  const keys = typeof step === 'object' && step !== null ? Object.keys(step) : []
  return keys.length === 0 ? '' : `: it has only ${keys.join(', ')}`
}

/** Complains of keys that a step does not have. */
export function checkKeys(
  { document }: Reader,
  entry: Record<string, unknown>,
  path: Path,
  known: readonly string[],
): void {
  for (const key of Object.keys(entry))
    if (!known.includes(key))
      document.complain([...path, key], `unknown key "${key}"`, suggest(key, known), { at: 'key' })
}

function readDuration({ document }: Reader, value: unknown, path: Path): Millis | undefined {
  if (value === undefined) return undefined
  const text = String(value)
  const duration = parseDuration(text)
  if (duration === undefined)
    document.complain(
      path,
      text.startsWith('-') ? `"${text}" is negative` : `"${text}" is no duration`,
      'write 500ms, 10s, 2m or 1h30m',
    )
  return duration
}

/** A duration, a range `2s..4s`, or `{ mean: 20m }`. */
function readSpan(reader: Reader, value: unknown, path: Path): Distribution | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && 'mean' in value) {
    const mean = readDuration(reader, value.mean, [...path, 'mean'])
    return mean === undefined ? undefined : { kind: 'exponential', mean }
  }
  const range = String(value).split('..')
  if (range.length === 2) {
    const min = readDuration(reader, range[0], path)
    const max = readDuration(reader, range[1], path)
    if (min === undefined || max === undefined) return undefined
    if (max < min)
      reader.document.complain(path, `the range "${String(value)}" runs backwards`, 'write the smaller duration first')
    return uniform(min, Math.max(min, max))
  }
  const duration = readDuration(reader, value, path)
  return duration === undefined ? undefined : fixed(duration)
}

type ShapeIssue = NonNullable<ReturnType<typeof scenarioTop.safeParse>['error']>['issues'][number]

function complainOfShape(document: YamlDocument, issue: ShapeIssue): void {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys)
      document.complain([...path, key], `unknown key "${key}"`, suggest(key, Object.keys(scenarioTop.shape)), {
        at: 'key',
      })
    return
  }
  const last = path.at(-1)
  const where = last === undefined ? 'the scenario' : `\`${last}\``
  document.complain(
    path,
    `${where}: ${issue.message.replace(/^Invalid input: /, '')}`,
    'see scenarios/README.md for the form',
  )
}
