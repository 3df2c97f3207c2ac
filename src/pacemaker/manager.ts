/**
 * Pacemaker 2.1.5 on Corosync 3.1, behind the contract of every manager. Files: a CIB (any name that ends in `.xml`) and, if wanted,
 * `corosync.conf`. Options: `clockStart` (epoch seconds at virtual time 0; else the CIB's execution-date), `electionOrder` (nodes in the
 * order in which they win elections among equals), `cores` of each node, `begin` (`status`, the default: go on from the CIB's status
 * section where it has one; or `afresh`), `lossOrder` (which tells a controller of a lost node first, its process group, `cpg`, or the
 * ring, `quorum`; by default `chance`, drawn for each node and loss: the group in 3 of 7, the other 0 to 16 ms later). Source: spec E.
 */
import type { Configuration } from '../cib/configuration.ts'
import { readCib } from '../cib/read.ts'
import type { HistoryOp, Status } from '../cib/status.ts'
import { unpackCluster } from '../cib/unpack.ts'
import { isSameText, scanInteger } from '../cib/values.ts'
import type { Manager } from '../manager/contract.ts'
import type { RemoteShape } from '../model/cluster.ts'
import { hasErrors, type Problem, type Reading } from '../model/problem.ts'
import type { Parameter } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import { suggest } from '../model/suggest.ts'
import { adviceOn } from './advice.ts'
import { checkCommand } from './commands.ts'
import { CLOCK_START, type PacemakerConfig } from './config.ts'
import { type CorosyncConfig, readCorosync, toCorosync } from './corosync-conf.ts'
import { handle } from './daemon.ts'
import { FEATURE_SET } from './history.ts'
import { stagesOf, wholeShapeOf } from './later.ts'
import { DAEMONS } from './processes.ts'
import { remotesOf } from './remote-shape.ts'
import { beginningOf, membersOf } from './resume.ts'
import { createState, type PacemakerState } from './state.ts'

export const pacemaker: Manager<PacemakerConfig, PacemakerState> = {
  name: 'pacemaker',
  read: readConfiguration,
  advise: (files) => files.filter((file) => file === findCib(files)).flatMap(adviceOn),
  shape: (config) => config.shape,
  processes: DAEMONS,
  beginning: beginningOf,
  checkCommand,
  daemon: createState,
  handle,
}

const OPTIONS = ['begin', 'clockStart', 'cores', 'electionOrder', 'lossOrder']

function findCib(files: readonly SourceFile[]): SourceFile | undefined {
  return files.find((file) => file.text.trimStart().startsWith('<')) ?? files.find((file) => file.name.endsWith('.xml'))
}

function readConfiguration(
  files: readonly SourceFile[],
  options: readonly Parameter[],
  commands: readonly (readonly string[])[] = [],
): Reading<PacemakerConfig> {
  const problems: Problem[] = []
  const cibFile = findCib(files)
  const ringFile = files.find((file) => file.name.endsWith('corosync.conf'))
  const option = new Map(options.map(({ name, value }) => [name, value]))
  for (const name of option.keys())
    if (!OPTIONS.includes(name))
      problems.push(mistake('options', `pacemaker has no option ${name}`, `known are ${OPTIONS.join(', ')}`))
  if (cibFile === undefined) {
    problems.push(mistake('cib.xml', 'there is no CIB', 'a Pacemaker cluster needs one XML file'))
    return { value: undefined, problems }
  }
  const reading = readCib(cibFile.text, cibFile.name)
  problems.push(...reading.problems)
  const cib = reading.value
  const ring = ringFile === undefined ? undefined : readCorosync(ringFile, problems)
  if (cib === undefined || hasErrors(problems)) return { value: undefined, problems }
  const { tree } = cib
  const written = { ...cib.configuration, document: { text: cibFile.text, edits: [] } }
  const corosync = ring ?? ringOf(written.nodes)
  if (corosync.nodes.length === 0) {
    problems.push(mistake(cibFile.name, 'no node is configured', 'list the nodes in the CIB or in corosync.conf'))
    return { value: undefined, problems }
  }
  const number = (name: string): number => scanInteger(tree.attributes.get(name)) ?? 0
  const begins = option.get('begin') !== 'afresh'
  const clockStart = scanInteger(option.get('clockStart')) ?? scanInteger(written.root.executionDate) ?? CLOCK_START
  const empty = { nodeStates: [], tickets: cib.status.tickets, order: [] }
  const status = begins ? notAfter(cib.status, clockStart) : empty
  const configuration = membersOf({ corosync, status }).length > 0 ? written : asOfNow(written)
  const later = stagesOf(configuration, commands, clockStart)
  const seen = [unpackCluster({ configuration, status: cib.status }, clockStart), ...later.map(({ state }) => state)]
  const config = {
    corosync,
    remotes: distinct(seen.flatMap((state) => remotesOf(corosync, state))),
    configuration,
    status,
    version: { adminEpoch: number('admin_epoch'), epoch: number('epoch'), updates: number('num_updates') },
    dc: begins ? dcOf(configuration, corosync, status) : undefined,
    clockStart,
    electionOrder: toElectionOrder(option.get('electionOrder'), corosync, problems),
    cores: scanInteger(option.get('cores')) ?? 2,
    lossOrder: toLossOrder(option.get('lossOrder'), problems),
  }
  return {
    value: { ...config, shape: wholeShapeOf(config, later) },
    problems,
  }
}

