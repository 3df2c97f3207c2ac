/**
 * The shape of a scenario file, once: the reader validates with it, and the JSON Schema that editors use is generated from it. It is
 * built from the vocabulary, so a fault or check that is listed in its catalogue can be written at once.
 */
import { z } from 'zod'
import type { ParameterSpec, ParameterType, Vocabulary, WordSpec } from '../model/vocabulary.ts'

const duration = z
  .union([z.string(), z.number()])
  .describe('a duration: 500ms, 10s, 2m, 1h30m; a bare number counts seconds')
const span = z
  .union([z.string(), z.number(), z.strictObject({ mean: duration })])
  .describe('a duration, a range such as 2s..4s, or { mean: 20m } for what comes at random')
const name = z.string().min(1)

const config = z.union([z.string(), z.record(z.string(), z.string())])
const options = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const timings = z.record(z.string(), z.union([span, z.record(z.string(), span)]))

/** The same misfortunes under another manager, or under a changed configuration of the same one. */
const variant = z.strictObject({
  name: name.describe('what it is called in tables'),
  manager: name.optional().describe('another cluster manager; absent: the same'),
  config: config.optional().describe('its own files; absent: those of the scenario'),
  replace: z
    .record(z.string().min(1), z.string())
    .optional()
    .describe('texts of the configuration files, each with what stands in its place'),
  options: options.optional().describe('its version switches; of the same manager they are laid over the scenario’s'),
  timings: timings.optional().describe('laid over the scenario’s'),
  names: z
    .record(z.string(), z.string())
    .optional()
    .describe('names of the scenario (resources, devices, operations) with what they are called here'),
  commands: z
    .record(z.string(), z.string())
    .optional()
    .describe('commands of the scenario with what is typed here instead; empty: nothing is'),
  timeline: z.array(z.looseObject({})).optional().describe('a timeline of its own; absent: the scenario’s'),
  expect: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).optional(),
})

export type VariantTop = z.infer<typeof variant>

/** The top of a scenario file; steps, chaos and expectations are checked word by word afterwards, for errors that help. */
export const scenarioTop = z.strictObject({
  title: name.describe('what happens, as a sentence'),
  question: z.string().optional().describe('the question that the run answers'),
  description: z.string().optional().describe('what should be seen'),
  manager: name.describe('the cluster manager'),
  config: config.describe(
    'the manager’s own files: a file name, or a map from ha.cf and haresources to file names or to their text',
  ),
  options: options.optional().describe('version switches of the manager'),
  until: duration.optional().describe('how long the run lasts; absent: 10m'),
  seed: z.int().optional().describe('the default seed; the command line overrides it'),
  eventsMax: z.int().positive().optional().describe('the limit of events; absent: five million'),
  timings: timings
    .optional()
    .describe('how long operations take: start: 2s..4s, or start: { db: 2s..4s }; also boot, shutdown, fence, latency'),
  processors: z
    .number()
    .positive()
    .optional()
    .describe('how many processors the agents of all nodes share, on one host; absent: none slows another down'),
  power: z
    .record(z.string(), z.union([duration, z.literal('never')]))
    .optional()
    .describe('when a node is switched on; absent: at 0s'),
  timeline: z.array(z.looseObject({})).optional(),
  chaos: z.record(z.string(), z.looseObject({})).optional(),
  expect: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).optional(),
  variants: z.array(variant).optional().describe('the same under other managers or settings, for `quorate compare`'),
})

export type ScenarioTop = z.infer<typeof scenarioTop>

