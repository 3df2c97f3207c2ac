/** Everything that a scenario can say in this version, gathered from the catalogues; and the check that it names what exists. */
import { CHECKS } from '../checks/catalogue.ts'
import { FAULTS } from '../faults/catalogue.ts'
import type { ClusterShape } from '../model/cluster.ts'
import type { Problem } from '../model/problem.ts'
import type { ArgumentValue, ParameterType, Vocabulary, WordSpec } from '../model/vocabulary.ts'
import type { Scenario, Step } from '../scenario/scenario.ts'
import { suggest } from '../scenario/suggest.ts'
import { findManager, MANAGERS } from './managers.ts'

export const VOCABULARY: Vocabulary = {
  managers: MANAGERS.map((manager) => manager.name),
  faults: FAULTS,
  checks: CHECKS,
}

/**
 * The problems of a scenario beside its own text: those of the manager's files, and names that the cluster does not have. Empty where
 * it can run. `file` is the scenario's name, for places.
 */
export function checkScenario(scenario: Scenario, file: string): readonly Problem[] {
  const manager = findManager(scenario.manager)
  if (manager === undefined)
    return [
      problem(file, `this version cannot run ${scenario.manager} yet`, `it runs ${VOCABULARY.managers.join(', ')}`),
    ]
  const { value: config, problems } = manager.read(scenario.files, scenario.options)
  if (config === undefined) return problems
  const shape = manager.shape(config)
  const found: Problem[] = [...problems]
  for (const step of scenario.timeline) {
    for (const what of complaintsOf(step, shape, manager.checkCommand))
      found.push(problem(file, `at ${step.at / 1000}s: ${what.what}`, what.advice))
  }
  for (const { fault, arguments: args } of scenario.chaos) {
    for (const what of namesOf(FAULTS, fault, args, shape))
      found.push(problem(file, `chaos ${fault}: ${what.what}`, what.advice))
  }
  for (const { check, arguments: args } of scenario.expectations) {
    for (const what of namesOf(CHECKS, check, args, shape))
      found.push(problem(file, `expectation ${check}: ${what.what}`, what.advice))
  }
  for (const { node } of scenario.power) {
    if (!shape.nodes.includes(node))
      found.push(problem(file, `power: there is no node "${node}"`, suggest(node, shape.nodes)))
  }
  return [...found, ...overlaps(scenario, file)]
}

interface Complaint {
  readonly what: string
  readonly advice: string
}

function complaintsOf(
  step: Step,
  shape: ClusterShape,
  checkCommand: (words: readonly string[]) => string | undefined,
): readonly Complaint[] {
  if (step.kind === 'fault') return namesOf(FAULTS, step.fault, step.arguments, shape)
  const unknown = shape.nodes.includes(step.node)
    ? []
    : [{ what: `there is no node "${step.node}"`, advice: suggest(step.node, shape.nodes) }]
  const wrong = checkCommand(step.words)
  return wrong === undefined ? unknown : [...unknown, { what: wrong, advice: '' }]
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
    case 'storage':
      return shape.storage.map((storage) => storage.id)
    case 'chance':
    case 'duration':
    case 'number':
    case 'text':
      return undefined
  }
}

/** The same fault on the same thing must be over before it begins again: its end would be ambiguous. */
function overlaps(scenario: Scenario, file: string): readonly Problem[] {
  const busy = new Map<string, number>()
  return scenario.timeline.flatMap((step) => {
    if (step.kind !== 'fault' || FAULTS.find((fault) => fault.name === step.fault)?.lasting !== true) return []
    const id = JSON.stringify([step.fault, step.arguments])
    const until = busy.get(id)
    busy.set(id, step.lasts === undefined ? Number.POSITIVE_INFINITY : step.at + step.lasts)
    if (until === undefined || until <= step.at) return []
    return [
      problem(
        file,
        `at ${step.at / 1000}s: ${step.fault} begins again before it is over`,
        'end the first with `for`, or leave the second out',
      ),
    ]
  })
}

function problem(file: string, what: string, advice: string): Problem {
  return { severity: 'error', file, line: 0, column: 0, what, advice }
}
