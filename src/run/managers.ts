/** The cluster managers that can run, by name. Adding one: its room, a line here; the contract's laws then hold it. */
import { heartbeat } from '../heartbeat/manager.ts'
import type { Manager } from '../manager/contract.ts'
import { pacemaker } from '../pacemaker/manager.ts'
import { rgmanager } from '../rgmanager/manager.ts'

/** A manager whose configuration and state are its own business: the composition root only carries them. */
export type AnyManager = Manager<unknown, unknown>

// Each manager gets back exactly the configuration and state that it made; nobody else looks inside.
export const MANAGERS: readonly AnyManager[] = [
  heartbeat as unknown as AnyManager,
  pacemaker as unknown as AnyManager,
  rgmanager as unknown as AnyManager,
]

/** The manager of a name, or undefined where Quorate cannot run it yet. */
export function findManager(name: string): AnyManager | undefined {
  return MANAGERS.find((manager) => manager.name === name)
}