/** The JSON Schema of scenario files, as an object ready to be written. */
export function scenarioJsonSchema(vocabulary: Vocabulary): object {
  const steps = [...vocabulary.faults.map(faultStep), commandStep, opStep, ...CIB_STEPS]
  const full = scenarioTop.extend({
    manager: z.enum(vocabulary.managers as [string, ...string[]]).describe('the cluster manager'),
    timeline: z
      .array(z.union(steps as [z.ZodType, z.ZodType]))
      .optional()
      .describe('faults and commands, each at an instant'),
    chaos: z
      .strictObject(Object.fromEntries(vocabulary.faults.map((word) => [word.name, chaosRule(word).optional()])))
      .optional()
      .describe('faults drawn from the seed'),
    expect: z
      .array(z.union(vocabulary.checks.flatMap(expectation) as unknown as [z.ZodType, z.ZodType]))
      .optional()
      .describe('what must hold'),
  })
  return { ...z.toJSONSchema(full, { target: 'draft-7' }), title: 'A Quorate scenario' }
}

const commandStep = z.strictObject({
  at: duration.describe('the instant'),
  command: name.describe('what an administrator types'),
  on: name.describe('the node on which it is typed'),
  why: z.string().optional().describe('told in the story'),
})

const opStep = z
  .strictObject({
    at: duration.describe('the instant'),
    op: name.describe('the operation with node and return code: db_monitor_10000@n2=7'),
    why: z.string().optional().describe('told in the story'),
  })
  .describe('a result that no agent gave, as crm_simulate takes it; Pacemaker only')

/** The keys of a step that changes a CIB, each with what its value is. */
export const CIB_WORDS: ReadonlyMap<'cib' | 'create' | 'delete' | 'modify' | 'replace', string> = new Map([
  ['cib', 'the file of a whole CIB, of a configuration or of a section, which replaces the one there is'],
  ['create', 'XML of elements that come into the sections where they belong'],
  ['modify', 'XML of elements (tag and id) whose attributes and children are laid over those there are'],
  ['replace', 'XML of elements (tag and id) that take the place of those there are'],
  ['delete', 'XML of elements (tag and id) that go, with all below them'],
])

const CIB_STEPS = [...CIB_WORDS].map(([word, about]) =>
  z
    .strictObject({
      at: duration.describe('the instant'),
      [word]: name.describe(about),
      on: name.describe('the node on which it is done'),
      why: z.string().optional().describe('told in the story'),
    })
    .describe(`a change of Pacemaker’s CIB: ${about}`),
)

function faultStep(word: WordSpec): z.ZodType {
  return z
    .strictObject({
      at: duration.describe('the instant'),
      fault: z.literal(word.name).describe(word.about),
      ...parametersOf(word),
      ...(word.lasting ? { for: duration.optional().describe('how long it lasts; absent: to the end') } : {}),
      why: z.string().optional().describe('told in the story'),
    })
    .describe(word.about)
}

function chaosRule(word: WordSpec): z.ZodType {
  return z
    .strictObject({
      every: span,
      for: span.optional(),
      from: duration.optional(),
      until: duration.optional(),
      ...parametersOf(word),
    })
    .describe(word.about)
}

function expectation(word: WordSpec): readonly z.ZodType[] {
  return [
    z.literal(word.name).describe(word.about),
    z.strictObject({ [word.name]: z.strictObject(parametersOf(word)) }).describe(word.about),
  ]
}

function parametersOf(word: WordSpec): Record<string, z.ZodType> {
  return Object.fromEntries(
    word.parameters.map((parameter) => {
      const type = parameterType(parameter)
      return [parameter.name, (parameter.required ? type : type.optional()).describe(parameter.about)]
    }),
  )
}

function parameterType({ type, choices }: ParameterSpec): z.ZodType {
  if (choices !== undefined) return z.enum(choices as [string, ...string[]])
  return TYPES[type]
}

const TYPES: Readonly<Record<ParameterType, z.ZodType>> = {
  chance: z.number().min(0).max(1),
  device: name,
  duration,
  link: z.array(name).length(2),
  medium: name,
  node: name,
  number: z.number(),
  process: name,
  resource: name,
  sides: z.array(z.array(name)).min(2),
  storage: name,
  text: z.union([z.string(), z.number()]),
}
