/**
 * One node's state while a CIB is edited: membership, transient attributes, and the histories of its resources.
 *
 * Histories are found through maps; those that are touched are read anew afterwards, the others are kept as they were read.
 * Source: spec D-8.4, D-9.1.
 */
import type { NodeStatus, ResourceHistory } from '../cib/status.ts'
import { scanInteger } from '../cib/values.ts'
import { appendChild, toElement, type XmlElement } from '../cib/xml.ts'
import { copyShallow, merge, ownById, ownChild, ownOrAppend, type Pairs, selfMerged } from './edit-tree.ts'

/** The history of one resource on one node while it is edited. */
export class HistoryEdit {
  readonly element: XmlElement
  /** Highest call id so far; 0 where there is none. */
  #highest = 0
  readonly #isDoubled: boolean
  /** Record id → place among the children; the places of those that this edit owns are in `#owned`. */
  readonly #places = new Map<string, number>()
  readonly #owned = new Set<number>()

  /** With `isDoubled`, another history of that id stands beside it: then calls are not counted on. */
  constructor(element: XmlElement, isDoubled = false) {
    this.element = element
    this.#isDoubled = isDoubled
    element.children.forEach((child, at) => {
      const id = child.attributes.get('id')
      if (child.name !== 'lrm_rsc_op') return
      if (id !== undefined && !this.#places.has(id)) this.#places.set(id, at)
      this.#highest = Math.max(this.#highest, scanInteger(child.attributes.get('call-id')) ?? 0)
    })
  }

  /** The call id of the next operation. */
  nextCall(): number {
    return this.#isDoubled ? 1 : this.#highest + 1
  }

  /** Overwrites the record of that id in place, or appends one. `call` is its call id. */
  record(id: string, call: number, attributes: Pairs): void {
    const at = this.#places.get(id)
    this.#highest = Math.max(this.#highest, call)
    if (at === undefined) {
      this.#places.set(id, this.element.children.length)
      this.#owned.add(this.element.children.length)
      appendChild(this.element, toElement('lrm_rsc_op', [['id', id], ...attributes]))
    } else this.#overwrite(at, attributes)
  }

  /** Overwrites the first record, whatever it is, and leaves it its id; where there is none, appends one without an id. */
  recordNameless(call: number, attributes: Pairs): void {
    const at = this.element.children.findIndex(({ name }) => name === 'lrm_rsc_op')
    this.#highest = Math.max(this.#highest, call)
    if (0 <= at) this.#overwrite(at, attributes)
    else {
      this.#owned.add(this.element.children.length)
      appendChild(this.element, toElement('lrm_rsc_op', attributes))
    }
  }

  #overwrite(at: number, attributes: Pairs): void {
    merge(this.#owned.has(at) ? this.element.children[at]! : ownChild(this.element, at), attributes)
    this.#owned.add(at)
  }
}

/** One `node_state` while it is edited. */
export class NodeStateEdit {
  /** A copy of its own. */
  readonly element: XmlElement
  /** What was read of it, while its histories are those of the original. */
  #known: NodeStatus | undefined
  #resources: XmlElement | undefined
  /** Resource id → place among the children of `lrm_resources`. */
  readonly #places = new Map<string, number>()
  readonly #doubled = new Set<string>()
  readonly #edits = new Map<number, HistoryEdit>()

  /** `original` is copied; `known` is what was read of it. */
  constructor(original: XmlElement, known: NodeStatus | undefined) {
    const element = selfMerged(original)
    this.element = element === original ? copyShallow(original) : element
    this.#known = element === original ? known : undefined
  }

  get id(): string | undefined {
    return this.element.attributes.get('id')
  }

  /** As attributes of what is made below: none where the state has no id. */
  get #identity(): Pairs {
    return this.id === undefined ? [] : [['id', this.id]]
  }

  /** Sets attributes of the node state itself; true where that changed something. */
  merge(attributes: Pairs): boolean {
    return merge(this.element, attributes)
  }

