/** Everything on the table as an address: scenario, seed, instant and selection, so that a link opened elsewhere shows the same. */

/** What an address holds. `text` is the scenario itself, where it was edited. */
export interface LinkState {
  readonly scenario: string
  readonly seed: number | undefined
  /** One of the scenario's variants; empty for the scenario itself. */
  readonly variant: string
  readonly at: number
  readonly node: string
  readonly resource: string
  /** The tab below the timeline. */
  readonly tab: (typeof TABS)[number]
  /** A record of the decision that was picked; 0 where the cursor is followed. */
  readonly decision: number
  /** The future is hidden, and the cursor stops before each decision. */
  readonly predict: boolean
  readonly text: string | undefined
}

/** An empty table. */
export const NOTHING: LinkState = {
  scenario: '',
  seed: undefined,
  variant: '',
  at: 0,
  node: '',
  resource: '',
  tab: 'story',
  decision: 0,
  predict: false,
  text: undefined,
}

const TABS = ['compare', 'decisions', 'service', 'story', 'variants'] as const

/** Reads the address's fragment; anything unreadable is left out. */
export function readLink(hash: string): LinkState {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const seed = Number(params.get('seed') ?? Number.NaN)
  const at = Number(params.get('at') ?? 0)
  const decision = Number(params.get('decision') ?? 0)
  return {
    scenario: params.get('s') ?? '',
    seed: Number.isSafeInteger(seed) ? seed : undefined,
    variant: params.get('variant') ?? '',
    at: Number.isFinite(at) && 0 <= at ? at : 0,
    node: params.get('node') ?? '',
    resource: params.get('resource') ?? '',
    tab: TABS.find((name) => name === params.get('tab')) ?? 'story',
    decision: Number.isSafeInteger(decision) && 0 <= decision ? decision : 0,
    predict: params.has('predict'),
    text: params.get('text') ?? undefined,
  }
}

/** The fragment of a state. */
export function writeLink(state: LinkState): string {
  const params = new URLSearchParams()
  if (state.scenario !== '') params.set('s', state.scenario)
  if (state.seed !== undefined) params.set('seed', String(state.seed))
  if (state.variant !== '') params.set('variant', state.variant)
  if (state.at !== 0) params.set('at', String(Math.round(state.at)))
  if (state.node !== '') params.set('node', state.node)
  if (state.resource !== '') params.set('resource', state.resource)
  if (state.tab !== 'story') params.set('tab', state.tab)
  if (state.decision !== 0) params.set('decision', String(state.decision))
  if (state.predict) params.set('predict', '1')
  if (state.text !== undefined) params.set('text', state.text)
  return `#${params.toString()}`
}
