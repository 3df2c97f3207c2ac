/** Words of cluster.conf: what means yes, and whole numbers. Judges nothing beyond. Source: spec rgmanager 1. */
import type { Element } from './xml.ts'

/** True for the words that mean yes. */
export function isOn(text: string): boolean {
  return text === '1' || text === 'yes' || text === 'true' || text === 'on'
}

/** An attribute as a whole number; `otherwise` where it is absent or none. */
export function numberOf(element: Element | undefined, name: string, otherwise: number): number {
  const value = Number.parseInt(element?.attributes.get(name) ?? '', 10)
  return Number.isNaN(value) ? otherwise : value
}
