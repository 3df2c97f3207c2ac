/**
 * What unfencing adds to every fence action: the digests of all devices that unfence, and whether one of them changed.
 *
 * Reads   resources, node attributes
 * Writes  meta of the fence action, Worksheet.digests, Worksheet.lines
 * Source  spec C-17.10, A-20.4
 */
import { unfencingDigests } from '../cib/digests.ts'
import type { Action } from './action.ts'
import { replaceMeta } from './record.ts'
import type { WorkNode, Worksheet } from './worksheet.ts'

/** Adds the digests; true where the node was unfenced by a device that is defined otherwise now. */
export function addUnfencingDigests({ state, digests, lines }: Worksheet, node: WorkNode, action: Action): boolean {
  const { all, secure, isChanged, notices } = unfencingDigests(state, digests, node.from)
  for (const text of notices) lines?.push({ kind: 'notice', text })
  replaceMeta(action, 'digests-all', all)
  replaceMeta(action, 'digests-secure', secure)
  return isChanged
}
