/** Every misfortune that a scenario can name. Adding one: write it beside its kin, list it here; the law tests then hold it. */

import type { Fault } from './contract.ts'
import * as device from './device-faults.ts'
import * as network from './network-faults.ts'
import * as node from './node-faults.ts'
import * as service from './service-faults.ts'

export const FAULTS: readonly Fault[] = [
  node.nodeCrash,
  node.nodeHang,
  node.nodePanic,
  node.nodeReboot,
  node.nodeBoot,
  network.linkDown,
  network.linkOneWay,
  network.linkSlow,
  network.linkLossy,
  network.partition,
  network.pingLost,
  service.serviceCrash,
  service.serviceHang,
  service.startedByHand,
  service.agentResult,
  service.agentHang,
  service.agentMissing,
  service.agentLies,
  service.agentPretends,
  service.agentCrashLater,
  service.agentSlow,
  device.fenceFail,
  device.fenceSlow,
  device.fenceLie,
  device.fenceUnreachable,
  device.diskLost,
  device.processCrash,
  device.processHang,
]

const BY_NAME = new Map(FAULTS.map((fault) => [fault.name, fault]))

/** The fault of a name, or undefined. */
export function findFault(name: string): Fault | undefined {
  return BY_NAME.get(name)
}
