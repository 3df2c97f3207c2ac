/**
 * A transition graph laid out in columns from left to right: an action stands right of everything that must be done before it. Knows
 * nothing of pixels but a grid's cells, and nothing of how actions stand.
 */
import type { TransitionAction } from './contract.ts'

/** An action at its place, in columns and in rows (rows may be fractions). */
export interface PlacedAction {
  readonly action: TransitionAction
  readonly column: number
  readonly row: number
}

/** A graph to draw. */
export interface GraphLayout {
  readonly places: readonly PlacedAction[]
  /** From the action that comes first to the one that waits for it; by index in `places`. */
  readonly edges: readonly (readonly [from: number, to: number])[]
  readonly columns: number
  readonly rows: number
}

const SWEEPS = 6
const REDUCED_MAX = 600

/** Lays out a graph. With `collapse`, joints (pseudo-actions) are left out and what they join is joined directly. */
export function layOut(actions: readonly TransitionAction[], collapse: boolean): GraphLayout {
  const shown = collapse ? actions.filter(({ kind }) => kind !== 'pseudo') : actions
  const inputs = reduced(shown, collapse ? withoutJoints(actions) : directInputs(actions))
  const columns = columnsOf(shown, inputs)
  const layers: number[][] = []
  for (const [index, { id }] of shown.entries()) {
    const column = columns.get(id) ?? 0
    layers[column] = [...(layers[column] ?? []), index]
  }
  const places = new Map(shown.map(({ id }, index) => [id, index]))
  const edges = shown.flatMap(({ id }, to) =>
    [...(inputs.get(id) ?? [])].flatMap((input) => {
      const from = places.get(input)
      return from === undefined ? [] : [[from, to] as const]
    }),
  )
  const rows = rowsOf(layers, edges)
  const column = (index: number): number => columns.get(shown[index]!.id) ?? 0
  return {
    places: shown.map((action, index) => ({ action, column: column(index), row: rows[index] ?? 0 })),
    edges,
    columns: layers.length,
    rows: Math.max(0, ...rows) + 1,
  }
}

type Inputs = ReadonlyMap<number, ReadonlySet<number>>

function directInputs(actions: readonly TransitionAction[]): Inputs {
  const known = new Set(actions.map(({ id }) => id))
  return new Map(actions.map(({ id, inputs }) => [id, new Set(inputs.filter((input) => known.has(input)))]))
}

/** Inputs with every joint replaced by its own inputs. */
function withoutJoints(actions: readonly TransitionAction[]): Inputs {
  const byId = new Map(actions.map((action) => [action.id, action]))
  const found = new Map<number, ReadonlySet<number>>()
  const collect = (id: number): ReadonlySet<number> => {
    const known = found.get(id)
    if (known !== undefined) return known
    const real = new Set<number>()
    found.set(id, real)
    for (const input of byId.get(id)?.inputs ?? []) {
      const action = byId.get(input)
      if (action === undefined) continue
      if (action.kind === 'pseudo') for (const above of collect(input)) real.add(above)
      else real.add(input)
    }
    return real
  }
  for (const { id } of actions) collect(id)
  return found
}

/** Without inputs that an input waits for anyway. Very large graphs stay as they are. */
function reduced(actions: readonly TransitionAction[], inputs: Inputs): Inputs {
  if (REDUCED_MAX < actions.length) return inputs
  const above = new Map<number, ReadonlySet<number>>()
  const reach = (id: number): ReadonlySet<number> => {
    const known = above.get(id)
    if (known !== undefined) return known
    const all = new Set<number>()
    above.set(id, all)
    for (const input of inputs.get(id) ?? []) {
      all.add(input)
      for (const further of reach(input)) all.add(further)
    }
    return all
  }
  return new Map(
    actions.map(({ id }) => {
      const own = [...(inputs.get(id) ?? [])]
      return [id, new Set(own.filter((input) => !own.some((other) => other !== input && reach(other).has(input))))]
    }),
  )
}

/** The longest way from an action that waits for nothing. A circle, which no scheduler makes, is cut. */
function columnsOf(actions: readonly TransitionAction[], inputs: Inputs): ReadonlyMap<number, number> {
  const columns = new Map<number, number>()
  const depth = (id: number): number => {
    const known = columns.get(id)
    if (known !== undefined) return known
    columns.set(id, 0)
    let most = 0
    for (const input of inputs.get(id) ?? []) most = Math.max(most, depth(input) + 1)
    columns.set(id, most)
    return most
  }
  for (const { id } of actions) depth(id)
  return columns
}

/** Rows that keep neighbours together: each action near the middle of those it is joined to, none over another. */
function rowsOf(layers: readonly (readonly number[])[], edges: GraphLayout['edges']): readonly number[] {
  const before = new Map<number, number[]>()
  const after = new Map<number, number[]>()
  for (const [from, to] of edges) {
    before.set(to, [...(before.get(to) ?? []), from])
    after.set(from, [...(after.get(from) ?? []), to])
  }
  const rows: number[] = []
  for (const layer of layers) for (const [row, index] of layer.entries()) rows[index] = row
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isForth = sweep % 2 === 0
    const neighbours = isForth ? before : after
    for (const layer of isForth ? layers : [...layers].reverse()) settle(layer, neighbours, rows)
  }
  const least = Math.min(0, ...rows)
  return rows.map((row) => row - least)
}

/** Moves the actions of one column towards their neighbours. */
function settle(layer: readonly number[], neighbours: ReadonlyMap<number, readonly number[]>, rows: number[]): void {
  const wanted = (index: number): number => {
    const others = neighbours.get(index) ?? []
    return others.length === 0 ? rows[index]! : others.reduce((sum, other) => sum + rows[other]!, 0) / others.length
  }
  const sorted = layer
    .map((index) => ({ index, at: wanted(index) }))
    .sort((left, right) => left.at - right.at || left.index - right.index)
  let next = Number.NEGATIVE_INFINITY
  for (const entry of sorted) {
    rows[entry.index] = Math.max(entry.at, next)
    next = rows[entry.index]! + 1
  }
  // What was pushed down moves half of that up again, so that the column stays around its middle.
  const shift = sorted.reduce((sum, { index, at }) => sum + rows[index]! - at, 0) / Math.max(1, sorted.length)
  for (const { index } of sorted) rows[index] = rows[index]! - shift
}
