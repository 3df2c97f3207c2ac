/**
 * Changing trees of elements piece by piece: an element is copied before it is changed, its children only when they change too.
 *
 * `parent` of shared elements still names the original. Source: spec D-8.2.
 */
import { appendChild, copyElement, toElement, type XmlElement } from '../cib/xml.ts'

/** Attributes in order. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** Copies an element but not its children. */
export function copyShallow(element: XmlElement): XmlElement {
  return { ...element, attributes: new Map(element.attributes), children: [...element.children] }
}

/** Replaces a child by a copy of its own and returns that. */
export function ownChild(parent: XmlElement, at: number): XmlElement {
  const copy = copyShallow(parent.children[at]!)
  copy.parent = parent
  parent.children[at] = copy
  return copy
}

/** The first child of that name as a copy of its own, appended where there is none. */
export function ownOrAppend(parent: XmlElement, name: string, attributes: Pairs = []): XmlElement {
  const at = parent.children.findIndex((child) => child.name === name)
  return at < 0 ? appendChild(parent, toElement(name, attributes)) : ownChild(parent, at)
}

/** The first child of that name and id as a copy of its own, appended where there is none. */
export function ownById(parent: XmlElement, name: string, id: string): XmlElement {
  const at = parent.children.findIndex((child) => child.name === name && child.attributes.get('id') === id)
  return at < 0 ? appendChild(parent, toElement(name, [['id', id]])) : ownChild(parent, at)
}

/** Sets attributes, of which present ones keep their places; true where that changed something. */
export function merge(element: XmlElement, attributes: Pairs): boolean {
  let isChanged = false
  for (const [name, value] of attributes) {
    isChanged ||= element.attributes.get(name) !== value
    element.attributes.set(name, value)
  }
  return isChanged
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
export function selfMerged(element: XmlElement): XmlElement {
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
