/**
 * Assignment of bundles: containers, then with each its address, its connection and what runs inside.
 *
 * Reads   replicas, scores, fail counts of the children
 * Writes  assignments of all parts; scores of children and of the inner clone
 * Runs    within assignment, again at every request: there is no guard (spec B-17.5)
 * Source  spec B-17
 */

import { INFINITY } from '../cib/role.ts'
import type { Replica } from '../cib/state.ts'
import { mergeSort } from '../cib/values.ts'
import { type Assign, distribute } from './assign-clone.ts'
import { containersOf } from './colocate.ts'
import { addColocation } from './colocations.ts'
import { isThresholdReached } from './failures.ts'
import { compareInstances } from './instances.ts'
import { showScores } from './lines.ts'
import { because, NOWHERE, noteChanges } from './table.ts'
import { ABSENT, type Resource, type Worksheet } from './worksheet.ts'

/** Source: spec B-17.6 to B-17.10. */
export function assignBundle(sheet: Worksheet, bundle: Resource, preferred: number, assign: Assign): void {
  const { replicas, replicasPerHost } = bundle.from.bundle!
  bundle.isAssigning = true
  showScores(sheet, bundle, 'pcmk__bundle_allocate')
  const containers = mergeSort(containersOf(sheet, bundle), (left, right) => compareInstances(sheet, left, right))
  distribute(sheet, { parent: bundle, instances: containers, max: replicas.length, limit: replicasPerHost, assign })
  const clone = sheet.resources[bundle.from.bundle!.clone]
  for (const replica of replicas) assignReplica(sheet, replica, { clone, preferred, assign })
  if (clone !== undefined) {
    const own = new Set(replicas.map(({ node }) => node))
    const before = clone.scores.slice()
    for (let node = 0; node < clone.scores.length; node++) {
      if (clone.scores[node] !== ABSENT) clone.scores[node] = own.has(node) ? 0 : -INFINITY
    }
    noteChanges(sheet, clone, before, because('runs on the nodes of its bundle'))
    assign(sheet, clone, preferred)
  }
  bundle.isAssigning = false
  bundle.isProvisional = false
}

interface Around<C = Resource | undefined> {
  readonly clone: C
  readonly preferred: number
  readonly assign: Assign
}

function assignReplica(sheet: Worksheet, replica: Replica, { clone, preferred, assign }: Around): void {
  const container = sheet.resources[replica.container]
  const ip = sheet.resources[replica.ip]
  const remote = sheet.resources[replica.remote]
  const child = sheet.resources[replica.child]
  if (ip !== undefined) assign(sheet, ip, preferred)
  const host = sheet.nodes[container?.assigned ?? -1]
  if (remote !== undefined && host?.isRemote === true && host.connection !== undefined) {
    addColocation(sheet, {
      id: 'child-remote-with-docker-remote',
      dependent: remote,
      primary: host.connection,
      score: INFINITY,
      influence: 'true',
      origin: NOWHERE,
    })
  }
  if (remote !== undefined) assign(sheet, remote, preferred)
  if (child !== undefined && clone !== undefined) assignChild(sheet, child, replica.node, { clone, preferred, assign })
}

function assignChild(sheet: Worksheet, child: Resource, home: number, { clone, assign }: Around<Resource>): void {
  const before = child.scores.slice()
  for (let node = 0; node < child.scores.length; node++) {
    if (child.scores[node] === ABSENT) continue
    if (node !== home) child.scores[node] = -INFINITY
    else if (!isThresholdReached(sheet, child, sheet.nodes[node]!)) child.scores[node] = INFINITY
  }
  noteChanges(sheet, child, before, because('runs on the node of its replica'))
  clone.isAssigning = true
  assign(sheet, child, home)
  clone.isAssigning = false
}
