/**
 * qdiskd: a disk that all nodes write to and read from, and heuristics that tell whether a node is good for anything. Where both are
 * well the disk's votes count in this node's quorum; with master_wins at the disk's master only. What the network does not show the disk
 * does: a node that is silent there for `tko` cycles is dead to it, and the master has it removed from the cluster.
 *
 * The disk is a medium of its own with a target that answers: an answer is a cycle of reading and writing that worked, and what a node
 * writes after it reaches all others. Must not count votes (ring.ts does). Source: qdisk(5).
 */
import type { DaemonContext } from '../manager/contract.ts'
import type { MessageObservation } from '../manager/observation.ts'
import { decide, log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import type { QuorumDisk } from './config.ts'
import { evict, recount } from './ring.ts'
import type { DiskBlock, DiskState, RgState } from './state.ts'

/** The medium by which nodes reach the disk. */
export const DISK_MEDIUM = 'qdisk'

/** The daemon begins: the first cycle and the first checks. */
export function beginDisk(state: RgState, context: DaemonContext): void {
  const { quorumDisk } = state.config
  if (quorumDisk === undefined) return
  cycle(state, context)
  for (const [index, { host }] of quorumDisk.heuristics.entries()) if (host !== undefined) check(state, context, index)
}

/** True where a message belongs here: a block on the disk, or the answer of the disk or of a host that is pinged. */
export function takeDiskMessage(state: RgState, context: DaemonContext, message: MessageObservation): boolean {
  const { disk, config } = state
  if (disk === undefined || config.quorumDisk === undefined) return false
  if (message.medium === DISK_MEDIUM && message.body.type === 'block') {
    // Only `write` makes such messages.
    const block = message.body.data as Omit<DiskBlock, 'at'>
    disk.blocks.set(message.from, { ...block, at: context.now })
    return true
  }
  if (message.body.type !== 'ping-reply') return false
  if (message.from === config.quorumDisk.name && message.medium === DISK_MEDIUM) {
    disk.lastAccess = context.now
    disk.written += 1
    write(state, context, disk)
  }
  for (const [index, { host }] of config.quorumDisk.heuristics.entries())
    if (host === message.from) Object.assign(disk.heuristics[index]!, { missed: 0, isUp: true })
  return true
}

/** One cycle of reading and writing: who is alive, who is the master, whether the votes count. */
export function cycle(state: RgState, context: DaemonContext): void {
  const [disk, conf] = [state.disk!, state.config.quorumDisk!]
  context.act({ kind: 'timer', name: 'disk-cycle', delay: conf.interval })
  context.act({ kind: 'send', to: conf.name, medium: DISK_MEDIUM, body: { type: 'ping', data: null }, routine: true })
  judgeSelf(context, disk, conf)
  elect(state, context, disk, conf)
  const hasMaster = disk.isMaster || livingBlocks(state, context, conf).some(([, block]) => block.isMaster)
  const counts = disk.isFit && (conf.masterWins ? disk.isMaster : hasMaster)
  if (counts !== disk.counts) {
    disk.counts = counts
    tell(state, context, disk, conf)
    recount(state, context)
  }
  if (disk.isMaster && conf.kills) evictDead(state, context, disk, conf)
}

/** One check of a heuristic: what did not answer since the last one is missed. */
export function check(state: RgState, context: DaemonContext, index: number): void {
  const { host, interval, tko } = state.config.quorumDisk!.heuristics[index]!
  const known = state.disk!.heuristics[index]!
  if (tko <= known.missed) known.isUp = false
  known.missed += 1
  // Only pings are checked.
  context.act({ kind: 'send', to: host!, body: { type: 'ping', data: null }, routine: true })
  context.act({ kind: 'timer', name: `heuristic ${index}`, delay: interval })
}

/** Fit: it reaches the disk, has written often enough, and its heuristics are good enough. One that was and is not any more reboots. */
function judgeSelf(context: DaemonContext, disk: DiskState, conf: QuorumDisk): void {
  const reaches = disk.lastAccess !== 0 && context.now - disk.lastAccess < conf.interval * conf.tko
  if (!reaches) disk.written = 0
  const score = conf.heuristics.reduce((sum, { host, score: worth }, index) => {
    return sum + (host === undefined || disk.heuristics[index]!.isUp ? worth : 0)
  }, 0)
  const isGood = conf.heuristics.length === 0 || conf.minScore <= score
  const isFit = reaches && isGood && conf.tkoUp <= disk.written
  if (disk.isFit && !isGood && conf.reboots)
    context.act({ kind: 'reboot', reason: `qdiskd: score ${score} is below ${conf.minScore}` })
  if (isFit !== disk.isFit) disk.since = context.now
  disk.isFit = isFit
}

/** A master stays until it is dead or unfit; then the fit node with the lowest id takes the role, when it has waited for others. */
function elect(state: RgState, context: DaemonContext, disk: DiskState, conf: QuorumDisk): void {
  const others = livingBlocks(state, context, conf)
  const idOf = (name: NodeName): number => state.config.nodes.find((node) => node.name === name)!.id
  const isBefore = ([name]: readonly [NodeName, DiskBlock]): boolean => idOf(name) < idOf(state.self)
  const masters = others.filter(([, { isMaster }]) => isMaster)
  if (!disk.isFit || masters.some(isBefore)) disk.isMaster = false
  else if (!disk.isMaster && masters.length === 0) {
    const waited = conf.masterWait * conf.interval <= context.now - disk.since
    disk.isMaster = waited && !others.some((entry) => entry[1].isFit && isBefore(entry))
  }
}

function livingBlocks(
  state: RgState,
  context: DaemonContext,
  { interval, tko }: QuorumDisk,
): readonly (readonly [NodeName, DiskBlock])[] {
  const isAlive = ({ at }: DiskBlock): boolean => context.now - at < interval * tko
  return [...(state.disk?.blocks ?? [])].filter(([, block]) => isAlive(block))
}

function write(state: RgState, context: DaemonContext, { isFit, isMaster }: DiskState): void {
  const data: Omit<DiskBlock, 'at'> = { isFit, isMaster, generation: state.generation }
  context.act({ kind: 'send', to: '*', medium: DISK_MEDIUM, body: { type: 'block', data }, routine: true })
}

function tell(state: RgState, context: DaemonContext, disk: DiskState, conf: QuorumDisk): void {
  decide(context, {
    decision: disk.counts ? 'quorum-disk-gained' : 'quorum-disk-lost',
    about: [state.self, conf.name],
    text: disk.counts
      ? `counts ${conf.votes} votes of the quorum disk`
      : `does not count the quorum disk's votes any more`,
    reasons: [
      {
        text: disk.isFit
          ? disk.isMaster
            ? 'it is the master of the disk'
            : 'there is a master of the disk'
          : 'it does not reach the disk, or its score is too low',
        source: conf.masterWins ? 'quorumd master_wins' : 'quorumd',
      },
    ],
  })
}

/** A member that wrote once and has been silent on the disk since is removed, though the network still knows it. */
function evictDead(state: RgState, context: DaemonContext, disk: DiskState, conf: QuorumDisk): void {
  for (const [name, { at, generation }] of [...disk.blocks]) {
    if (context.now - at < conf.interval * conf.tko) continue
    disk.blocks.delete(name)
    const peer = state.peers.get(name)
    if (peer === undefined || !peer.member || peer.generation !== generation) continue
    log(context, 'critical', `qdiskd: ${name} is silent on the disk and is removed from the cluster`)
    evict(state, context, name, 'it is silent on the quorum disk')
  }
}
