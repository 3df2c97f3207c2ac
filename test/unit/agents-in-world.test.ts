/** What agents' plans come to when the world carries them out: durations, crashes that come later, claims without work. */
import { expect, it } from 'vitest'
import type { Misbehaviour } from '../../src/agents/contract.ts'
import { Loop } from '../../src/kernel/loop.ts'
import { compile } from '../../src/machines/engine.ts'
import { fenceDevice } from '../../src/machines/fence-device.ts'
import { lifecycle } from '../../src/machines/lifecycle.ts'
import { nodeMachine } from '../../src/machines/node.ts'
import type { OperationName } from '../../src/model/operation.ts'
import type { AgentClass } from '../../src/model/resource.ts'
import type { WorldContext, WorldEvent } from '../../src/world/context.ts'
import { beginCall, crashService, moveService, workDone } from '../../src/world/service.ts'
import { createWorld, serviceKey } from '../../src/world/state.ts'

const unused = (): never => {
  throw new Error('not needed here')
}

/**
 * A world of one node and one service, whose every call takes 100 ms; `history` tells each change of its lifecycle with its instant,
 * `ends` each end of a call.
 */
function bench(agentClass: AgentClass, processors = Number.POSITIVE_INFINITY) {
  const spec = { id: 'db', agent: { class: agentClass, type: 'db' }, parameters: [], promotable: false }
  const empty = { media: [], pingTargets: [], groups: [], fenceDevices: [], storage: [], processes: ['manager'] }
  const world = createWorld({ ...empty, manager: 'pacemaker', nodes: ['n1'], resources: [spec] })
  const node = world.nodes.get('n1')!
  const service = world.services.get(serviceKey('n1', 'db'))!
  const history: string[] = []
  const ends: string[] = []
  const context: WorldContext = {
    keepsRecords: true,
    skipRecord: unused,
    recordsRoutine: false,
    processors,
    now: () => loop.now,
    record: (draft) => (draft.kind === 'lifecycle' ? history.push(`${loop.now} ${draft.from} → ${draft.to}`) : 1),
    because: (_cause, act) => act(),
    cause: () => 0,
    schedule: (delay, event) => loop.schedule(loop.now + delay, event),
    draw: () => 100,
    chance: () => 0,
    stream: unused,
    timing: () => ({ kind: 'fixed', value: 100 }),
    engines: { node: compile(nodeMachine), lifecycle: compile(lifecycle), fenceDevice: compile(fenceDevice) },
    startDaemon: unused,
    loseDaemon: unused,
    deliver: unused,
    routes: new Map(),
    processChanged: unused,
    callTells: () => undefined,
    callEnded: (_node, { operation }) => void ends.push(`${loop.now} ${operation}`),
    agentDescribed: () => void ends.push(`${loop.now} described`),
    fenceEnded: unused,
    deviceTold: unused,
    nodeResumed: unused,
  }
  const loop: Loop<WorldEvent> = new Loop((event) => {
    const running = 'call' in event ? node.calls.find(({ id }) => id === event.call) : undefined
    if (event.kind === 'call-ends') {
      if (running?.progress.version === event.version) workDone(world, context, node, running)
    } else if (event.kind === 'service-crashes') crashService(world, context, event)
    else unused()
  })
  let ticket = 0
  /** Calls the agent and lets time go on to `until`. */
  const call = (operation: OperationName, until: number, misbehaviour?: Misbehaviour, describes = false): void => {
    service.scripts =
      misbehaviour === undefined ? [] : [{ id: 1, operation: 'any', misbehaviour, slowness: 1, times: 1 }]
    ticket += 1
    const base = { resource: 'db' }
    beginCall(world, context, node, { ...base, ticket, operation, describes })
    loop.run({ until, eventsMax: 100 })
  }
  const hang = (): boolean => moveService(world, context, service, 'hang')
  return { call, ends, hang, history }
}

it('crashes a service so long after its start has ended', () => {
  const { call, history } = bench('ocf')
  call('start', 10_000, { kind: 'crash-later', after: 5000 })
  expect(history).toEqual(['0 stopped → starting', '100 starting → started', '5100 started → failed'])
})

it('crashes nothing that was stopped and started anew meanwhile', () => {
  const { call, history } = bench('ocf')
  call('start', 1000, { kind: 'crash-later', after: 5000 })
  call('stop', 2000)
  call('start', 10_000)
  expect(history.slice(2).map((line) => line.replace(/^\d+ /, ''))).toEqual([
    'started → stopping',
    'stopping → stopped',
    'stopped → starting',
    'starting → started',
  ])
})

it('leaves the service running where a stop only claims success', () => {
  const { call, history } = bench('lsb')
  call('start', 1000)
  call('stop', 2000, { kind: 'pretend' })
  expect(history.at(-1)).toBe('100 starting → started')
})

it('kills a hung systemd unit 90 s after its stop has begun', () => {
  const { call, hang, history } = bench('systemd')
  call('start', 1000)
  hang()
  call('stop', 200_000)
  expect(history.slice(-2)).toEqual(['100 hung → stopping', '90200 stopping → stopped'])
})

it('has calls that share a processor go on at half their speed while they are two', () => {
  const { call, ends } = bench('ocf', 1)
  call('start', 0)
  call('monitor', 1000)
  expect(ends).toEqual(['200 start', '200 monitor'])
})

it('has each call take its own time where there are processors enough', () => {
  const { call, ends } = bench('ocf', 2)
  call('start', 0)
  call('monitor', 1000)
  expect(ends).toEqual(['100 start', '100 monitor'])
})

it('reads metadata before a call that wants them, and calls the agent then', () => {
  const { call, ends, history } = bench('ocf')
  call('start', 1000, undefined, true)
  expect(ends).toEqual(['100 described', '200 start'])
  expect(history).toEqual(['100 stopped → starting', '200 starting → started'])
})
