/** The misfortune of the standard story. Beside the worker, the only file of the page that asks a run's room. */
import { durationText } from '../../src/kernel/time.ts'
import { standardScenario } from '../../src/run/standard.ts'
import type { Blow, Opened } from './opening.ts'

/** Which node dies when; undefined for a CIB, which only goes on, and for what cannot be read. */
export function blowOf({ manager, files }: Extract<Opened, { kind: 'config' }>): Blow | undefined {
  if (manager === 'pacemaker') return undefined
  const [step] = standardScenario(manager, files).value?.timeline ?? []
  if (step?.kind !== 'fault') return undefined
  const { at, lasts = 0, why, arguments: given } = step
  const node = given.find(({ name }) => name === 'node')?.value
  return { at: durationText(at), node: String(node), lasts: durationText(lasts), why }
}
