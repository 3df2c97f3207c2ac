/**
 * A CIB that is being changed by simulated events: status is edited in a copy made piece by piece, then only that is read anew.
 *
 * The CIB it began with is never changed; what is not touched is shared with it (so `parent` of shared elements still names the
 * original). Everything is found through maps. Updates merge: attributes overwrite, new children come last. An edit is filled
 * and ends with `toCib`, after which it must not be changed any more.
 *
 * Source: spec D-8.2, D-9.1, D-9.4.
 */
import { type Cib, readTree } from '../cib/read.ts'
import { readStatus } from '../cib/read-status.ts'
import type { NodeStatus, ResourceHistory, Status } from '../cib/status.ts'
import { scanInteger } from '../cib/values.ts'
import { appendChild, copyElement, toElement, toIndex, type XmlElement, type XmlIndex } from '../cib/xml.ts'

type Pairs = readonly (readonly [name: string, value: string])[]

/** Copies an element but not its children. */
function copyShallow(element: XmlElement): XmlElement {
  return { ...element, attributes: new Map(element.attributes), children: [...element.children] }
}

/** Replaces a child by a copy of its own and returns that. */
function ownChild(parent: XmlElement, at: number): XmlElement {
  const copy = copyShallow(parent.children[at]!)
  copy.parent = parent
  parent.children[at] = copy
  return copy
}

/** The first child of that name as a copy of its own, appended where there is none. */
function ownOrAppend(parent: XmlElement, name: string, attributes: Pairs = []): XmlElement {
  const at = parent.children.findIndex((child) => child.name === name)
  return at < 0 ? appendChild(parent, toElement(name, attributes)) : ownChild(parent, at)
}

/** Sets attributes; present ones keep their places. */
function merge(element: XmlElement, attributes: Pairs): void {
  for (const [name, value] of attributes) element.attributes.set(name, value)
}

/** What matches in a merge: elements of one name and id. */
function matchKey({ name, attributes }: XmlElement): string {
  return `${name} ${attributes.get('id') ?? ''}`
}

/** `update` merged into a copy of `target`. */
function merged(target: XmlElement, update: XmlElement): XmlElement {
  const copy = copyShallow(target)
  merge(copy, [...update.attributes])
  for (const child of update.children) {
    const at = copy.children.findIndex((other) => matchKey(other) === matchKey(child))
    if (at < 0) appendChild(copy, copyElement(child))
    else copy.children[at] = merged(copy.children[at]!, child)
  }
  return copy
}

/**
 * The element as it is after an update that repeats all of it: what occurs twice goes into its first occurrence. Returns the
 * element itself where nothing does, which is nearly always so.
 */
function selfMerged(element: XmlElement): XmlElement {
  let copy: XmlElement | undefined
  const places = new Map<string, number>()
  element.children.forEach((child, at) => {
    const key = matchKey(child)
    const first = places.get(key)
    if (first === undefined) places.set(key, at)
    const changed = first === undefined ? selfMerged(child) : merged((copy ?? element).children[first]!, child)
    if (changed === child) return
    copy ??= copyShallow(element)
    copy.children[first ?? at] = changed
  })
  return copy ?? element
}

