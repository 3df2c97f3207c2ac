/**
 * Utilization: what resources need, what nodes have, and which nodes are too small for a chain of resources that go together.
 *
 * Reads   Resource.needs, colocations, placement-strategy
 * Writes  Resource.scores (bans); amounts of the maps it is given
 * Runs    within the choice of a node
 * Source  spec B-19
 */
import { INFINITY } from '../cib/role.ts'
import { previewEffect } from './colocation-effect.ts'
import { isAvailableWith } from './nodes.ts'
import { ban, because, inTableOrder } from './table.ts'
import { ABSENT, BUNDLE, CLONE, GROUP, PRIMITIVE, type Resource, type WorkNode, type Worksheet } from './worksheet.ts'

type Amounts = Map<string, number>

interface HasCapacity {
  readonly capacity: ReadonlyMap<string, number>
}

/** Takes `needs` from what a node has; what it has not becomes 0. Source: spec B-19.2. */
export function consume(capacity: Amounts, needs: ReadonlyMap<string, number>): void {
  for (const [name, need] of needs) {
    const has = capacity.get(name)
    capacity.set(name, has === undefined ? 0 : has - need)
  }
}

/** The reverse. Source: spec B-19.2. */
export function giveBack(capacity: Amounts, needs: ReadonlyMap<string, number>): void {
  for (const [name, need] of needs) capacity.set(name, (capacity.get(name) ?? 0) + need)
}

/** Negative where `one` has more free capacity than `other`: it wins in more attributes. Source: spec B-19.3. */
export function compareCapacity({ capacity: one }: HasCapacity, { capacity: other }: HasCapacity): number {
  let result = 0
  for (const [name, amount] of one) result += Math.sign((other.get(name) ?? 0) - amount)
  for (const [name, amount] of other) if (!one.has(name)) result += Math.sign(amount)
  return result
}

function isEnough({ capacity }: WorkNode, needs: ReadonlyMap<string, number>): boolean {
  for (const [name, need] of needs) if ((capacity.get(name) ?? 0) < need) return false
  return true
}

/** Bans nodes that are too small; returns the preferred node, perhaps a new one. Source: spec B-19.5 to B-19.8. */
export function restrictToCapacity(sheet: Worksheet, resource: Resource, preferred: number): number {
  if (sheet.options.placementStrategy === 'default') return preferred
  const chain: Resource[] = []
  collectChain(resource, resource, chain)
  const needs = chainNeeds(chain)
  const { scores } = resource
  const candidates = inTableOrder(sheet, resource.inserted).filter(
    (node) => scores[node] !== ABSENT && isAvailableWith(sheet.nodes[node]!, scores[node]!),
  )
  const fits = candidates.filter((node) => isEnough(sheet.nodes[node]!, needs))
  let suggestion = preferred
  if (fits.length === 0 && preferred < 0) {
    for (const node of candidates) {
      if (suggestion < 0 || compareCapacity(sheet.nodes[node]!, sheet.nodes[suggestion]!) < 0) suggestion = node
    }
  }
  const measure = 0 < fits.length ? needs : resource.needs
  for (const node of candidates) {
    if (!isEnough(sheet.nodes[node]!, measure)) ban(sheet, resource, node, because('not enough capacity'))
  }
  return suggestion
}

/** The resources that go together with `resource`. Source: spec B-19.9. */
function collectChain(resource: Resource, origin: Resource, chain: Resource[]): void {
  if (chain.includes(resource)) return
  if (resource.variant === GROUP) {
    const isWhole = resource.from.collocated || resource.parent?.variant === CLONE
    for (const member of isWhole ? resource.children : resource.children.slice(0, 1)) collectOne(member, origin, chain)
  }
  collectOne(resource, origin, chain)
}

function collectOne(resource: Resource, origin: Resource, chain: Resource[]): void {
  if (chain.includes(resource)) return
  chain.push(resource)
  for (const colocation of resource.thisWith) {
    const { primary, dependent, score } = colocation
    if (primary === origin || score !== INFINITY) continue
    if (previewEffect(colocation, dependent, primary) === 'location') collectChain(primary, origin, chain)
  }
  for (const colocation of resource.withThis) {
    const { primary, dependent, score } = colocation
    if (dependent === origin || score !== INFINITY) continue
    if (resource.variant === CLONE && dependent.variant !== CLONE) continue
    if (previewEffect(colocation, dependent, primary) === 'location') collectChain(dependent, origin, chain)
  }
}

/** Source: spec B-19.6. */
function chainNeeds(chain: readonly Resource[]): Amounts {
  const needs: Amounts = new Map()
  for (const member of chain) if (member.isProvisional) addNeeds(needs, member, chain)
  return needs
}

function addNeeds(needs: Amounts, member: Resource, chain: readonly Resource[]): void {
  switch (member.variant) {
    case PRIMITIVE:
      giveBack(needs, member.needs)
      return
    case GROUP:
      addGroupNeeds(needs, member, chain)
      return
    case CLONE:
      addCloneNeeds(needs, member, chain)
      return
    case BUNDLE: {
      const first = member.children.find((child) => child.index === member.from.bundle!.replicas[0]?.container)
      if (first !== undefined) addNeeds(needs, first, chain)
    }
  }
}

function addGroupNeeds(needs: Amounts, group: Resource, chain: readonly Resource[]): void {
  const isWhole = group.from.collocated || group.parent?.variant === CLONE
  for (const child of isWhole ? group.children : group.children.slice(0, 1)) {
    if (child.isProvisional && !chain.includes(child)) giveBack(needs, child.needs)
  }
}

function addCloneNeeds(needs: Amounts, clone: Resource, chain: readonly Resource[]): void {
  let isFound = false
  for (const instance of clone.children) {
    if (chain.includes(instance)) isFound = true
    else if (instance.children.some((member) => chain.includes(member))) {
      isFound = true
      addNeeds(needs, instance, chain)
    }
  }
  const first = clone.children[0]
  if (!isFound && first !== undefined) addNeeds(needs, first, chain)
}
