/** The scenario's hand: faults and commands of the timeline, faults drawn by chance, and their ends. */

import { findFault } from '../faults/catalogue.ts'
import { draw } from '../kernel/draw.ts'
import { invariant } from '../kernel/invariant.ts'
import type { Argument } from '../model/vocabulary.ts'
import type { CommandStep } from '../scenario/scenario.ts'
import { appear, haltNode } from '../world/node.ts'
import { moveService } from '../world/service.ts'
import { type NodeTruth, serviceKey } from '../world/state.ts'
import { because, record } from './context.ts'
import { observe, startDaemon } from './daemons.ts'
import type { Run } from './state.ts'

/** Schedules the timeline, the first faults by chance, and the switching on of every node. */
export function scheduleScenario(run: Run): void {
  const { scenario, loop } = run
  const { nodes: alreadyUp = [] } = run.manager.beginning?.(run.config) ?? {}
  if (alreadyUp.length > 0) loop.schedule(0, { kind: 'go-on' })
  for (const node of run.state.world.shape.nodes) {
    if (alreadyUp.includes(node) || isGuest(run, node)) continue
    const rule = scenario.power.find((entry) => entry.node === node)
    // Who was not there when a state was recorded stays off until somebody switches it on: a fence device, a person, the scenario.
    if (rule === undefined && alreadyUp.length > 0) continue
    if (rule?.at !== 'never') loop.schedule(rule?.at ?? 0, { kind: 'switch-on', node })
  }
  scheduleSteps(run, 0)
  for (const [rule, chaos] of scenario.chaos.entries()) {
    const first = chaos.from + draw(chaos.every, run.streams.stream(`chaos ${rule} ${chaos.fault}`, 'every'))
    if (first <= chaos.until) loop.schedule(first, { kind: 'chaos', rule }, STEP_PRIORITY)
  }
}

/** A guest has power while its container runs: nobody switches it on. */
function isGuest({ state }: Run, node: string): boolean {
  return state.world.shape.remotes?.some((remote) => remote.node === node && remote.container !== undefined) === true
}

/** Schedules the steps of the timeline from an index on. */
export function scheduleSteps({ scenario, loop }: Run, from: number): void {
  for (const [index, step] of scenario.timeline.entries())
    if (from <= index) loop.schedule(step.at, { kind: 'step', index }, STEP_PRIORITY)
}

/** What the scenario does at an instant comes before everything else of that instant. */
const STEP_PRIORITY = -1

/** Puts the nodes and services of a recorded state where they were; their daemons are told that they stood for a while already. */
export function goOn(run: Run): void {
  const { nodes, services } = run.manager.beginning!(run.config)!
  const { world } = run.state
  for (const name of nodes) appear(world, run.context, name)
  for (const { node, resource, state } of services) {
    const service = world.services.get(serviceKey(node, resource))
    if (service !== undefined)
      moveService(world, run.context, service, state === 'promoted' ? 'appeared-promoted' : 'appeared')
  }
  for (const name of nodes) startDaemon(run, name, 'resumed')
}

/** Carries out one step of the timeline. */
export function takeStep(run: Run, index: number): void {
  const step = run.scenario.timeline[index]!
  if (step.kind === 'command') return giveCommand(run, step)
  beginFault(run, { fault: step.fault, arguments: step.arguments, lasts: step.lasts, why: step.why })
}

/** A fault by chance is due: begins it and draws the next. */
export function drawChaos(run: Run, index: number): void {
  const rule = run.scenario.chaos[index]!
  const component = `chaos ${index} ${rule.fault}`
  const lasts = draw(rule.lasts, run.streams.stream(component, 'lasts'))
  const chosen = rule.arguments.map((argument) => chooseArgument(run, component, argument))
  beginFault(run, { fault: rule.fault, arguments: chosen, lasts, why: 'drawn by chance' })
  const next = run.loop.now + Math.max(1, draw(rule.every, run.streams.stream(component, 'every')))
  if (next <= rule.until) run.loop.schedule(next, { kind: 'chaos', rule: index }, STEP_PRIORITY)
}

