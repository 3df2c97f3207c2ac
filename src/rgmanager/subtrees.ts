/** Independent and non-critical subtrees: who pays for a failure, what is not looked at after it, and in which order parts are mended. */
import { childrenInOrder, type Service, startOrder } from './config.ts'
import type { Mark, Step } from './frames.ts'

/** The subtree that a failure of node `from` leads to, or undefined where it is the whole service. Counts the restart (spec 8). */
export function failureLeadsTo(step: Step, from: number): Mark | undefined {
  for (let at: number | undefined = from; at !== undefined; at = step.service.nodes[at]!.parent) {
    const node: Service['nodes'][number] = step.service.nodes[at]!
    if (node.independent === 'no') continue
    const memory = step.worker.memory[at]!
    if (node.maxRestarts <= 0 || node.restartExpire <= 0)
      return { node: at, what: node.independent === 'non-critical' ? 'disable' : 'restart' }
    memory.restarts = memory.restarts.filter((since) => step.context.now - since < node.restartExpire)
    if (memory.restarts.length < node.maxRestarts) {
      memory.restarts.push(step.context.now)
      return { node: at, what: 'restart' }
    }
    memory.restarts = []
    if (node.independent === 'non-critical') return { node: at, what: 'disable' }
  }
  return undefined
}

/** After a marked subtree its own nodes and later levels are not checked this round; the same level and untyped children are. */
export function skipAfterFailure(service: Service, marked: number): readonly number[] {
  const found = [...startOrder(service, marked)]
  for (let child = marked; ; ) {
    const { parent, startLevel } = service.nodes[child]!
    if (parent === undefined) return found
    for (const other of service.nodes[parent]!.children) {
      const level = service.nodes[other]!.startLevel
      if (startLevel !== 0 && startLevel < level) found.push(...startOrder(service, other))
    }
    child = parent
  }
}

/** Marked subtrees in the order in which both their stops and their starts go: untyped children in reverse, then types by start level. */
export function markedInOrder(service: Service, marks: readonly Mark[], from = 0): readonly Mark[] {
  const mark = marks.find(({ node }) => node === from)
  if (mark !== undefined) return [mark]
  const children = childrenInOrder(service, from, 'start')
  const isTyped = (index: number): boolean => service.nodes[index]!.startLevel !== 0
  const untyped = children.filter((index) => !isTyped(index)).reverse()
  return [...untyped, ...children.filter(isTyped)].flatMap((child) => markedInOrder(service, marks, child))
}
