/** Node attributes as the scheduler reads them for one resource. Changes nothing. Source: spec B-4.9, B-12.4, B-16.1. */
import { isSameText } from '../cib/values.ts'
import { currentNode } from './nodes.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** The node's value, or that of the guest's host where the resource's `container-attribute-target` says so. */
export function nodeAttribute(sheet: Worksheet, node: number, name: string, resource: Resource): string | undefined {
  const at = sheet.nodes[node]!
  // A cluster node of the name counts here too (probed).
  const container = at.connection?.container
  if (container === undefined || !isSameText(resource.from.meta.get('container-attribute-target'), 'host')) {
    return at.attributes.get(name)
  }
  return sheet.nodes[currentNode(sheet, container)]?.attributes.get(name)
}

/**
 * For each node a number that stands for its value of an attribute: equal numbers, equal values. Case does not count, and two
 * nodes without a value are equal. Kept for the rest of the decision. Source: spec B-0.8, B-12.4.
 */
export function attributeClasses(sheet: Worksheet, name: string): Int32Array {
  const known = sheet.classes.get(name)
  if (known !== undefined) return known
  const numbers = new Map<string | undefined, number>()
  const classes = Int32Array.from(sheet.nodes, ({ attributes }) => {
    const value = attributes.get(name)?.toLowerCase()
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  })
  sheet.classes.set(name, classes)
  return classes
}