/** Ends a fault that lasts. */
export function endFault(run: Run, id: number): void {
  const active = run.state.faults.get(id)
  if (active === undefined) return
  run.state.faults.delete(id)
  const fault = findFault(active.fault)!
  const occurrence = { id, arguments: active.arguments }
  const { targets, text } = fault.describe(occurrence, run.state.world)
  const seq = record(run, { kind: 'fault', phase: 'end', fault: active.fault, targets, text: `over: ${text}`, why: '' })
  because(run, seq, () => fault.end?.(run.state.world, run.context, occurrence))
}

interface Beginning {
  readonly fault: string
  readonly arguments: readonly Argument[]
  readonly lasts: number | undefined
  readonly why: string
}

function beginFault(run: Run, { fault: name, arguments: given, lasts, why }: Beginning): void {
  const fault = findFault(name)
  invariant(fault !== undefined, `the scenario's reader lets only known faults through, not "${name}"`)
  run.state.faultsBegun += 1
  const id = run.state.faultsBegun
  const occurrence = { id, arguments: given }
  const { targets, text } = fault.describe(occurrence, run.state.world)
  const lasting = fault.end === undefined ? {} : ({ lasting: true } as const)
  const seq = record(run, { kind: 'fault', phase: 'begin', fault: name, targets, text, why, ...lasting })
  if (fault.end !== undefined) {
    run.state.faults.set(id, { id, fault: name, arguments: given, seq })
    if (lasts !== undefined)
      run.loop.schedule(run.loop.now + lasts, { kind: 'fault-ends', id, cause: seq }, STEP_PRIORITY)
  }
  because(run, seq, () => fault.begin(run.state.world, run.context, occurrence))
}

/** An argument written as `any` in a rule of chance is drawn anew each time. */
function chooseArgument(run: Run, component: string, argument: Argument): Argument {
  if (argument.value !== 'any') return argument
  const { nodes, resources, fenceDevices } = run.state.world.shape
  const pools = new Map<string, readonly string[]>([
    ['node', nodes],
    ['resource', resources.map((spec) => spec.id)],
    ['device', fenceDevices.map((device) => device.id)],
  ])
  const pool = pools.get(argument.name)
  if (pool === undefined || pool.length === 0) return argument
  const chance = run.streams.stream(component, `choose ${argument.name}`)()
  return { name: argument.name, value: pool[Math.floor(chance * pool.length)]! }
}

/**
 * An administrator's command. `start`, `stop`, `shutdown` and `reboot` mean the same to every manager and are carried out here; every
 * other word is the manager's own. A leading name of the manager is left out (`heartbeat stop`).
 */
function giveCommand(run: Run, step: CommandStep): void {
  const words = step.words[0] === run.manager.name ? step.words.slice(1) : step.words
  const seq = record(run, {
    kind: 'command',
    node: step.node,
    command: step.shown ?? step.words.join(' '),
    why: step.why,
  })
  const node = run.state.world.nodes.get(step.node)!
  because(run, seq, () => {
    const refusal = refusalOf(run, node, words[0])
    if (refusal !== undefined) {
      record(run, { kind: 'log', node: step.node, level: 'error', text: refusal })
      return
    }
    switch (words[0]) {
      case 'start':
        return startDaemon(run, step.node)
      case 'stop':
        return observe(run, step.node, { kind: 'shutdown' })
      case 'shutdown':
      case 'reboot':
        node.afterExit = words[0] === 'reboot' ? 'reboot' : 'halt'
        // Where no manager runs, nothing has to end first.
        if (node.daemon === 'stopped') return haltNode(run.state.world, run.context, step.node)
        return observe(run, step.node, { kind: 'shutdown' })
      default:
        return observe(run, step.node, { kind: 'command', words })
    }
  })
}

/** Why a command is carried out by nobody: its node is not there, or the manager does not run on it. */
function refusalOf({ manager }: Run, { name, state, daemon }: NodeTruth, word = ''): string | undefined {
  if (state !== 'up') return `${name} ${NOT_UP[state]}: nothing can be typed there`
  if (daemon !== 'stopped' || ['start', 'shutdown', 'reboot'].includes(word)) return undefined
  return `${manager.name} does not run on ${name}: the command reaches nobody`
}

const NOT_UP = {
  booting: 'is booting',
  dead: 'has panicked',
  hung: 'stands still',
  off: 'is off',
  'shutting-down': 'is shutting down',
} as const
