/** The names by which things are called across folders. All are plain strings: they come from users' configuration. */

/** A node's name, as `uname -n` gives it there. */
export type NodeName = string

/** A resource's id; an instance of a clone is `id:number`. */
export type ResourceId = string

/** The cluster managers that Quorate knows. */
export type ManagerName = 'heartbeat' | 'pacemaker' | 'rgmanager'

export const MANAGER_NAMES: readonly ManagerName[] = ['heartbeat', 'pacemaker', 'rgmanager']
