/** Everything that a scenario can say in this version, gathered from the catalogues; and the check that it names what exists. */
import { DEFAULT_TIMINGS } from '../agents/defaults.ts'
import { CHECKS } from '../checks/catalogue.ts'
import { FAULTS } from '../faults/catalogue.ts'
import type { CommandComplaint } from '../manager/contract.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { Problem } from '../model/problem.ts'
import { suggest } from '../model/suggest.ts'
import type { ArgumentValue, ParameterType, Vocabulary, WordSpec } from '../model/vocabulary.ts'
import type { Place } from '../scenario/document.ts'
import { commandsOf, type FaultStep, type Scenario, type Step } from '../scenario/scenario.ts'
import { findManager, MANAGERS } from './managers.ts'

export const VOCABULARY: Vocabulary = {
  managers: MANAGERS.map((manager) => manager.name),
  faults: FAULTS,
  checks: CHECKS,
}

/**
 * The problems of a scenario beside its own text: those of the manager's files, and names that the cluster does not have. Empty where
 * it can run. `file` is the scenario's name; `places` those of its parts, as the reader gives them.
 */
export function checkScenario(
  scenario: Scenario,
  file: string,
  places: ReadonlyMap<object, Place> = new Map(),
): readonly Problem[] {
  const problem = (part: object, what: string, advice: string): Problem => {
    const { line, column } = places.get(part) ?? { line: 0, column: 0 }
    return { severity: 'error', file, line, column, what, advice }
  }
  const manager = findManager(scenario.manager)
  if (manager === undefined)
    return [
      problem(scenario, `this version cannot run ${scenario.manager} yet`, `it runs ${VOCABULARY.managers.join(', ')}`),
    ]
  const { value: config, problems: read } = manager.read(scenario.files, scenario.options, commandsOf(scenario))
  const problems = read.map((entry) => (entry.file === 'options' ? inOptions(entry, scenario, file, places) : entry))
  if (config === undefined) return problems
  const bare = manager.shape(config)
  const shape = { ...bare, processes: [...bare.processes, ...(manager.processes ?? [])] }
  const found: Problem[] = [...problems]
  for (const step of scenario.timeline) {
    const earlier = (): readonly (readonly string[])[] =>
      commandsOf({ timeline: scenario.timeline.filter((other) => other !== step && other.at <= step.at) })
    for (const what of complaintsOf(step, shape, (words) => manager.checkCommand(words, config, earlier)))
      found.push(problem(step, what.what, what.advice))
  }
  for (const rule of scenario.chaos) {
    const { fault, arguments: args } = rule
    for (const what of namesOf(FAULTS, fault, args, shape))
      found.push(problem(rule, `chaos ${fault}: ${what.what}`, what.advice))
  }
  for (const expectation of scenario.expectations) {
    const { check, arguments: args } = expectation
    for (const what of namesOf(CHECKS, check, args, shape))
      found.push(problem(expectation, `expectation ${check}: ${what.what}`, what.advice))
  }
  for (const rule of scenario.power) {
    const { node } = rule
    if (!shape.nodes.includes(node))
      found.push(problem(rule, `power: there is no node "${node}"`, suggest(node, shape.nodes)))
  }
  for (const rule of scenario.timings) {
    const known = [...DEFAULT_TIMINGS.keys()]
    if (!known.includes(rule.operation))
      found.push(problem(rule, `timings: there is no operation "${rule.operation}"`, suggest(rule.operation, known)))
    const subjects = [
      '*',
      ...shape.nodes,
      ...shape.resources.map((spec) => spec.id),
      ...shape.fenceDevices.map((device) => device.id),
      ...shape.media.map((medium) => medium.id),
    ]
    if (!subjects.includes(rule.subject))
      found.push(
        problem(
          rule,
          `timings: nothing in this cluster is called "${rule.subject}"`,
          suggest(rule.subject, subjects.slice(1)),
        ),
      )
  }
  for (const part of [...scenario.timeline, ...scenario.chaos])
    if ('fault' in part)
      for (const { what, advice } of leftOut(part, shape))
        found.push({ ...problem(part, `${part.fault}: ${what}`, advice), severity: 'warning' })
  for (const step of overlaps(scenario))
    found.push(
      problem(
        step,
        `${step.fault} begins again before it is over`,
        'end the first with `for`, or leave the second out',
      ),
    )
  for (const variant of scenario.variants ?? [])
    for (const entry of checkScenario(variant.scenario, file, places))
      found.push({ ...entry, what: `variant ${variant.name}: ${entry.what}` })
  return found
}

