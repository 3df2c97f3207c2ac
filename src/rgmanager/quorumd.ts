/**
 * `<quorumd>` of cluster.conf: the quorum disk with its heuristics. Of programs only pings are simulated: any other counts as one that
 * always succeeds, and a warning says so. Source: qdisk(5); the spec of RGManager is silent on it.
 */
import type { Problem } from '../model/problem.ts'
import type { Heuristic, QuorumDisk } from './config.ts'
import { isOn, numberOf } from './words.ts'
import { childrenOf, type Element } from './xml.ts'

interface Cluster {
  readonly nodes: number
  /** The votes of all nodes. */
  readonly votes: number
  readonly twoNode: boolean
}

/** Reads the element; its absence means that there is no quorum disk. */
export function readQuorumd(
  file: string,
  element: Element | undefined,
  cluster: Cluster,
  problems: Problem[],
): QuorumDisk | undefined {
  if (element === undefined) return undefined
  const warn = (place: Element, what: string, advice: string): void =>
    void problems.push({ severity: 'warning', file, line: place.line, column: place.column, what, advice })
  const tko = Math.max(3, numberOf(element, 'tko', 10))
  const heuristics = childrenOf(element, 'heuristic').map((entry): Heuristic => {
    const program = entry.attributes.get('program') ?? ''
    const host = /^\S*ping\s.*?(\S+)$/.exec(program.trim())?.[1]
    if (host === undefined) warn(entry, `"${program}" is not run: it counts as successful`, 'only ping is simulated')
    return {
      host,
      score: numberOf(entry, 'score', 1),
      interval: 1000 * Math.max(1, numberOf(entry, 'interval', 2)),
      tko: Math.max(1, numberOf(entry, 'tko', 1)),
    }
  })
  const total = heuristics.reduce((sum, { score }) => sum + score, 0)
  const minScore = numberOf(element, 'min_score', 0) || Math.floor((total + 1) / 2)
  if (0 < heuristics.length && total < minScore)
    warn(element, `min_score ${minScore} is above ${total}, the sum of all scores`, 'no node is ever good enough')
  const wantsMaster = element.attributes.get('master_wins')
  if (wantsMaster !== undefined && isOn(wantsMaster) && 0 < heuristics.length)
    warn(element, 'master_wins does not go with heuristics: it is ignored', 'remove one of them')
  if (cluster.twoNode) warn(element, 'two_node="1" beside a quorum disk: one vote is enough all the same', 'remove one')
  return {
    name: element.attributes.get('label') ?? element.attributes.get('device') ?? 'qdisk',
    votes: numberOf(element, 'votes', cluster.votes - 1),
    interval: 1000 * Math.max(1, numberOf(element, 'interval', 1)),
    tko,
    tkoUp: Math.max(2, numberOf(element, 'tko_up', Math.floor(tko / 3))),
    masterWait: Math.max(2, numberOf(element, 'master_wait', Math.floor(tko / 2))),
    minScore,
    heuristics,
    masterWins: heuristics.length === 0 && (wantsMaster === undefined ? cluster.nodes === 2 : isOn(wantsMaster)),
    reboots: isOn(element.attributes.get('reboot') ?? '1'),
    kills: isOn(element.attributes.get('allow_kill') ?? '1'),
  }
}