/** The history of one resource on one node while it is edited. */
export class HistoryEdit {
  readonly element: XmlElement
  /** Highest call id so far; 0 where there is none. */
  #highest = 0
  readonly #isDoubled: boolean
  /** Record id → place among the children; those that this edit owns are in `#owned`. */
  readonly #places = new Map<string, number>()
  readonly #owned = new Set<string>()

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
      appendChild(this.element, toElement('lrm_rsc_op', [['id', id], ...attributes]))
    } else {
      merge(this.#owned.has(id) ? this.element.children[at]! : ownChild(this.element, at), attributes)
    }
    this.#owned.add(id)
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

  get id(): string {
    return this.element.attributes.get('id') ?? ''
  }

  /** Sets attributes of the node state itself. */
  merge(attributes: Pairs): void {
    merge(this.element, attributes)
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

  /** The history of the first of `names` that has one; undefined where none has. */
  findHistory(names: readonly string[]): HistoryEdit | undefined {
    const resources = this.#ownResources()
    for (const name of names) {
      const at = this.#places.get(name)
      if (at === undefined) continue
      let edit = this.#edits.get(at)
      if (edit === undefined) {
        edit = new HistoryEdit(ownChild(resources, at), this.#doubled.has(name))
        this.#edits.set(at, edit)
      }
      return edit
    }
    return undefined
  }

  /** Appends the history of a resource that had none. */
  addHistory(id: string, agent: Pairs): HistoryEdit {
    const resources = this.#ownResources()
    const edit = new HistoryEdit(appendChild(resources, toElement('lrm_resource', [['id', id], ...agent])))
    this.#places.set(id, resources.children.length - 1)
    this.#edits.set(resources.children.length - 1, edit)
    return edit
  }

  /** Gives a transient attribute the value that `update` makes of the present one. Source: spec D-8.4. */
  setTransient(name: string, update: (present: string | undefined) => string): void {
    const holder = ownOrAppend(this.element, 'transient_attributes', [['id', this.id]])
    const sets = holder.children.flatMap((child, at) => (child.name === 'instance_attributes' ? [at] : []))
    const named = ({ name: kind, attributes }: XmlElement): boolean =>
      kind === 'nvpair' && attributes.get('name') === name
    const at = sets.find((place) => holder.children[place]!.children.some(named)) ?? sets[0]
    const set =
      at === undefined ? appendChild(holder, toElement('instance_attributes', [['id', this.id]])) : ownChild(holder, at)
    const place = set.children.findIndex(named)
    if (place >= 0) {
      const pair = ownChild(set, place)
      pair.attributes.set('value', update(pair.attributes.get('value')))
      return
    }
    const id = `${set.attributes.get('id') ?? this.id}-${name}`.replaceAll(/[^A-Za-z0-9_.-]/g, '.')
    const pair = [
      ['id', id],
      ['name', name],
      ['value', update(undefined)],
    ] as const
    appendChild(set, toElement('nvpair', pair))
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
    const resources = ownOrAppend(ownOrAppend(this.element, 'lrm', [['id', this.id]]), 'lrm_resources')
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

/** A node as the CIB names it. */
export interface NodeName {
  readonly id: string
  readonly uname: string
}

/** The edit of a whole CIB. */
export class CibEdit {
  readonly #before: Cib
  readonly #root: XmlElement
  readonly #status: XmlElement
  /** Place among the children of the status section → edit. */
  readonly #edits = new Map<number, NodeStateEdit>()
  readonly #byUname = new Map<string, number>()
  readonly #byId = new Map<string, number>()
  /** Place of a node state → its ordinal among them. */
  readonly #ordinals = new Map<number, number>()
  #configurationChanged = false

  constructor(before: Cib) {
    this.#before = before
    this.#root = copyShallow(before.tree)
    this.#status = ownOrAppend(this.#root, 'status')
    this.#status.children.forEach((child, at) => {
      if (child.name === 'node_state') this.#note(child, at)
    })
  }

  /** The state of a node, appended with its id and name where there is none. */
  nodeState(node: NodeName): NodeStateEdit {
    const at = this.#placeOf(node)
    if (at !== undefined) return this.#edit(at)
    const { children } = this.#status
    const element = appendChild(this.#status, toElement('node_state', [['id', node.id]]))
    element.attributes.set('uname', node.uname)
    this.#note(element, children.length - 1)
    this.countUpdate()
    return this.#edit(children.length - 1)
  }

  hasNodeState(node: NodeName): boolean {
    return this.#placeOf(node) !== undefined
  }

  /** Sets attributes of a ticket's state, appended where there is none. Source: spec D-8.1. */
  setTicket(id: string, attributes: Pairs): void {
    const section = ownOrAppend(this.#status, 'tickets')
    const at = section.children.findIndex((child) => child.attributes.get('id') === id)
    merge(at < 0 ? appendChild(section, toElement('ticket_state', [['id', id]])) : ownChild(section, at), attributes)
  }

  /** Sets `have-quorum`. */
  setQuorum(value: string): void {
    this.#root.attributes.set('have-quorum', value)
  }

  /** Sets a cluster option, in the first set that has it or else in the first set. Source: spec D-8.1. */
  setOption(name: string, value: string): void {
    const options = ownOrAppend(this.#ownConfiguration(), 'crm_config')
    const sets = options.children.flatMap((child, at) => (child.name === 'cluster_property_set' ? [at] : []))
    const named = ({ attributes }: XmlElement): boolean => attributes.get('name') === name
    const at = sets.find((place) => options.children[place]!.children.some(named)) ?? sets[0]
    const set =
      at === undefined
        ? appendChild(options, toElement('cluster_property_set', [['id', 'cib-bootstrap-options']]))
        : ownChild(options, at)
    const place = set.children.findIndex(named)
    if (place >= 0) ownChild(set, place).attributes.set('value', value)
    else {
      const id = `${set.attributes.get('id') ?? ''}-${name}`
      const pair = [
        ['id', id],
        ['name', name],
        ['value', value],
      ] as const
      appendChild(set, toElement('nvpair', pair))
    }
  }

  /** Adds a node to the configuration; its id is its name. Source: spec D-8.1. */
  addNode(name: string): void {
    const nodes = ownOrAppend(this.#ownConfiguration(), 'nodes')
    const attributes = [
      ['id', name],
      ['uname', name],
    ] as const
    appendChild(nodes, toElement('node', attributes))
  }

  /** Counts changes of the status: a version number that Pacemaker keeps. */
  countUpdate(times = 1): void {
    this.#setNumber('num_updates', this.#number('num_updates') + times)
  }

  /** Counts a change of the configuration. */
  countEpoch(): void {
    this.#setNumber('epoch', this.#number('epoch') + 1)
    this.#setNumber('num_updates', 0)
  }

  /** Ends the edit: the changed CIB, of which only what was touched is read anew. */
  toCib(): Cib {
    const tree = this.#root
    if (this.#configurationChanged) return readTree(tree)
    const { configuration } = this.#before
    const haveQuorum = tree.attributes.get('have-quorum')
    return {
      configuration: { ...configuration, root: { ...configuration.root, haveQuorum } },
      status: this.#toStatus(),
      tree,
    }
  }

  #toStatus(): Status {
    const known = this.#before.status.nodeStates
    const shadows = this.#status.children.map((child, at) => {
      if (child.name !== 'node_state') return child
      return this.#edits.get(at)?.toShadow() ?? toElement('node_state')
    })
    const read = readStatus({ ...this.#status, children: shadows }, lazyIndex(this.#root))
    const nodeStates = [...read.nodeStates]
    for (const [at, ordinal] of this.#ordinals) {
      const edit = this.#edits.get(at)
      nodeStates[ordinal] = edit === undefined ? known[ordinal]! : edit.toStatus(nodeStates[ordinal]!)
    }
    return { ...read, nodeStates }
  }

  #placeOf({ id, uname }: NodeName): number | undefined {
    // Differs: where a state has the id but not the name, the original aborts.
    return this.#byUname.get(uname) ?? this.#byId.get(id)
  }

  #note(element: XmlElement, at: number): void {
    const uname = element.attributes.get('uname')
    const id = element.attributes.get('id')
    if (uname !== undefined && !this.#byUname.has(uname)) this.#byUname.set(uname, at)
    if (id !== undefined && !this.#byId.has(id)) this.#byId.set(id, at)
    this.#ordinals.set(at, this.#ordinals.size)
  }

  #edit(at: number): NodeStateEdit {
    let edit = this.#edits.get(at)
    if (edit === undefined) {
      const known = this.#before.status.nodeStates[this.#ordinals.get(at)!]
      edit = new NodeStateEdit(this.#status.children[at]!, known)
      this.#status.children[at] = edit.element
      this.#edits.set(at, edit)
    }
    return edit
  }

  #ownConfiguration(): XmlElement {
    this.#configurationChanged = true
    return ownOrAppend(this.#root, 'configuration')
  }

  #number(name: string): number {
    return scanInteger(this.#root.attributes.get(name)) ?? 0
  }

  #setNumber(name: string, value: number): void {
    this.#root.attributes.set(name, String(value))
  }
}

/** An index that is made when something is looked up for the first time: few CIBs have references in their status. */
function lazyIndex(root: XmlElement): XmlIndex {
  let index: XmlIndex | undefined
  const made = (): XmlIndex => {
    index ??= toIndex(root)
    return index
  }
  return { unique: (name) => made().unique(name), byId: (name, id) => made().byId(name, id) }
}
