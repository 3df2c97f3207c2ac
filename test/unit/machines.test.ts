/** What the machines mean, walked as an administrator would tell it; and what the adapter refuses. */
import { describe, expect, it } from 'vitest'
import { createMachine } from 'xstate'
import { chartOf, compile, type Engine, interpret } from '../../src/machines/engine.ts'
import { fenceDevice } from '../../src/machines/fence-device.ts'
import { type LifecycleEvent, lifecycle } from '../../src/machines/lifecycle.ts'
import { type NodeEvent, nodeMachine } from '../../src/machines/node.ts'

/** The states that `events` lead through from `from`; `(ignored)` where an event is. */
function walk<Event extends string>(engine: Engine, from: string, ...events: readonly Event[]): readonly string[] {
  let state = from
  return events.map((event) => {
    const next = engine.next(state, event)
    state = next ?? state
    return next ?? '(ignored)'
  })
}

describe('a resource on a node', () => {
  const engine = compile(lifecycle)
  const go = (from: string, ...events: readonly LifecycleEvent[]) => walk(engine, from, ...events)

  it('starts, is promoted, demoted and stopped', () => {
    const events = ['start', 'ok', 'promote', 'ok', 'demote', 'ok', 'stop', 'ok'] as const
    const states = ['starting', 'started', 'promoting', 'promoted', 'demoting', 'started', 'stopping', 'stopped']
    expect(go('stopped', ...events)).toEqual(states)
  })

  it('is stuck after a failed stop until a stop works or the power goes', () => {
    expect(go('started', 'stop', 'failed')).toEqual(['stopping', 'stuck'])
    expect(go('stuck', 'start')).toEqual(['(ignored)'])
    expect(go('stuck', 'stop', 'ok')).toEqual(['stopping', 'stopped'])
    expect(go('stuck', 'power-lost')).toEqual(['stopped'])
  })

  it('is unknown after any operation that timed out', () => {
    for (const state of ['starting', 'stopping', 'promoting', 'demoting', 'migrating'])
      expect(go(state, 'timed-out')).toEqual(['unknown'])
  })

  it('keeps its role through a crash and a freeze', () => {
    expect(go('promoted', 'crash')).toEqual(['failed-promoted'])
    expect(go('started', 'crash')).toEqual(['failed'])
    expect(go('promoted', 'hang', 'resume')).toEqual(['hung-promoted', 'promoted'])
    expect(go('started', 'hang', 'resume')).toEqual(['hung', 'started'])
  })

  it('leaves the source of a migration stopped, or running where it failed', () => {
    expect(go('started', 'migrate', 'ok')).toEqual(['migrating', 'stopped'])
    expect(go('started', 'migrate', 'failed')).toEqual(['migrating', 'started'])
  })

  it('can be started by hand', () => {
    expect(go('stopped', 'appeared')).toEqual(['started'])
    expect(go('stopped', 'appeared-promoted')).toEqual(['promoted'])
  })

  it('is gone from every state when the power goes', () => {
    for (const state of engine.states) expect([state, engine.next(state, 'power-lost')]).toEqual([state, 'stopped'])
  })
})

describe('a node', () => {
  const go = (from: string, ...events: readonly NodeEvent[]) => walk(compile(nodeMachine), from, ...events)

  it('boots, freezes and goes on, and shuts down in order', () => {
    const events = ['power-on', 'booted', 'hang', 'resume', 'shutdown', 'powered-off'] as const
    expect(go('off', ...events)).toEqual(['booting', 'up', 'hung', 'up', 'shutting-down', 'off'])
  })

  it('stands still after a panic until it is reset or cut off', () => {
    expect(go('up', 'panic', 'resume', 'reset')).toEqual(['dead', '(ignored)', 'booting'])
    expect(go('dead', 'power-lost')).toEqual(['off'])
  })

  it('cannot be reset while it is off', () => {
    expect(go('off', 'reset')).toEqual(['(ignored)'])
  })
})

describe('a fence device', () => {
  it('carries out one request at a time, and none while out of reach', () => {
    const engine = compile(fenceDevice)
    expect(walk(engine, 'idle', 'request', 'request', 'succeeded')).toEqual(['working', '(ignored)', 'idle'])
    expect(walk(engine, 'idle', 'request', 'failed')).toEqual(['working', 'idle'])
    expect(walk(engine, 'working', 'cut', 'request', 'heal')).toEqual(['unreachable', '(ignored)', 'idle'])
  })
})

describe('the adapter', () => {
  const flat = { id: 'm', initial: 'a' } as const

  it('draws a machine as states and transitions', () => {
    const machine = createMachine({ ...flat, states: { a: { on: { go: 'b' } }, b: { on: { go: 'b', back: 'a' } } } })
    expect(chartOf(compile(machine))).toEqual({
      id: 'm',
      initial: 'a',
      states: ['a', 'b'],
      transitions: [
        { from: 'a', event: 'go', to: 'b' },
        { from: 'b', event: 'go', to: 'b' },
        { from: 'b', event: 'back', to: 'a' },
      ],
    })
  })

  it('refuses a machine that keeps time', () => {
    const machine = createMachine({ ...flat, states: { a: { after: { 10: 'b' } }, b: {} } })
    expect(() => compile(machine)).toThrow('machine m, state a, keeps no time (after)')
  })

  it('refuses a machine that decides by a guard', () => {
    const machine = createMachine({ ...flat, states: { a: { on: { go: { target: 'b', guard: () => true } } }, b: {} } })
    expect(() => interpret(machine)).toThrow('machine m, state a, decides by state and event type only (guard)')
  })

  it('refuses a machine that moves by itself, has children, or states within states', () => {
    const eager = createMachine({ ...flat, states: { a: { always: 'b' }, b: {} } })
    expect(() => compile(eager)).toThrow('machine m, state a, moves by events only (always)')
    const parent = createMachine({ ...flat, states: { a: { invoke: { src: 'child' } } } })
    expect(() => compile(parent)).toThrow('machine m, state a, has no children (invoke)')
    const deep = createMachine({ ...flat, states: { a: { initial: 'x', states: { x: {} } } } })
    expect(() => compile(deep)).toThrow('machine m, state a, is flat')
  })
})
