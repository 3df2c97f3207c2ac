/** What a node can be, whatever its peers believe. The machine that moves between these states is `machines/node.ts`. */

export type NodeState =
  /** Firmware and operating system come up; nothing of the cluster runs yet. */
  | 'booting'
  /** The kernel stands still (panic without reboot): no process runs, nothing is answered, power is on. */
  | 'dead'
  /** Stopped for a while (frozen machine, stalled storage): nothing runs, everything goes on at resume. */
  | 'hung'
  | 'off'
  | 'shutting-down'
  | 'up'

/** How busy a node is. */
export interface NodeLoad {
  /** The load average of the last minute: how many processes wanted a processor. */
  readonly average: number
  /** How much of a processor the manager's process that keeps the configuration uses, as a part of one. */
  readonly cibShare: number
}

/** What the key for connections to remote nodes is called on a node's disk; an empty text stands for a file that is missing. */
export const AUTHKEY = 'authkey'
