/**
 * The outcome of one simulator run, taken apart into the stages in which a scheduler produces it, so that a difference is named
 * by where it begins. The stages are those of the conformance folder's compare.mjs; so is what
 * never counts: blanks, the feature set, batch-limit; and the wall clock's instants of injected failures.
 */

/** What a run left: its text with scores and headers (`-S -s --text-fancy`), its graph and drawing. */
export interface Outcome {
  readonly text: string
  readonly graph: string
  readonly dot: string
  readonly exit: number
  /** Forms that are asked for only now and then: the CIBs of `-I` and `-O`, and `--output-as=xml`. */
  readonly input?: string
  readonly output?: string
  readonly xml?: string
}

/** In the order in which a scheduler produces them; the last ones also ask for the order of lines. */
export const STAGES = [
  'status',
  'injected',
  'scores',
  'decisions',
  'graph',
  'dot',
  'execution',
  'revised',
  'exact',
  'text',
  'exit',
  'input',
  'output',
  'xml',
] as const

/** A stage. */
export type Stage = (typeof STAGES)[number]

const HEADERS: readonly (readonly [Stage, RegExp])[] = [
  ['injected', /^Performing Requested Modifications:/],
  ['scores', /^(Allocation Scores|Utilization Information|Allocation Scores and Utilization Information):/],
  ['decisions', /^Transition Summary:/],
  ['execution', /^Executing Cluster Transition:/],
  ['revised', /^Revised Cluster Status:/],
]

/** The lines of every stage. */
export function stagesOf(outcome: Outcome): ReadonlyMap<Stage, readonly string[]> {
  const { text, graph, dot, exit } = outcome
  const timeless = withoutClock(text.replaceAll(/(last-failure-\S+=)\d+/g, '$1NOW'))
  const stages = new Map<Stage, readonly string[]>(sectionsOf(timeless))
  stages.set('scores', (stages.get('scores') ?? []).toSorted())
  stages.set('graph', canonicalGraph(graph))
  stages.set('dot', [...new Set(linesOf(dot))].toSorted())
  stages.set('exact', linesOf(stripped(graph)))
  stages.set('text', linesOf(timeless))
  stages.set('exit', [String(exit)])
  for (const form of ['input', 'output', 'xml'] as const) stages.set(form, linesOf(withoutClock(outcome[form] ?? '')))
  return stages
}

/** Takes out the wall clock's instants and the command line. */
function withoutClock(text: string): string {
  const now = Date.now() / 1000
  const isNow = (at: number): boolean => Math.abs(at - now) < 100_000
  return text
    .replaceAll(/\b1\d{9}\b/g, (digits) => (isNow(Number(digits)) ? 'NOW' : digits))
    .replaceAll(/\b\d{4}-\d\d-\d\d [\d:]{8} ?(Z|[+-][\d:]{5})/g, (date) =>
      isNow(Date.parse(date) / 1000) ? 'NOW' : date,
    )
    .replaceAll(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]{2} [\d:]{8} \d{4}\b/g, (date) =>
      isNow(Date.parse(date) / 1000) ? 'NOW' : date,
    )
    .replace(/ request="[^"]*"/, '')
}

/** The first stage that differs; undefined where none does. */
export function firstDifference(expected: Outcome, actual: Outcome): Stage | undefined {
  const [left, right] = [stagesOf(expected), stagesOf(actual)]
  return STAGES.find((stage) => (left.get(stage) ?? []).join('\n') !== (right.get(stage) ?? []).join('\n'))
}

/** Lines that only one side has, `-` for the expected ones; where there are none, both sides in their order. */
export function differenceText(expected: Outcome, actual: Outcome, stage: Stage): string {
  const left = stagesOf(expected).get(stage) ?? []
  const right = stagesOf(actual).get(stage) ?? []
  const onlyLeft = without(left, right)
  const onlyRight = without(right, left)
  if (onlyLeft.length + onlyRight.length > 0) {
    return [...onlyLeft.map((line) => `- ${line}`), ...onlyRight.map((line) => `+ ${line}`)].join('\n')
  }
  const at = left.findIndex((line, place) => line !== right[place])
  const from = Math.max(0, at - 1)
  return [
    `the same lines in another order, from line ${at + 1}`,
    ...left.slice(from, at + 8).map((line) => `- ${line}`),
    ...right.slice(from, at + 8).map((line) => `+ ${line}`),
  ].join('\n')
}