  /** Removes history and transient attributes; returns how many elements that were. */
  forget(): number {
    const { children } = this.element
    const kept = children.filter(({ name }) => name !== 'lrm' && name !== 'transient_attributes')
    const removed = children.splice(0, children.length, ...kept).length - kept.length
    this.#known = undefined
    this.#resources = undefined
    this.#places.clear()
    this.#edits.clear()
    return removed
  }

  /** The history of the first of `names` that has exactly one; undefined where none has. */
  findHistory(names: readonly string[]): HistoryEdit | undefined {
    const resources = this.#ownResources()
    const name = names.find((known) => this.#places.has(known) && !this.#doubled.has(known))
    return name === undefined ? undefined : this.#history(resources, this.#places.get(name)!, false)
  }

  #history(resources: XmlElement, at: number, isDoubled: boolean): HistoryEdit {
    let edit = this.#edits.get(at)
    if (edit === undefined) {
      edit = new HistoryEdit(ownChild(resources, at), isDoubled)
      this.#edits.set(at, edit)
    }
    return edit
  }

  /** The history of a resource where none was found: a new one, but where there are several of that id, the first (found by probing). */
  addHistory(id: string, agent: Pairs): HistoryEdit {
    const resources = this.#ownResources()
    const at = this.#places.get(id)
    if (at !== undefined) return this.#history(resources, at, true)
    const edit = new HistoryEdit(appendChild(resources, toElement('lrm_resource', [['id', id], ...agent])))
    this.#places.set(id, resources.children.length - 1)
    this.#edits.set(resources.children.length - 1, edit)
    return edit
  }

  /**
   * Gives a transient attribute the value that `update` makes of the present one. What counts as present is the pair of the
   * very id that is made here, in the first set; a pair of that name with another id stays, as in the original.
   */
  setTransient(name: string, update: (present: string | undefined) => string): void {
    const holder = ownOrAppend(this.element, 'transient_attributes', this.#identity)
    const set = ownOrAppend(holder, 'instance_attributes', this.#identity)
    const id = `${set.attributes.get('id') ?? 'nvpair'}-${name}`.replaceAll(/[^A-Za-z0-9_.-]/g, '.')
    const pair = ownById(set, 'nvpair', id)
    pair.attributes.set('name', name)
    pair.attributes.set('value', update(pair.attributes.get('value')))
  }

  /** The element with only those histories that must be read anew. */
  toShadow(): XmlElement {
    if (this.#known === undefined) return this.element
    const others = this.element.children.filter(({ name }) => name !== 'lrm')
    const edited = this.#resources?.children.filter((_child, at) => this.#edits.has(at)) ?? []
    const list: XmlElement = { ...toElement('lrm_resources'), children: edited }
    return { ...this.element, children: [...others, { ...toElement('lrm'), children: [list] }] }
  }

  /** Completes what was read of the shadow by the histories that are as they were. */
  toStatus(read: NodeStatus): NodeStatus {
    const known = this.#known
    if (known === undefined) return read
    if (this.#resources === undefined) return { ...read, history: known.history }
    // An untouched element keeps its ordinal, because elements are only ever appended.
    const history: ResourceHistory[] = []
    let edited = 0
    let ordinal = 0
    this.#resources.children.forEach(({ name }, at) => {
      if (name !== 'lrm_resource') return
      history.push(this.#edits.has(at) ? read.history[edited++]! : known.history[ordinal]!)
      ordinal++
    })
    return { ...read, history }
  }

  /** The `lrm_resources` element as a copy of its own, made where there is none. */
  #ownResources(): XmlElement {
    if (this.#resources !== undefined) return this.#resources
    const resources = ownOrAppend(ownOrAppend(this.element, 'lrm', this.#identity), 'lrm_resources')
    resources.children.forEach(({ name, attributes }, at) => {
      const id = attributes.get('id')
      if (name !== 'lrm_resource' || id === undefined) return
      if (this.#places.has(id)) this.#doubled.add(id)
      else this.#places.set(id, at)
    })
    this.#resources = resources
    return resources
  }
}