/** A manager's complaint about its options, at the place where the scenario sets them. */
function inOptions(problem: Problem, { options }: Scenario, file: string, places: ReadonlyMap<object, Place>): Problem {
  const place = places.get(options)
  return place === undefined ? problem : { ...problem, file, line: place.line, column: place.column }
}

interface Complaint {
  readonly what: string
  readonly advice: string
}

function complaintsOf(
  step: Step,
  shape: ClusterShape,
  checkCommand: (words: readonly string[]) => CommandComplaint | undefined,
): readonly Complaint[] {
  if (step.kind === 'fault') return namesOf(FAULTS, step.fault, step.arguments, shape)
  const unknown = shape.nodes.includes(step.node)
    ? []
    : [{ what: `there is no node "${step.node}"`, advice: suggest(step.node, shape.nodes) }]
  const wrong = checkCommand(step.words)
  if (wrong === undefined) return unknown
  return [
    ...unknown,
    typeof wrong === 'string' ? { what: wrong, advice: '' } : { ...wrong, advice: suggest(wrong.word, wrong.known) },
  ]
}

function namesOf(
  words: readonly WordSpec[],
  name: string,
  args: readonly { readonly name: string; readonly value: ArgumentValue }[],
  shape: ClusterShape,
): readonly Complaint[] {
  const word = words.find((entry) => entry.name === name)
  return args.flatMap((argument) => {
    const type = word?.parameters.find((parameter) => parameter.name === argument.name)?.type
    const known = type === undefined ? undefined : namesFor(type, shape)
    if (known === undefined || argument.value === 'any') return []
    const values = Array.isArray(argument.value) ? argument.value.flat() : [argument.value]
    return values.flatMap((value) =>
      known.includes(String(value))
        ? []
        : [
            {
              what: `there is no ${type === 'link' || type === 'sides' ? 'member' : type} "${String(value)}"`,
              advice: suggest(String(value), known),
            },
          ],
    )
  })
}

/** Members that stand on none of the sides into which a fault divides the cluster: their links stay whole. */
function leftOut(
  { fault, arguments: args }: { readonly fault: string; readonly arguments: FaultStep['arguments'] },
  { nodes, remotes = [] }: ClusterShape,
): readonly Complaint[] {
  const spec = FAULTS.find((entry) => entry.name === fault)
  return args.flatMap(({ name, value }) => {
    const type = spec?.parameters.find((parameter) => parameter.name === name)?.type
    if (type !== 'sides' || !Array.isArray(value)) return []
    const named = value.flat().map(String)
    const others = nodes.filter((node) => !named.includes(node) && remotes.every((remote) => remote.node !== node))
    if (others.length === 0) return []
    return [
      {
        what: `no side has ${others.join(', ')}`,
        advice: 'a node on no side goes on hearing all of them: put it on the side that it can reach',
      },
    ]
  })
}

/** The names that exist for a type of parameter; undefined where any value will do. */
function namesFor(type: ParameterType, shape: ClusterShape): readonly string[] | undefined {
  switch (type) {
    case 'node':
    case 'sides':
      return shape.nodes
    case 'link':
      return [...new Set(shape.media.flatMap((medium) => medium.members))]
    case 'medium':
      return shape.media.map((medium) => medium.id)
    case 'resource':
      return shape.resources.map((spec) => spec.id)
    case 'device':
      return shape.fenceDevices.map((device) => device.id)
    case 'process':
      return shape.processes
    case 'storage':
      return shape.storage.map((storage) => storage.id)
    case 'chance':
    case 'duration':
    case 'number':
    case 'text':
      return undefined
  }
}

/** The same fault on the same thing must be over before it begins again: its end would be ambiguous. The steps that break this. */
function overlaps(scenario: Scenario): readonly FaultStep[] {
  const busy = new Map<string, number>()
  return scenario.timeline.flatMap((step) => {
    if (step.kind !== 'fault' || FAULTS.find((fault) => fault.name === step.fault)?.lasting !== true) return []
    const id = JSON.stringify([step.fault, step.arguments])
    const until = busy.get(id)
    busy.set(id, step.lasts === undefined ? Number.POSITIVE_INFINITY : step.at + step.lasts)
    return until === undefined || until <= step.at ? [] : [step]
  })
}
