/** Questions between nodes: one worker asks another node to do something with its service, and waits for the answer. */
import type { DaemonContext } from '../manager/contract.ts'
import { log } from '../manager/tell.ts'
import type { NodeName } from '../model/names.ts'
import { centralAnswered } from './central.ts'
import { done, type Next, type Step, type Value, WAIT } from './frames.ts'
import { tell } from './ring.ts'
import type { OperatorOp, Reply, Request, RgState, Why } from './state.ts'
import { enqueue, resume } from './worker.ts'

/** What one node asks of another. */
export type Question =
  | { readonly kind: 'central-start' }
  | { readonly kind: 'central-stop'; readonly mode: 'disable' | 'stop' }
  | { readonly kind: 'operator'; readonly op: OperatorOp; readonly target: NodeName | undefined }
  | { readonly kind: 'receive' }
  | { readonly kind: 'remote-start'; readonly why: readonly Why[] }

interface Asked {
  readonly service: string
  readonly question: Question
  readonly reply: Reply
}

interface Answer {
  readonly id: number
  readonly text: string
  readonly owner: NodeName | undefined
}

/** Asks another node and waits; a node that vanishes meanwhile answers `gone`. */
export function ask({ state, context, worker }: Step, to: NodeName, question: Question): Next {
  state.ticket += 1
  worker.waiting = { kind: 'answer', id: state.ticket, from: to }
  const body: Asked = { service: worker.service, question, reply: { node: state.self, id: state.ticket } }
  tell(state, context, to, 'ask', body)
  return WAIT
}

/** Hands a request to the node that can do it; whoever made it hears from there. This worker is free at once. */
export function passOn({ state, context, worker }: Step, to: NodeName, question: Question, replyTo: Reply): Next {
  const body: Asked = { service: worker.service, question, reply: replyTo }
  tell(state, context, to, 'ask', body)
  return done(PASSED_ON)
}

const PASSED_ON = 'passed on'

/** Puts a question to any node, this one included; the answer comes to the central master. */
export function put(state: RgState, context: DaemonContext, to: NodeName, service: string, question: Question): number {
  state.ticket += 1
  const id = state.ticket
  if (to === state.self) enqueue(state, context, service, toRequest(question, { node: state.self, id }))
  else {
    const body: Asked = { service, question, reply: { node: state.self, id } }
    tell(state, context, to, 'ask', body)
  }
  return id
}

/** A question has arrived. */
export function asked(state: RgState, context: DaemonContext, from: NodeName, body: unknown): void {
  // Only this file makes such messages.
  const { service, question, reply: replyTo } = body as Asked
  const { waiting } = state.workers.get(service) ?? {}
  if (state.phase !== 'running') answer(state, context, replyTo, { text: 'not serving' })
  // Both ask one another for the same service: neither would ever be served (spec 10b, RHEL 6).
  else if (waiting?.kind === 'answer' && waiting.from === from) answer(state, context, replyTo, { text: 'deadlock' })
  else enqueue(state, context, service, toRequest(question, replyTo))
}

function toRequest(question: Question, replyTo: Reply): Request {
  return { ...question, reply: replyTo }
}

/** Tells whoever asked how a request ended; an operator reads it here. */
export function reply(state: RgState, context: DaemonContext, request: Request, value: Value): void {
  if ('reply' in request && value.text !== PASSED_ON) answer(state, context, request.reply, value)
}

/** An operator reads how it went. */
function tellOperator(context: DaemonContext, { text, owner }: Answer): void {
  const node = owner === undefined ? '' : ` (${owner})`
  log(context, text === 'ok' ? 'info' : 'warning', `clusvcadm: ${OUTCOMES.get(text) ?? text}${node}`)
}

/** Outcomes in clusvcadm's words. */
const OUTCOMES = new Map([
  ['ok', 'success'],
  ['aborted', 'aborted; service failed'],
  ['running', 'service is already running'],
  ['local', 'failed; service running on original owner'],
  ['failed', 'failed'],
  ['again', 'temporarily unavailable, try again'],
  ['frozen', 'service is frozen'],
  ['invalid', 'invalid operation for resource'],
  ['exclusive', 'the target cannot run it: exclusive'],
])

/** Tells whoever asked, here or elsewhere. */
export function answer(
  state: RgState,
  context: DaemonContext,
  to: Reply,
  { text, owner }: { readonly text: string; readonly owner?: NodeName | undefined },
): void {
  const body: Answer = { id: to.id, text, owner }
  if (to.node === state.self) answered(state, context, state.self, body)
  else tell(state, context, to.node, 'answer', body)
}

/** An answer has arrived. */
export function answered(state: RgState, context: DaemonContext, from: NodeName, body: unknown): void {
  // Only `answer` makes such messages.
  const { id, text, owner } = body as Answer
  if (id === 0) return tellOperator(context, body as Answer)
  for (const worker of state.workers.values())
    if (worker.waiting?.kind === 'answer' && worker.waiting.id === id && worker.waiting.from === from)
      return resume(state, context, worker, { text, ...(owner === undefined ? {} : { owner }) })
  centralAnswered(state, context, id, { text, owner })
}

/** A node is gone: what was asked of it is answered so. */
export function answerForGone(state: RgState, context: DaemonContext, node: NodeName): void {
  for (const worker of [...state.workers.values()])
    if (worker.waiting?.kind === 'answer' && worker.waiting.from === node)
      resume(state, context, worker, { text: 'gone' })
}
