/**
 * At the end of a run the nodes of each partition agree: they see the same members, follow the same DC, which is one of them, and hold the
 * same to be so of quorum. The audits of partitions, controllers and quorum. A manager that tells of no DC or quorum is asked only for the rest.
 */
import type { NodeName } from '../model/names.ts'
import type { Check } from './contract.ts'
import { atTheEnd, type FinalState, finalState, partitionsOf } from './final.ts'

/** One DC for each partition, and everybody in it agrees. */
export const oneDc: Check = {
  name: 'one-dc',
  about:
    'At the end of the run the nodes of each partition see the same members, follow one DC among them, and agree on quorum, which more than half of all nodes have and less than half have not.',
  parameters: [],
  lasting: false,
  find: (trace) => {
    const final = finalState(trace)
    const all = trace.header.cluster.nodes.length
    return atTheEnd(
      trace,
      partitionsOf(final).flatMap((members) => [
        ...strangersIn(final, members),
        ...dcOf(final, members),
        ...quorumOf(final, members, all),
      ]),
    )
  },
}

/** Members that a node still counts although they are gone. */
function strangersIn({ views }: FinalState, members: readonly NodeName[]): readonly string[] {
  return members.flatMap((node) => {
    const others = views.get(node)!.filter((one) => !members.includes(one))
    return others.length === 0 ? [] : [`${node} still sees ${others.join(' and ')}`]
  })
}

function dcOf({ beliefs }: FinalState, members: readonly NodeName[]): readonly string[] {
  const told = members.map((node) => beliefs.get(node)!.get('DC')?.state)
  const leaders = [...new Set(told)]
  if (leaders.length === 1 && (leaders[0] === undefined || members.includes(leaders[0]))) return []
  return [`${members.join(' ')}: the DC is ${told.map((one) => one ?? 'unknown').join(', ')}`]
}

function quorumOf({ beliefs }: FinalState, members: readonly NodeName[], all: number): readonly string[] {
  const told = new Set(members.map((node) => beliefs.get(node)!.get('quorum')?.state))
  if (told.size > 1) return [`${members.join(' ')} do not agree on quorum`]
  const [state] = told
  if (state === undefined) return []
  if (state === 'acquired' && members.length * 2 < all) return [`${members.join(' ')} have quorum, few as they are`]
  if (state !== 'acquired' && all < members.length * 2) return [`${members.join(' ')} have no quorum, many as they are`]
  return []
}
