/**
 * Finds what constraints name: resources by id or history name, templates and tags as sets. Changes nothing but its index.
 *
 * Source: spec B-4.2, B-4.4, C-13.7.
 */
import type { ResourceSet } from '../cib/configuration.ts'
import { isSameText } from '../cib/values.ts'
import type { Resource, Worksheet } from './worksheet.ts'

/** The resource that an id in a constraint means, or undefined. An instance found by its history name stands for its top. */
export function findResource(sheet: Worksheet, id: string | undefined): Resource | undefined {
  if (id === undefined) return undefined
  const found = sheet.found.get(id)
  if (found === undefined) return undefined
  return isSameText(found.id, id) ? found : found.top
}

/** Every id and history name → the first resource in list order, depth first, that has it. */
export function indexNames(sheet: Worksheet): void {
  const visit = (resource: Resource): void => {
    if (!sheet.found.has(resource.id)) sheet.found.set(resource.id, resource)
    const { historyName } = resource.from
    if (historyName !== undefined && !sheet.found.has(historyName)) sheet.found.set(historyName, resource)
    for (const child of resource.children) visit(child)
  }
  for (const top of sheet.tops) visit(top)
}

/** The members of a template or tag, or undefined where `id` is neither (or a template of nothing). */
export function findTagged(sheet: Worksheet, id: string): readonly string[] | undefined {
  const derived = sheet.state.templates.get(id)
  if (derived !== undefined && 0 < derived.length) return derived
  return sheet.state.tags.get(id)
}

/**
 * The sets with tags and templates replaced by their members; undefined where some reference is neither resource nor tag, or some
 * member no resource, as what a clone clones is before it ever ran (found by: probes of templates and tags with a cloned member).
 * The very same array where nothing had to be replaced.
 */
export function expandSets(sheet: Worksheet, sets: readonly ResourceSet[]): readonly ResourceSet[] | undefined {
  let isChanged = false
  const expanded: ResourceSet[] = []
  for (const set of sets) {
    const members: string[] = []
    for (const member of set.members) {
      const tagged = findResource(sheet, member) === undefined ? findTagged(sheet, member) : undefined
      const present = tagged ?? [member]
      if (present.some((id) => findResource(sheet, id) === undefined)) return undefined
      if (tagged !== undefined) isChanged = true
      members.push(...present)
    }
    expanded.push({ ...set, members })
  }
  return isChanged ? expanded : sets
}
