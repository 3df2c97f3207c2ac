/**
 * Checking a tree: which depth is due where, what stands in for a check that is not due, and what a failure means to the subtrees around
 * it; and the recovery of subtrees in place. Source: spec rgmanager 6 and 8.
 */

import { decide, log } from '../manager/tell.ts'
import { startOrder, stopOrder, type TreeNode } from './config.ts'
import {
  done,
  type InlineFrame,
  type Mark,
  type Next,
  type StatusFrame,
  type Step,
  type Value,
  walk,
} from './frames.ts'
import { changeRecord } from './records.ts'
import { type NodeMemory, rgOf } from './state.ts'
import { failureLeadsTo, markedInOrder, skipAfterFailure } from './subtrees.ts'
import { callAgent, lock } from './worker.ts'

/** A round of checks in start order. */
export function statusRound(step: Step): StatusFrame {
  const order = startOrder(step.service)
  return { proc: 'status', at: 'next', order, index: 0, depth: 0, rc: 0, marks: [], skip: new Set() }
}

/** Checks node by node. Answers `ok`, or `failed` where the whole service must be recovered. */
export function statusStep(step: Step, frame: StatusFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'next':
      return nextCheck(step, frame)
    case 'checked':
      step.state.statusCalls -= 1
      return checked(step, frame, value?.rc ?? 1)
    case 'recovered':
      return recovered(step, frame, value?.rc ?? 1)
  }
}

function nextCheck(step: Step, frame: StatusFrame): Next {
  for (;;) {
    const index = frame.order[frame.index]
    if (index === undefined) {
      if (frame.marks.length === 0) return done('ok')
      // What follows the last check is the recovery in place: its answer is this round's.
      step.worker.frames.pop()
      return { kind: 'push', frame: { proc: 'inline', at: 'next-stop', marks: frame.marks, index: 0 } }
    }
    const memory = step.worker.memory[index]!
    if (frame.skip.has(index) || memory.disabled) {
      frame.index += 1
      continue
    }
    const depth = dueDepth(step, step.service.nodes[index]!, memory)
    if (depth !== undefined) {
      Object.assign(frame, { at: 'checked', depth })
      step.state.statusCalls += 1
      return callAgent(step, index, 'status', depth)
    }
    const verdict = afterNode(step, frame, memory.cached)
    if (verdict !== undefined) return verdict
  }
}

/** The highest depth whose interval has passed since it was last checked (spec 6.6); none above the cap of children. */
function dueDepth({ state, context }: Step, node: TreeNode, memory: NodeMemory): number | undefined {
  const cap = rgOf(state).statusChildMax
  if (0 < cap && cap <= state.statusCalls) return undefined
  let found: number | undefined
  for (const { name, depth, interval } of node.actions) {
    if (name !== 'status' || interval === undefined) continue
    const last = memory.last.get(depth) ?? 0
    if (1000 * Math.max(1, interval) <= context.now - last && (found === undefined || found < depth)) found = depth
  }
  return found
}

function checked(step: Step, frame: StatusFrame, rc: number): Next {
  const index = frame.order[frame.index]!
  const node = step.service.nodes[index]!
  const memory = step.worker.memory[index]!
  memory.last.set(frame.depth, step.context.now)
  // The wiki's model: a deep check counts for all the lesser ones too (spec 6, seed 001).
  if (step.state.config.switches.depthClear)
    for (const action of node.actions)
      if (action.name === 'status' && action.depth < frame.depth) memory.last.set(action.depth, step.context.now)
  frame.rc = rc
  if (rc !== 0 && node.actions.some(({ name }) => name === 'recover')) {
    frame.at = 'recovered'
    return callAgent(step, index, 'recover', 0)
  }
  return settled(step, frame, rc, rc)
}

/** `recover` works in place; in 3.1.8 the failed result stays in the cache all the same (spec 6.8). */
function recovered(step: Step, frame: StatusFrame, rc: number): Next {
  const cached = rc === 0 && !step.state.config.switches.recoverCacheBug ? 0 : frame.rc
  return settled(step, frame, rc === 0 ? 0 : frame.rc, cached)
}

function settled(step: Step, frame: StatusFrame, rc: number, cached: number): Next {
  const index = frame.order[frame.index]!
  const node = step.service.nodes[index]!
  const memory = step.worker.memory[index]!
  const result = rc !== 0 && isTolerated(node, memory, step.context.now) ? 0 : rc
  memory.cached = result === 0 && rc !== 0 ? 0 : cached
  if (result !== rc) log(step.context, 'warning', `${node.id}: this failure is tolerated (__max_failures)`)
  frame.at = 'next'
  return afterNode(step, frame, result) ?? nextCheck(step, frame)
}