/** Members of the first list, as often as they occur there more than in the second. */
function without(list: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1)
  return list.filter((line) => {
    const count = left.get(line) ?? 0
    left.set(line, count - 1)
    return count <= 0
  })
}

/** Lines without outer blanks, runs of blanks as one. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '')
}

function sectionsOf(text: string): ReadonlyMap<Stage, readonly string[]> {
  const sections = new Map<Stage, string[]>([['status', []]])
  let current: Stage = 'status'
  for (const line of linesOf(text)) {
    const header = HEADERS.find(([, pattern]) => pattern.test(line))
    if (header !== undefined) {
      current = header[0]
      sections.set(current, [])
    } else sections.get(current)!.push(line)
  }
  return sections
}

/** Takes out what belongs to the build or to the wall clock: an injected failure is looked at again a while from now. */
function stripped(xml: string): string {
  const today = Date.now() / 1000
  return xml
    .replaceAll(/\s(crm_feature_set|batch-limit)="[^"]*"/g, '')
    .replaceAll(/recheck-by="(\d+)"/g, (all, at) => (Math.abs(Number(at) - today) < 100_000 ? 'recheck-by="NOW"' : all))
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  return new Map([...tag.matchAll(/([\w:.#-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!]))
}

function sortedText(attributes: ReadonlyMap<string, string>, ...dropped: readonly string[]): string {
  return [...attributes]
    .filter(([name]) => !dropped.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(' ')
}

const ACTION = /<(?:rsc_op|pseudo_event|crm_event)\s([^>]*?)\/?>/g

/** One line for each synapse: its action with all attributes, its inputs by name. The order of the graph does not count. */
export function canonicalGraph(xml: string): readonly string[] {
  const text = stripped(xml)
  const head = /<transition_graph([^>]*)>/.exec(text)
  if (head === null) return []
  const names = new Map<string, string>()
  for (const [, tag] of text.matchAll(ACTION)) {
    const attributes = attributesOf(tag!)
    names.set(attributes.get('id')!, `${attributes.get('operation_key')}@${attributes.get('on_node') ?? '-'}`)
  }
  const synapses = [...text.matchAll(/<synapse([^>]*)>([\s\S]*?)<\/synapse>/g)]
  const lines = synapses.map(([, attributes, body]) => synapseLine(attributes!, body!, names))
  return [`graph ${sortedText(attributesOf(head[1]!))}`, ...lines.toSorted()]
}

function synapseLine(attributes: string, body: string, names: ReadonlyMap<string, string>): string {
  const actions = /<action_set>([\s\S]*?)<\/action_set>/.exec(body)?.[1] ?? ''
  const inputs = /<inputs>([\s\S]*?)<\/inputs>/.exec(body)?.[1] ?? ''
  const isAction = (name: string): boolean => name === 'rsc_op' || name === 'pseudo_event' || name === 'crm_event'
  const shown = [...actions.matchAll(/<([\w-]+)((?:\s[^>]*?)?)\/?>/g)].map(([, name, rest]) => {
    const dropped = isAction(name!) ? ['id'] : []
    return `${name}{${sortedText(attributesOf(rest!), ...dropped)}}`
  })
  const needs = [...inputs.matchAll(ACTION)].map(([, tag]) => {
    const input = attributesOf(tag!)
    return names.get(input.get('id')!) ?? `?${input.get('operation_key')}`
  })
  return `${sortedText(attributesOf(attributes), 'id')} ${shown.join(' ')} <- ${[...new Set(needs)].toSorted().join(', ')}`
}
