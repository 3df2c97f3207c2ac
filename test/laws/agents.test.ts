/** Laws of every agent class, over all operations, true states and misbehaviours: the contract's promises and the field's customs. */
import { describe, expect, it } from 'vitest'
import { AGENT_FAMILIES, familyOf } from '../../src/agents/catalogue.ts'
import type { AgentCall, AgentFamily, Misbehaviour } from '../../src/agents/contract.ts'
import { DEFAULT_TIMINGS } from '../../src/agents/defaults.ts'
import { compile } from '../../src/machines/engine.ts'
import { lifecycle } from '../../src/machines/lifecycle.ts'
import type { LifecycleState } from '../../src/model/lifecycle.ts'
import type { OperationName } from '../../src/model/operation.ts'
import type { AgentClass, ResourceSpec } from '../../src/model/resource.ts'

const OPERATIONS: readonly OperationName[] = [
  ...(['demote', 'meta-data', 'migrate_from', 'migrate_to', 'monitor', 'notify', 'promote'] as const),
  ...(['reload', 'start', 'status', 'stop', 'validate-all'] as const),
]
const MISBEHAVIOURS: readonly (Misbehaviour | undefined)[] = [
  undefined,
  { kind: 'result', rc: 0 },
  { kind: 'result', rc: 1, output: 'cannot\n' },
  { kind: 'hang' },
  { kind: 'missing' },
  { kind: 'lie', as: 'started' },
  { kind: 'lie', as: 'hung' },
  { kind: 'pretend' },
  { kind: 'crash-later', after: 7000 },
]
const engine = compile(lifecycle)
// The engine's states are exactly those of the lifecycle.
const STATES = engine.states as readonly LifecycleState[]

function specOf(agentClass: AgentClass, promotable: boolean): ResourceSpec {
  return { id: 'r', agent: { class: agentClass, type: 'thing' }, parameters: [], promotable }
}

function allCalls(family: AgentFamily): readonly AgentCall[] {
  return OPERATIONS.flatMap((operation) =>
    STATES.flatMap((state) =>
      MISBEHAVIOURS.flatMap((misbehaviour) =>
        [false, true].map((promotable) => ({ spec: specOf(family.class, promotable), operation, state, misbehaviour })),
      ),
    ),
  )
}

/** What is wrong with the plan of `call` by the contract, or undefined. */
function breach(family: Pick<AgentFamily, 'plan'>, call: AgentCall): string | undefined {
  const plan = family.plan(call)
  if (!Number.isInteger(plan.rc) || plan.rc < 0 || 255 < plan.rc) return `exit code ${plan.rc}`
  if (plan.crashesAfter !== undefined && plan.ends === undefined) return 'crashes after a call that changed nothing'
  if (plan.begins === undefined) return plan.ends === undefined ? undefined : 'ends what it has not begun'
  const during = engine.next(call.state, plan.begins)
  if (during === undefined) return `begins with ${plan.begins}, which ${call.state} ignores`
  if (plan.hangs) return plan.ends === undefined ? undefined : 'hangs and ends'
  if (plan.ends === undefined) return 'begins and never ends'
  return engine.next(during, plan.ends) === undefined ? `ends with ${plan.ends}, which ${during} ignores` : undefined
}

/** The true state after a call that ends by itself. */
function stateAfter(family: AgentFamily, call: AgentCall): string {
  const plan = family.plan(call)
  if (plan.begins === undefined || plan.ends === undefined) return call.state
  return engine.next(engine.next(call.state, plan.begins)!, plan.ends)!
}

describe.each(AGENT_FAMILIES.map((family) => ({ name: family.class, family })))('class $name', ({ name, family }) => {
  const calls = allCalls(family)
  const call = (operation: OperationName, state: LifecycleState, misbehaviour?: Misbehaviour): AgentCall => ({
    spec: specOf(name, false),
    operation,
    state,
    misbehaviour,
  })

  it('plans only what the lifecycle accepts', () => {
    const breaches = calls.flatMap((entry) => {
      const what = breach(family, entry)
      return what === undefined ? [] : [`${entry.operation} in ${entry.state}: ${what}`]
    })
    expect(breaches).toEqual([])
  })

  it('plans by the call alone, whatever was called before, and in plain data', () => {
    const plans = calls.map((entry) => family.plan(entry))
    const again = [...calls].reverse().map((entry) => structuredClone(family.plan(entry)))
    expect(again.reverse()).toEqual(plans)
  })

  it('starts what is stopped, and stops what is started', () => {
    expect(stateAfter(family, call('start', 'stopped'))).toBe('started')
    expect(stateAfter(family, call('stop', 'started'))).toBe('stopped')
    expect(family.plan(call('start', 'stopped')).rc).toBe(0)
    expect(family.plan(call('stop', 'started')).rc).toBe(0)
  })

  it('finds nothing to do in a start of what is started and a stop of what is stopped (seeds 000 and 003)', () => {
    expect(family.plan(call('start', 'started'))).toEqual({ rc: 0, output: '', hangs: false })
    expect(family.plan(call('stop', 'stopped'))).toEqual({ rc: 0, output: '', hangs: false })
  })

  it('leaves a failed start failed and a failed stop stuck, and nothing where there was nothing to stop', () => {
    const fails: Misbehaviour = { kind: 'result', rc: 1 }
    expect(stateAfter(family, call('start', 'stopped', fails))).toBe('failed')
    expect(stateAfter(family, call('stop', 'started', fails))).toBe('stuck')
    expect(stateAfter(family, call('stop', 'stopped', fails))).toBe('stopped')
    expect(family.plan(call('stop', 'stopped', fails)).rc).toBe(1)
  })

  it('can stop every state that is at rest, the stuck and the unknown included', () => {
    for (const state of ['started', 'promoted', 'failed', 'failed-promoted', 'stuck', 'unknown'] as const)
      expect([state, stateAfter(family, call('stop', state))]).toEqual([state, 'stopped'])
  })

  it('reports without touching anything', () => {
    for (const entry of calls)
      if (!['start', 'stop', 'promote', 'demote', 'migrate_to', 'migrate_from'].includes(entry.operation))
        expect(family.plan(entry).begins).toBeUndefined()
  })

  it('tells another state when it lies, and claims success without work when it pretends', () => {
    const word: OperationName = name === 'heartbeat' ? 'status' : 'monitor'
    const truth = family.plan(call(word, 'started'))
    expect(family.plan(call(word, 'stopped', { kind: 'lie', as: 'started' }))).toEqual(truth)
    expect(family.plan(call(word, 'stopped'))).not.toEqual(truth)
    expect(family.plan(call('stop', 'started', { kind: 'pretend' }))).toEqual({ rc: 0, output: '', hangs: false })
  })

  it('is found by its name, puts the operation in the call, and has a default duration for it', () => {
    expect(familyOf(name)).toBe(family)
    for (const operation of OPERATIONS) {
      expect(DEFAULT_TIMINGS.has(operation)).toBe(true)
      if (operation !== 'monitor') expect(family.callText(specOf(name, false), operation)).toContain(operation)
    }
  })
})

it('notices a plan that the lifecycle would ignore (planted)', () => {
  const call: AgentCall = { spec: specOf('ocf', false), operation: 'start', state: 'started', misbehaviour: undefined }
  const careless = { plan: () => ({ begins: 'start', ends: 'ok', rc: 0, output: '', hangs: false }) as const }
  expect(breach(careless, call)).toBe('begins with start, which started ignores')
})
