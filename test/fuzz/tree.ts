/** XML as plain data: what the generators build and the shrinker takes apart. */
import { parseXml, type XmlElement } from '../../src/cib/xml.ts'

/** An element. */
export interface Tree {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Tree[]
}

/** Attributes as a generator writes them; what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** An element; children that are undefined or false are left out, lists are taken apart. */
export function el(
  name: string,
  attributes: Attributes,
  ...children: readonly (Tree | readonly Tree[] | undefined | false)[]
): Tree {
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined)
  return {
    name,
    attributes: new Map(given.map(([key, value]) => [key, String(value)])),
    children: children.flatMap((child) => child || []) as readonly Tree[],
  }
}

/** The text, one element a line. */
export function treeText(tree: Tree, indent = ''): string {
  const attributes = [...tree.attributes].map(([name, value]) => ` ${name}="${escaped(value)}"`).join('')
  if (tree.children.length === 0) return `${indent}<${tree.name}${attributes}/>\n`
  const inner = tree.children.map((child) => treeText(child, `${indent}  `)).join('')
  return `${indent}<${tree.name}${attributes}>\n${inner}${indent}</${tree.name}>\n`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

/** The tree of a CIB's text. Throws where the text is no XML. */
export function readTreeText(text: string): Tree {
  const { value, problems } = parseXml(text, 'cib')
  if (value === undefined) throw new Error(problems[0]?.what)
  return toTree(value)
}

function toTree({ name, attributes, children }: XmlElement): Tree {
  return { name, attributes: new Map(attributes), children: children.map(toTree) }
}

/** The same element with other children. */
export function withChildren(tree: Tree, children: readonly Tree[]): Tree {
  return { ...tree, children }
}

/** Every element, parents first. */
export function walk(tree: Tree, visit: (tree: Tree) => void): void {
  visit(tree)
  for (const child of tree.children) walk(child, visit)
}

/** Name and value as `nvpair`s in one element such as `meta_attributes`; undefined where there is nothing to say. */
export function pairs(element: string, id: string, values: Attributes, ...before: readonly Tree[]): Tree | undefined {
  const given = Object.entries(values).filter(([, value]) => value !== undefined)
  if (given.length === 0) return undefined
  const members = given.map(([name, value]) =>
    el('nvpair', { id: `${id}-${name.replaceAll(/[^\w.-]/g, '_')}`, name, value }),
  )
  return el(element, { id }, [...before], members)
}
