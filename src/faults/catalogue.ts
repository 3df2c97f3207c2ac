/** Every misfortune that a scenario can name. Adding one: a file of its own, a line here; the law tests then hold it. */

import { agentCrashLater } from './agent-crash-later.ts'
import { agentHang } from './agent-hang.ts'
import { agentLies } from './agent-lies.ts'
import { agentMissing } from './agent-missing.ts'
import { agentPretends } from './agent-pretends.ts'
import { agentResult } from './agent-result.ts'
import { agentSlow } from './agent-slow.ts'
import { authkeyWrong } from './authkey-wrong.ts'
import { clockWrong } from './clock-wrong.ts'
import type { Fault } from './contract.ts'
import { diskLost } from './disk-lost.ts'
import { fenceFail } from './fence-fail.ts'
import { fenceLie } from './fence-lie.ts'
import { fenceSlow } from './fence-slow.ts'
import { fenceUnreachable } from './fence-unreachable.ts'
import { fenceUnwired } from './fence-unwired.ts'
import { linkDown } from './link-down.ts'
import { linkLossy } from './link-lossy.ts'
import { linkOneWay } from './link-one-way.ts'
import { linkSlow } from './link-slow.ts'
import { nodeBoot } from './node-boot.ts'
import { nodeBusy } from './node-busy.ts'
import { nodeCrash } from './node-crash.ts'
import { nodeHang } from './node-hang.ts'
import { nodePanic } from './node-panic.ts'
import { nodeReboot } from './node-reboot.ts'
import { partition } from './partition.ts'
import { pingLost } from './ping-lost.ts'
import { processCrash } from './process-crash.ts'
import { processHang } from './process-hang.ts'
import { serviceCrash } from './service-crash.ts'
import { serviceHang } from './service-hang.ts'
import { startedByHand } from './started-by-hand.ts'

export const FAULTS: readonly Fault[] = [
  nodeBusy,
  nodeCrash,
  nodeHang,
  nodePanic,
  nodeReboot,
  nodeBoot,
  clockWrong,
  linkDown,
  linkOneWay,
  linkSlow,
  linkLossy,
  partition,
  pingLost,
  serviceCrash,
  serviceHang,
  startedByHand,
  agentResult,
  agentHang,
  agentMissing,
  agentLies,
  agentPretends,
  agentCrashLater,
  agentSlow,
  fenceFail,
  fenceSlow,
  fenceLie,
  fenceUnreachable,
  fenceUnwired,
  diskLost,
  authkeyWrong,
  processCrash,
  processHang,
]

const BY_NAME = new Map(FAULTS.map((fault) => [fault.name, fault]))

/** The fault of a name, or undefined. */
export function findFault(name: string): Fault | undefined {
  return BY_NAME.get(name)
}
