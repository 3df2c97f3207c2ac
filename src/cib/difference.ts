/**
 * What differs between two trees of a CIB, as far as an abort names it: the first difference. Deletions come before all else, then what
 * was made or changed, each in the order of its document, an element before what is below it. Source: spec E-5.2 (text forms); the
 * recordings' logs; the order found by: probe crm_diff 2.1.5 (an added, a changed and a removed pair in one set, in other sections too).
 *
 * Differs: an element that only stands elsewhere among its siblings is no difference.
 */
import type { XmlElement } from './xml.ts'

/** The first difference. `by`: in the words of an abort; absent where what changed has no id, which no recording shows. */
export interface Difference {
  readonly by?: string
}

/** The first difference between two trees; undefined where there is none. O(elements). */
export function firstDifference(before: XmlElement, after: XmlElement): Difference | undefined {
  return firstGone(before, after) ?? firstMade(before, after)
}

function firstGone(before: XmlElement, after: XmlElement): Difference | undefined {
  const kept = byStep(after)
  for (const child of before.children) {
    const same = kept.get(stepTo(child))
    if (same === undefined) return { by: `deletion of ${stepTo(child)}` }
    const gone = firstGone(child, same)
    if (gone !== undefined) return gone
  }
  return undefined
}

function firstMade(before: XmlElement, after: XmlElement): Difference | undefined {
  if (!hasSameAttributes(before, after)) return named(after, 'modify')
  const known = byStep(before)
  for (const child of after.children) {
    const same = known.get(stepTo(child))
    const made = same === undefined ? named(child, 'create') : firstMade(same, child)
    if (made !== undefined) return made
  }
  return undefined
}

function named({ name, attributes }: XmlElement, deed: 'create' | 'modify'): Difference {
  const id = attributes.get('id')
  if (id === undefined) return {}
  return name === 'nvpair'
    ? { by: `${id} doing ${deed} ${attributes.get('name')}=${attributes.get('value')}` }
    : { by: `${name}.${id} '${deed}'` }
}

/** The last step of an element's path. */
function stepTo({ name, attributes }: XmlElement): string {
  const id = attributes.get('id')
  return id === undefined ? name : `${name}[@id='${id}']`
}

function byStep({ children }: XmlElement): ReadonlyMap<string, XmlElement> {
  return new Map(children.map((child) => [stepTo(child), child]))
}

function hasSameAttributes({ attributes }: XmlElement, other: XmlElement): boolean {
  return (
    attributes.size === other.attributes.size &&
    [...attributes].every(([name, value]) => other.attributes.get(name) === value)
  )
}
