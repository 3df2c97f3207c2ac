/**
 * Which nodes of a cluster are no members: remote nodes, which a connection resource names, and guests, which the cluster itself runs as
 * virtual machines or containers. Reads the configuration only. Source: spec, E-9.8.
 */
import type { ClusterState, ResourceState } from '../cib/state.ts'
import { isSameText } from '../cib/values.ts'
import type { RemoteShape } from '../model/cluster.ts'
import type { CorosyncConfig } from './corosync-conf.ts'

/** The process of a remote node. */
const REMOTED = 'pacemaker-remoted'

/** An agent, as histories and resources name it. */
interface Agent {
  readonly class: string | undefined
  readonly provider: string | undefined
  readonly type: string | undefined
}

/** True for ocf:pacemaker:remote: its operations are the controller's own, there is no agent. */
export function isConnection({ class: agentClass, provider, type }: Agent): boolean {
  return isSameText(agentClass, 'ocf') && isSameText(provider, 'pacemaker') && isSameText(type, 'remote')
}

/** Remote nodes and guests, in the order in which the configuration makes them. A member of the ring of that name stays one. */
export function remotesOf(corosync: CorosyncConfig, { nodes, resources }: ClusterState): readonly RemoteShape[] {
  return nodes.flatMap(({ uname, type, connection }): readonly RemoteShape[] => {
    const isMember = corosync.nodes.some((node) => node.name === uname)
    if (type !== 'remote' || isMember || connection < 0) return []
    const container = resources[resources[connection]!.container]
    return [
      { node: uname, process: REMOTED, ...(container === undefined ? {} : { container: nameInWorld(container) }) },
    ]
  })
}

function nameInWorld({ unique, id, xmlId }: ResourceState): string {
  return unique ? id : xmlId
}
