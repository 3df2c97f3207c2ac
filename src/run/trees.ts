/**
 * The services of an RGManager scenario as trees: what a viewer needs of cluster.conf beside the trace. Other managers have none.
 * Knows the manager's configuration; nothing of a run. Source: spec rgmanager 3, 4.
 */
import type { ServiceTree, TreeResource } from '../report/service-tree.ts'
import { type RgConfig, type RgmanagerConfig, type Service, startOrder, stopOrder } from '../rgmanager/config.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { findManager } from './managers.ts'

/** Every service of every version of the configuration, in document order; empty for other managers. */
export function serviceTrees({ manager, files, options }: Scenario): readonly ServiceTree[] {
  if (manager !== 'rgmanager') return []
  const { value } = findManager(manager)!.read(files, options)
  // The manager of that name reads exactly such a configuration.
  const config = value as RgmanagerConfig | undefined
  return (config?.versions ?? []).flatMap((version) =>
    version.services.map((service) => toTree(service, version, config!.switches.depthClear)),
  )
}

function toTree(service: Service, { version, statusInterval }: RgConfig, depthClear: boolean): ServiceTree {
  const { id, recovery, domain = '', maxRestarts, restartExpire } = service
  const starts = startOrder(service)
  const stops = stopOrder(service)
  const resources: TreeResource[] = []
  const add = (index: number, nesting: number): void => {
    const node = service.nodes[index]!
    const { type, name, parent, independent, maxRestarts, restartExpire, maxFailures, failureExpire } = node
    resources.push({
      ...{ index, id: node.id, type, name, parent, nesting, independent },
      ...{ maxRestarts, restartExpire, maxFailures, failureExpire },
      starts: starts.indexOf(index) + 1,
      stops: stops.indexOf(index) + 1,
      statuses: node.actions
        .flatMap(({ name, depth, interval }) =>
          name === 'status' && interval !== undefined ? [{ depth, interval: 1000 * interval }] : [],
        )
        .sort((left, right) => left.depth - right.depth),
    })
    for (const child of node.children) add(child, nesting + 1)
  }
  add(0, 0)
  return { id, version, recovery, domain, maxRestarts, restartExpire, poll: statusInterval, depthClear, resources }
}
