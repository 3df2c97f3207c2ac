/**
 * At the end of a run the nodes of a partition hold the same of attributes, options, constraints and the other facts that all of them tell:
 * their copies of the CIB and of the attributes are equal. The audit of CIBs. Results of operations are each node's own and left out.
 */
import type { Check } from './contract.ts'
import { atTheEnd, finalState, partitionsOf } from './final.ts'

/** What every node tells of the whole cluster, by the first word of what it is about. */
const SHARED = /^(attribute|constraint|option|tag|ticket) /

/** All copies of a partition are equal. */
export const copiesAgree: Check = {
  name: 'copies-agree',
  about: 'At the end of the run the nodes of each partition hold the same attributes, options and constraints.',
  parameters: [],
  lasting: false,
  find: (trace) => {
    const final = finalState(trace)
    const texts: string[] = []
    for (const members of partitionsOf(final)) {
      const facts = members.map((node) => final.beliefs.get(node)!)
      const subjects = new Set(facts.flatMap((held) => [...held.keys()].filter((about) => SHARED.test(about))))
      for (const about of [...subjects].sort()) {
        // What was deleted is told as empty; a node that came later was told nothing.
        const states = facts.map((held) => held.get(about)?.state ?? '')
        if (new Set(states).size === 1) continue
        texts.push(`${about}: ${members.map((node, index) => `${node} holds "${states[index]}"`).join(', ')}`)
      }
    }
    return atTheEnd(trace, texts)
  },
}
