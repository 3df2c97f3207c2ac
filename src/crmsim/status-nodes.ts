/** The Node List of the status display. Changes nothing. Source: spec D-3. */
import type { ClusterState, NodeState } from '../cib/state.ts'
import { scanInteger } from '../cib/values.ts'
import type { Outline } from './outline.ts'

/** Prints the list; nothing for a cluster without nodes. */
export function printNodes(state: ClusterState, outline: Outline): void {
  if (state.nodes.length === 0) return
  outline.open('Node List')
  const lists = new Map<string, string[]>([
    ['Online', []],
    ['OFFLINE', []],
    ['RemoteOnline', []],
    ['RemoteOFFLINE', []],
    ['GuestOnline', []],
  ])
  for (const index of state.nodeOrder) {
    const node = state.nodes[index]!
    const health = healthOf(state, node)
    const isSpecial = node.unclean || node.pending || node.standby || node.maintenance || health <= 0
    if (isSpecial) {
      const note = health < 0 ? ' (health is RED)' : health === 0 ? ' (health is YELLOW)' : ''
      outline.item(`${kindOf(state, node)} ${node.uname}: ${statusOf(node)}${note}`)
      continue
    }
    const kind = kindOf(state, node)
    const list = kind === 'Node' ? '' : kind === 'GuestNode' ? 'Guest' : 'Remote'
    lists.get(`${list}${node.online ? 'Online' : 'OFFLINE'}`)?.push(node.uname)
  }
  for (const [title, names] of lists) if (names.length > 0) outline.labelled(title, `[ ${names.join(' ')} ]`)
  outline.close()
}

function kindOf(state: ClusterState, node: NodeState): string {
  if (node.type !== 'remote') return 'Node'
  const container = state.resources[node.connection]?.container ?? -1
  return container >= 0 ? 'GuestNode' : 'RemoteNode'
}

/** Source: spec D-3.3. */
function statusOf(node: NodeState): string {
  const { online, standby } = node
  if (node.unclean) return `UNCLEAN (${online ? 'online' : node.pending ? 'pending' : 'offline'})`
  if (node.pending) return 'pending'
  if (node.standbyOnFail && online) return 'standby (on-fail)'
  if (standby && online) return node.running.length > 0 ? 'standby (with active resources)' : 'standby'
  if (standby) return 'OFFLINE (standby)'
  if (node.maintenance) return online ? 'maintenance' : 'OFFLINE (maintenance)'
  return online ? 'online' : 'OFFLINE'
}

/** −1 red, 0 yellow, 1 healthy. Source: spec D-3.4. */
export function healthOf({ options }: ClusterState, node: NodeState): number {
  let health = 1
  if (options.healthStrategy === 'none') return health
  const { red, yellow, green } = options.health
  for (const [name, text] of node.attributes) {
    if (!name.startsWith('#health')) continue
    const value = scanInteger(text)
    const word = text.toLowerCase()
    if (word === 'red' || (value !== undefined && value <= red)) return -1
    if (word === 'yellow' || (value !== undefined && value <= yellow && yellow !== green)) health = 0
  }
  return health
}
