/**
 * A CIB that is being changed by simulated events: status is edited in a copy made piece by piece, then only that is read anew.
 *
 * The CIB it began with is never changed; what is not touched is shared with it (so `parent` of shared elements still names the
 * original). Everything is found through maps. Updates merge: attributes overwrite, new children come last. An edit is filled
 * and ends with `toCib`, after which it must not be changed any more.
 *
 * Differs: a CIB of a feature set newer than 3.16.1 is changed too; the original aborts there.
 *
 * Source: spec D-8.2, D-9.1, D-9.4.
 */
import { type Cib, readTree } from '../cib/read.ts'
import { readStatus } from '../cib/read-status.ts'
import type { Status } from '../cib/status.ts'
import { isSameText, scanInteger } from '../cib/values.ts'
import { appendChild, findChild, toElement, toIndex, type XmlElement, type XmlIndex } from '../cib/xml.ts'
import { NodeStateEdit } from './edit-node.ts'
import { copyShallow, merge, ownById, ownChild, ownOrAppend, type Pairs } from './edit-tree.ts'

/** Attributes of a node state that say whether the node is there; `join` is also what is expected of it. */
export function membership(inCcm: string, crmd: string, join: string, origin: string): Pairs {
  return [
    ['in_ccm', inCcm],
    ['crmd', crmd],
    ['join', join],
    ['expected', join],
    ['crm-debug-origin', origin],
  ]
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
  readonly #ambiguous = new Set<string>()
  #configurationChanged = false

  constructor(before: Cib) {
    this.#before = before
    this.#root = copyShallow(before.tree)
    this.#status = ownOrAppend(this.#root, 'status')
    this.#status.children.forEach((child, at) => {
      if (child.name !== 'node_state') return
      const uname = child.attributes.get('uname')
      if (uname !== undefined && (this.#byUname.has(uname) || !child.attributes.has('id'))) this.#ambiguous.add(uname)
      this.#note(child, at)
    })
  }

  /** The state of a node, appended with its id and name where there is none. */
  nodeState(node: NodeName): NodeStateEdit {
    // Differs: where a state has the id but not the name, the original aborts.
    const at = this.#byUname.get(node.uname) ?? this.#byId.get(node.id)
    if (at !== undefined) return this.#edit(at)
    const { children } = this.#status
    const element = appendChild(this.#status, toElement('node_state', [['id', node.id]]))
    element.attributes.set('uname', node.uname)
    this.#note(element, children.length - 1)
    this.countUpdate()
    return this.#edit(children.length - 1)
  }

  /** The state of a node whose id nobody knows, without one: undefined where the status has any, which the original takes for it. */
  stateWithoutId(uname: string): NodeStateEdit | undefined {
    if (this.#ordinals.size > 0) return undefined
    const { children } = this.#status
    this.#note(appendChild(this.#status, toElement('node_state', [['uname', uname]])), children.length - 1)
    this.#ambiguous.add(uname)
    this.countUpdate()
    return this.#edit(children.length - 1)
  }

  /** The state of exactly that name. */
  findNodeState(uname: string): NodeStateEdit | undefined {
    const at = this.#byUname.get(uname)
    return at === undefined ? undefined : this.#edit(at)
  }

  /** True where the status has several states of that name, or one without an id: the original changes neither. */
  isAmbiguous(uname: string): boolean {
    return this.#ambiguous.has(uname)
  }

  /** True where some state has that id. */
  hasStateOf(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Sets attributes of a ticket's state, appended where there is none; true where that changed something. */
  setTicket(id: string, attributes: Pairs): boolean {
    const section = ownOrAppend(this.#status, 'tickets')
    return merge(ownById(section, 'ticket_state', id), attributes)
  }

  /** Sets `have-quorum`; true where that changed it. */
  setQuorum(value: string): boolean {
    return merge(this.#root, [['have-quorum', value]])
  }

  /**
   * Sets a cluster option where it stands, else by a new pair in the set `cib-bootstrap-options`; true where that changed
   * something. Source: spec D-8.1.
   */
  setOption(name: string, value: string): boolean {
    const options = ownOrAppend(this.#ownConfiguration(), 'crm_config')
    const holds = ({ children }: XmlElement): boolean =>
      children.some((pair) => pair.name === 'nvpair' && pair.attributes.get('name') === name)
    const at = options.children.findIndex((set) => set.name === 'cluster_property_set' && holds(set))
    if (at < 0) {
      const set = ownById(options, 'cluster_property_set', 'cib-bootstrap-options')
      const pair = ownById(set, 'nvpair', `cib-bootstrap-options-${name}`)
      return merge(pair, Object.entries({ name, value }))
    }
    const set = ownChild(options, at)
    const place = set.children.findIndex(({ attributes }) => attributes.get('name') === name)
    return merge(ownChild(set, place), [['value', value]])
  }

  /** Adds a node, whose id is its name, to the configuration unless one of that name is there; counts the change. */
  addNode(name: string): void {
    const present = findChild(findChild(this.#root, 'configuration'), 'nodes')?.children ?? []
    if (present.some(({ attributes }) => attributes.get('uname') === name)) return
    const nodes = ownOrAppend(this.#ownConfiguration(), 'nodes')
    merge(ownById(nodes, 'node', name), [['uname', name]])
    this.countEpoch()
  }

  /** The id of the configured node of that name in any letter case, the first of them. */
  findNodeId(uname: string): string | undefined {
    const nodes = findChild(findChild(this.#root, 'configuration'), 'nodes')
    return nodes?.children.find(({ attributes }) => isSameText(attributes.get('uname'), uname))?.attributes.get('id')
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
    const { root } = configuration
    const haveQuorum = tree.attributes.get('have-quorum')
    const isSame = haveQuorum === root.haveQuorum
    return {
      configuration: isSame ? configuration : { ...configuration, root: { ...root, haveQuorum } },
      status: this.#toStatus(),
      tree,
    }
  }

  #toStatus(): Status {
    const known = this.#before.status.nodeStates
    const shadows = this.#status.children.map((child, at) => {
      if (child.name !== 'node_state') return child
      const untouched = known[this.#ordinals.get(at)!] === undefined ? child : toElement('node_state')
      return this.#edits.get(at)?.toShadow() ?? untouched
    })
    const read = readStatus({ ...this.#status, children: shadows }, lazyIndex(this.#root))
    const nodeStates = [...read.nodeStates]
    for (const [at, ordinal] of this.#ordinals) {
      const edit = this.#edits.get(at)
      const read = nodeStates[ordinal]!
      nodeStates[ordinal] = edit === undefined ? (known[ordinal] ?? read) : edit.toStatus(read)
    }
    return { ...read, nodeStates }
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