/** Each node as what it is first. */
function distinct(remotes: readonly RemoteShape[]): readonly RemoteShape[] {
  return remotes.filter((remote, place) => remotes.findIndex(({ node }) => node === remote.node) === place)
}

/** Names of members, each once; nodes that it does not name come after those that it does. */
function toElectionOrder(
  words: string | undefined,
  { nodes }: CorosyncConfig,
  problems: Problem[],
): PacemakerConfig['electionOrder'] {
  const order = (words ?? '').split(/[\s,]+/).filter((name) => name !== '')
  const known = nodes.map(({ name }) => name)
  for (const [index, name] of order.entries()) {
    if (!known.includes(name))
      problems.push(mistake('options', `electionOrder: there is no member "${name}"`, suggest(name, known)))
    else if (order.indexOf(name) < index)
      problems.push(mistake('options', `electionOrder: "${name}" stands there twice`, 'name each node once'))
  }
  return order
}

function toLossOrder(word: string | undefined, problems: Problem[]): PacemakerConfig['lossOrder'] {
  if (word === 'cpg' || word === 'quorum') return word
  if (word !== undefined && word !== 'chance')
    problems.push(mistake('options', `lossOrder: ${word} is no order`, 'known are cpg, quorum and chance'))
  return undefined
}

/** Who leads: whom the CIB names, or, where that one was not there, the first who was. */
function dcOf({ nodes, root }: Configuration, corosync: CorosyncConfig, status: Status): string | undefined {
  const members = membersOf({ corosync, status })
  const named = nodes.find((node) => node.id === root.dcUuid)?.uname
  return members.find((member) => isSameText(member, named)) ?? members[0]
}

/** A cluster that starts writes its own feature set into the CIB; one that goes on keeps to the recorded one. Source: spec. */
function asOfNow(configuration: Configuration): Configuration {
  return { ...configuration, root: { ...configuration.root, featureSet: FEATURE_SET } }
}

/** What is recorded as of later than the beginning was so at the beginning. */
function notAfter(status: Status, now: number): Status {
  const clamp = (op: HistoryOp): HistoryOp =>
    op.lastRcChange !== undefined && now < op.lastRcChange ? { ...op, lastRcChange: now } : op
  return {
    ...status,
    nodeStates: status.nodeStates.map((node) => ({
      ...node,
      history: node.history.map((entry) => ({ ...entry, ops: entry.ops.map(clamp) })),
    })),
  }
}

/** Without corosync.conf the cluster nodes of the CIB are the ring; two of them keep quorum with one left. */
function ringOf(nodes: PacemakerConfig['configuration']['nodes']): CorosyncConfig {
  const members = nodes.filter((node) => node.type === undefined || node.type === 'member' || node.type === 'normal')
  const ring = members.map((node, index) => ({
    name: node.uname ?? node.id,
    id: scanInteger(node.id) ?? index + 1,
    votes: 1,
  }))
  const quorum = new Map(ring.length === 2 ? [['two_node', '1']] : [])
  ring.sort((left, right) => left.id - right.id)
  return toCorosync(ring, 1, new Map(), quorum)
}

function mistake(file: string, what: string, advice: string): Problem {
  return { severity: 'error', file, line: 0, column: 0, what, advice }
}
