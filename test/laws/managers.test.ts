/**
 * The contract's laws (manager/contract.ts), over every manager of the catalogue: readers never throw, configurations are never changed,
 * daemons are plain data, act on what exists only, and ignore what is not theirs. A new manager is under law once it has a sample here.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/cli/load.ts'
import type { Command } from '../../src/manager/command.ts'
import type { DaemonContext } from '../../src/manager/contract.ts'
import type { Observation } from '../../src/manager/observation.ts'
import { type AnyManager, MANAGERS } from '../../src/run/managers.ts'
import { simulate } from '../../src/run/simulate.ts'

/** One shipped scenario of each manager. */
const SAMPLES = new Map([
  ['heartbeat', 'scenarios/heartbeat/s03b-node-dies-fenced.yaml'],
  ['pacemaker', 'scenarios/pacemaker/p01-node-dies-fenced.yaml'],
  ['rgmanager', 'scenarios/rgmanager/s08-node-dies.yaml'],
])

/** A manager that tells of everything that its daemons are told and do. */
function watched(
  manager: AnyManager,
  seen: (node: string, observation: Observation, commands: readonly Command[], state: unknown) => void,
): AnyManager {
  return {
    ...manager,
    handle: (state, observation, context) => {
      const commands: Command[] = []
      const act = (command: Command): void => {
        commands.push(command)
        context.act(command)
      }
      manager.handle(state, observation, { ...context, act })
      seen(context.node, observation, commands, state)
    },
  }
}

describe.each(MANAGERS.map((manager) => ({ name: manager.name, manager })))('manager $name', ({ name, manager }) => {
  const scenario = loadScenario(SAMPLES.get(name)!)
  const config = manager.read(scenario.files, scenario.options).value
  const shape = manager.shape(config)

  it('reads its sample, and describes a cluster whose parts know one another', () => {
    expect(config).toBeDefined()
    expect(shape.manager).toBe(name)
    expect(shape.processes.length).toBeGreaterThan(0)
    const ids = shape.resources.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const group of shape.groups) for (const member of group.resources) expect(ids).toContain(member)
    for (const storage of shape.storage) for (const user of storage.usedBy) expect(ids).toContain(user)
    for (const device of shape.fenceDevices)
      for (const node of [...device.targets, ...device.hosts]) expect(shape.nodes).toContain(node)
    for (const medium of shape.media) for (const node of shape.nodes) expect(medium.members).toContain(node)
  })

  it('never throws on mutilated files, and names the file of every problem', () => {
    const names = new Set([...scenario.files.map((file) => file.name), 'options'])
    const law = fc.property(
      fc.nat(scenario.files.length - 1),
      fc.nat(),
      fc.nat(40),
      fc.string(),
      (which, at, cut, put) => {
        const files = scenario.files.map((file, index) => {
          const from = at % (file.text.length + 1)
          return index === which
            ? { ...file, text: file.text.slice(0, from) + put + file.text.slice(from + cut) }
            : file
        })
        const { value, problems } = manager.read(files, scenario.options)
        for (const problem of problems) expect([...names].some((known) => known.endsWith(problem.file))).toBe(true)
        if (value === undefined) expect(problems.some(({ severity }) => severity === 'error')).toBe(true)
        else manager.shape(value)
      },
    )
    fc.assert(law, { numRuns: 150 })
  })

  it('refuses options and commands that it does not know', () => {
    const { value, problems } = manager.read(scenario.files, [{ name: 'noSuchOption', value: '1' }])
    expect([value, problems.length > 0]).toEqual([undefined, true])
    expect(manager.checkCommand(['no-such-command'])).toContain('no-such-command')
    for (const word of ['start', 'stop', 'shutdown', 'reboot']) expect(manager.checkCommand([word])).toBeUndefined()
  })

  it('acts on what exists only, with tickets of its own, and keeps its state plain', () => {
    const known = new Set(shape.resources.map(({ id }) => id))
    const devices = new Set(shape.fenceDevices.map(({ id }) => id))
    const tickets = new Map<string, Set<number>>()
    let handled = 0
    simulate(scenario, {
      manager: watched(manager, (node, observation, commands, state) => {
        if (observation.kind === 'boot') tickets.set(node, new Set())
        const own = tickets.get(node)!
        for (const command of commands) {
          if (command.kind === 'run') expect(known).toContain(command.resource)
          if (command.kind === 'fence') expect(devices).toContain(command.device)
          if (command.kind !== 'run' && command.kind !== 'fence') continue
          expect(own).not.toContain(command.ticket)
          own.add(command.ticket)
        }
        handled += 1
        if (handled % 200 === 0) expect(structuredClone(state)).toEqual(state)
      }),
    })
    expect(handled).toBeGreaterThan(100)
  })

  it('never changes its configuration', () => {
    const before = structuredClone(config)
    const other = { ...manager, read: () => ({ value: config, problems: [] }) }
    simulate(scenario, { manager: other })
    expect(config).toEqual(before)
  })

  it('ignores what is not its own', () => {
    const state = manager.daemon(config, shape.nodes[0]!)
    const context: DaemonContext = {
      now: 0,
      clock: 0,
      node: shape.nodes[0]!,
      act: () => {},
      draw: () => 0,
    }
    const resource = shape.resources[0]!.id
    const result = { status: 'done', rc: 0, output: '', took: 1 } as const
    const strange: readonly Observation[] = [
      { kind: 'boot', generation: 1 },
      { kind: 'timer', name: 'no-such-timer of nobody' },
      { kind: 'result', ticket: 999_999, resource, operation: 'start', result },
      { kind: 'fenced', ticket: 999_999, target: shape.nodes[0]!, ok: true, text: '' },
      { kind: 'attribute', name: 'no-such-attribute', value: '1' },
      { kind: 'process', process: 'no-such-process', state: 'hung' },
    ]
    for (const observation of strange) expect(() => manager.handle(state, observation, context)).not.toThrow()
  })
})
