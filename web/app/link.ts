/** Everything on the table as an address: scenario, seed, instant and selection, so that a link opened elsewhere shows the same. */
import type { ConfigPlace } from '../views/SourceLine.tsx'
import type { Drawing } from '../views/Timeline.tsx'

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
  /** The line of the configuration that is looked at. */
  readonly place: ConfigPlace | undefined
  /** The future is hidden, and the cursor stops before each decision. */
  readonly predict: boolean
  /** The stretch of time that the timeline shows; undefined for all of it. */
  readonly view: readonly [from: number, to: number] | undefined
  /** How the timeline is drawn. */
  readonly drawn: Drawing
  readonly text: string | undefined
  /** A run that was kept, to hold this one against. */
  readonly against: KeptLink | undefined
}

/** What a run is made of. */
export type KeptLink = Pick<LinkState, 'scenario' | 'seed' | 'text' | 'variant'>

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
  place: undefined,
  predict: false,
  view: undefined,
  drawn: { messages: false, idle: false, folding: true },
  text: undefined,
  against: undefined,
}

const TABS = ['compare', 'config', 'decisions', 'often', 'service', 'story', 'variants'] as const

/** Reads the address's fragment; anything unreadable is left out. */
export function readLink(hash: string): LinkState {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const seed = Number(params.get('seed') ?? Number.NaN)
  const at = Number(params.get('at') ?? 0)
  const decision = Number(params.get('decision') ?? 0)
  const draws = (what: string): boolean => (params.get('draw') ?? '').split(',').includes(what)
  return {
    scenario: params.get('s') ?? '',
    seed: Number.isSafeInteger(seed) ? seed : undefined,
    variant: params.get('variant') ?? '',
    at: Number.isFinite(at) && 0 <= at ? at : 0,
    node: params.get('node') ?? '',
    resource: params.get('resource') ?? '',
    tab: TABS.find((name) => name === params.get('tab')) ?? 'story',
    decision: Number.isSafeInteger(decision) && 0 <= decision ? decision : 0,
    place: readPlace(params.get('line')),
    predict: params.has('predict'),
    view: readView(params.get('view')),
    drawn: { messages: draws('messages'), idle: draws('idle'), folding: !draws('unfolded') },
    text: params.get('text') ?? undefined,
    against: readKept(params.get('against')),
  }
}

function readView(text: string | null): LinkState['view'] {
  const [, from, to] = /^(\d{1,15})-(\d{1,15})$/.exec(text ?? '') ?? []
  return from !== undefined && Number(from) < Number(to) ? [Number(from), Number(to)] : undefined
}

function readKept(text: string | null): KeptLink | undefined {
  if (text === null) return undefined
  const { scenario, seed, text: edited, variant } = readLink(text)
  return { scenario, seed, text: edited, variant }
}

function readPlace(text: string | null): ConfigPlace | undefined {
  const [, file, line] = /^(.+):(\d{1,9})$/.exec(text ?? '') ?? []
  return file === undefined ? undefined : { file, line: Number(line) }
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
  if (state.place !== undefined) params.set('line', `${state.place.file}:${state.place.line}`)
  if (state.predict) params.set('predict', '1')
  if (state.view !== undefined) params.set('view', state.view.join('-'))
  const { messages, idle, folding } = state.drawn
  const drawn = [...(messages ? ['messages'] : []), ...(idle ? ['idle'] : []), ...(folding ? [] : ['unfolded'])]
  if (0 < drawn.length) params.set('draw', drawn.join(','))
  if (state.text !== undefined) params.set('text', state.text)
  if (state.against !== undefined) params.set('against', writeLink({ ...NOTHING, ...state.against }).slice(1))
  return `#${params.toString()}`
}
