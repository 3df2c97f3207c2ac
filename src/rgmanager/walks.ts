/** Walks over the tree that start or stop node by node. Source: spec rgmanager 4 and 17. */
import type { TreeNode } from './config.ts'
import { done, type Next, type Step, type Value, type WalkFrame } from './frames.ts'
import type { NodeMemory } from './state.ts'
import { callAgent } from './worker.ts'

/** What the field calls "not installed". */
const NOT_INSTALLED = 5

/** Goes through the nodes in order: a start stops at the first failure, a stop never does. Answers `ok` or `failed`. */
export function walkStep(step: Step, frame: WalkFrame, value: Value | undefined): Next {
  switch (frame.at) {
    case 'next':
      return nextNode(step, frame)
    case 'called':
      return ended(step, frame, value?.rc ?? 1, value?.text === 'killed' ? 'killed' : 'by itself')
  }
}

function nextNode(step: Step, frame: WalkFrame): Next {
  const index = frame.order[frame.index]
  if (index === undefined) return done(frame.failed ? 'failed' : 'ok')
  // An action that is missing from the metadata is a silent success (spec 5).
  if (!step.service.nodes[index]!.actions.some((action) => action.name === frame.op))
    return ended(step, frame, 0, 'by itself')
  frame.at = 'called'
  return callAgent(step, index, frame.op, 0)
}

function ended(step: Step, frame: WalkFrame, rc: number, how: 'by itself' | 'killed'): Next {
  const index = frame.order[frame.index]!
  const node = step.service.nodes[index]!
  const memory = step.worker.memory[index]!
  frame.index += 1
  frame.at = 'next'
  if (frame.op === 'start') {
    if (rc === 0) noteStarted(memory, node, step.context.now)
    else {
      memory.cached = rc
      memory.notInstalled = rc === NOT_INSTALLED
      return done('failed')
    }
  } else if (rc !== 0 && !isExcused(step, memory, rc)) {
    frame.failed = true
    if (how === 'by itself') fenceSelf(step, node, rc)
  }
  return nextNode(step, frame)
}

function noteStarted(memory: NodeMemory, node: TreeNode, now: number): void {
  for (const action of node.actions) if (action.name === 'status') memory.last.set(action.depth, now)
  memory.cached = 0
  memory.disabled = false
  memory.notInstalled = false
}

/** What could not be started because it is not installed may say so again when it is stopped (spec 17). */
function isExcused({ state }: Step, memory: NodeMemory, rc: number): boolean {
  return rc === NOT_INSTALLED && memory.notInstalled && state.config.switches.notInstalledStopOk
}

/** `self_fence`: the agent, unless it was killed, reboots its node rather than leave a file system mounted (spec 2, fs). */
function fenceSelf({ context }: Step, node: TreeNode, rc: number): void {
  const value = node.attributes.find(({ name }) => name === 'self_fence')?.value
  if (value === '1' || value === 'yes')
    context.act({ kind: 'reboot', reason: `${node.id} could not be stopped (${rc}) and has self_fence` })
}