/** `__max_failures`: so many failing checks within the window are taken for good (spec 6.9). */
function isTolerated({ maxFailures, failureExpire }: TreeNode, memory: NodeMemory, now: number): boolean {
  if (maxFailures <= 0 || failureExpire <= 0) return false
  memory.failures = memory.failures.filter((at) => now - at < failureExpire)
  if (maxFailures <= memory.failures.length) return false
  memory.failures.push(now)
  return true
}

/** Moves on from a node; where it failed, decides which subtree, or the whole service, pays for it. */
function afterNode(step: Step, frame: StatusFrame, rc: number): Next | undefined {
  const index = frame.order[frame.index]!
  frame.index += 1
  if (rc === 0) return undefined
  const mark = failureLeadsTo(step, index)
  decide(step.context, {
    decision: mark === undefined ? 'status-failed' : mark.what === 'restart' ? 'restart-subtree' : 'disable-subtree',
    about: [step.service.id, step.service.nodes[index]!.id, ...(mark === undefined ? [] : [markedId(step, mark)])],
    text: textOf(step, index, mark),
    reasons: [
      { text: `its status returned ${rc}`, source: mark === undefined ? 'spec rgmanager 10' : 'spec rgmanager 8' },
    ],
  })
  if (mark === undefined) return done('failed')
  frame.marks.push(mark)
  for (const other of skipAfterFailure(step.service, mark.node)) frame.skip.add(other)
  return undefined
}

/** The subtree that pays; the failed resource itself may be it. */
function markedId({ service }: Step, { node }: Mark): string {
  return service.nodes[node]!.id
}

function textOf({ service }: Step, index: number, mark: Mark | undefined): string {
  const id = service.nodes[index]!.id
  if (mark === undefined) return `${id} failed: ${service.id} must be recovered`
  const subtree = service.nodes[mark.node]!.id
  return mark.what === 'restart'
    ? `${id} failed: restarts ${subtree} in place`
    : `${id} failed: stops ${subtree} for good; the service goes on without it`
}

/** Recovery in place: stops every marked subtree, then starts those that are to be restarted. Answers `ok` or `failed`. */
export function inlineStep(step: Step, frame: InlineFrame, value: Value | undefined): Next {
  const marks = markedInOrder(step.service, frame.marks)
  const mark = marks[frame.index]
  switch (frame.at) {
    case 'next-stop':
      if (mark === undefined) return stopsDone(step, frame)
      frame.at = 'stopped'
      return { kind: 'push', frame: walk('stop', stopOrder(step.service, mark.node)) }
    case 'stopped':
      if (value?.text === 'failed' && step.service.nodes[mark!.node]!.independent !== 'non-critical')
        return done('failed')
      if (value?.text === 'failed') {
        log(
          step.context,
          'warning',
          `${step.service.nodes[mark!.node]!.id} did not stop; the service goes on without it`,
        )
        mark!.what = 'disable'
      }
      if (mark!.what === 'disable')
        for (const index of startOrder(step.service, mark!.node)) step.worker.memory[index]!.disabled = true
      frame.index += 1
      frame.at = 'next-stop'
      return inlineStep(step, frame, undefined)
    case 'locked':
      changeRecord(step.state, step.context, step.service.id, undefined, { partial: true })
      frame.at = 'next-start'
      return inlineStep(step, frame, undefined)
    case 'next-start':
      if (mark === undefined) return done('ok')
      if (mark.what === 'disable') {
        frame.index += 1
        return inlineStep(step, frame, undefined)
      }
      frame.at = 'started'
      return { kind: 'push', frame: walk('start', startOrder(step.service, mark.node)) }
    case 'started':
      // The result of this start is not looked at: what failed stays failed in the cache, and the next tick tries again (spec 8).
      frame.index += 1
      frame.at = 'next-start'
      return inlineStep(step, frame, undefined)
  }
}

function stopsDone(step: Step, frame: InlineFrame): Next {
  frame.index = 0
  if (frame.marks.some(({ what }) => what === 'disable')) {
    frame.at = 'locked'
    return lock(step)
  }
  frame.at = 'next-start'
  return inlineStep(step, frame, undefined)
}
