/**
 * The laws of the managers' contract (src/manager/contract.ts) as functions: each takes a manager with a sample scenario and gives
 * complaints, none where it holds. They judge through the contract only, so that any manager can be put before them.
 */
import type { Command } from '../../src/manager/command.ts'
import type { DaemonContext } from '../../src/manager/contract.ts'
import type { Observation } from '../../src/manager/observation.ts'
import type { AnyManager } from '../../src/run/managers.ts'
import { simulate } from '../../src/run/simulate.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

export interface Law {
  readonly name: string
  readonly complaints: (manager: AnyManager, scenario: Scenario) => readonly string[]
}

export const LAWS: readonly Law[] = [
  { name: 'describes a cluster whose parts know one another', complaints: shapeIsWhole },
  { name: 'never throws on mutilated files, and names the file of every problem', complaints: readerIsSafe },
  { name: 'refuses options and commands that it does not know', complaints: refusesTheUnknown },
  { name: 'acts on what exists only', complaints: actsOnWhatExists },
  { name: 'gives every call and fence request a ticket of its own', complaints: ticketsAreUnique },
  { name: 'keeps its state plain', complaints: stateIsPlain },
  { name: 'decides by its state and what it is told, and by nothing else', complaints: isPure },
  { name: 'never changes its configuration', complaints: configurationStands },
  { name: 'ignores what is not its own', complaints: ignoresStrangers },
]

/** The configuration of the sample; a manager that cannot read its sample breaks every law. */
function configOf(manager: AnyManager, scenario: Scenario): unknown {
  const { value, problems } = manager.read(scenario.files, scenario.options)
  if (value === undefined) throw new Error(`the sample is refused: ${problems.map(({ what }) => what).join('; ')}`)
  return value
}

function shapeIsWhole(manager: AnyManager, scenario: Scenario): readonly string[] {
  const shape = manager.shape(configOf(manager, scenario))
  const ids = shape.resources.map(({ id }) => id)
  const missing = (what: string, names: readonly string[], known: readonly string[]): readonly string[] =>
    names.filter((name) => !known.includes(name)).map((name) => `${what} names ${name}, which does not exist`)
  return [
    ...(shape.manager === manager.name ? [] : [`the cluster is of ${shape.manager}`]),
    ...(shape.processes.length === 0 ? ['no process runs on its nodes'] : []),
    ...(new Set(ids).size === ids.length ? [] : ['a resource exists twice']),
    ...shape.groups.flatMap((group) => missing(`group ${group.id}`, group.resources, ids)),
    ...shape.storage.flatMap((storage) => missing(`storage ${storage.id}`, storage.usedBy, ids)),
    ...shape.fenceDevices.flatMap((device) =>
      missing(`device ${device.id}`, [...device.targets, ...device.hosts], shape.nodes),
    ),
    ...shape.media.flatMap((medium) => missing('the cluster', shape.nodes, medium.members)),
  ]
}

/** Cuts a piece out of each file at many places, and puts another in. */
function readerIsSafe(manager: AnyManager, scenario: Scenario): readonly string[] {
  const names = [...scenario.files.map(({ name }) => name), 'options']
  const pieces = ['', '<', '"', '\n\n', '&x;', 'é\u0000', '</a>', ' 99999999999999999999 ']
  const found: string[] = []
  for (const [which, file] of scenario.files.entries())
    for (let step = 0; step < 60; step++) {
      const from = Math.floor((file.text.length * step) / 60)
      const text = file.text.slice(0, from) + pieces[step % pieces.length]! + file.text.slice(from + (step % 41))
      const files = scenario.files.map((other, index) => (index === which ? { ...other, text } : other))
      try {
        const { value, problems } = manager.read(files, scenario.options)
        for (const problem of problems)
          if (!names.some((known) => known.endsWith(problem.file))) found.push(`a problem in ${problem.file}`)
        if (value !== undefined) manager.shape(value)
        else if (!problems.some(({ severity }) => severity === 'error')) found.push('nothing is read and no error told')
      } catch (error) {
        found.push(`reading throws: ${String(error)}`)
      }
    }
  return found
}

function refusesTheUnknown(manager: AnyManager, scenario: Scenario): readonly string[] {
  const { value, problems } = manager.read(scenario.files, [{ name: 'noSuchOption', value: '1' }])
  const refused = manager.checkCommand(['no-such-command'])
  const refusal = typeof refused === 'string' ? refused : refused?.what
  return [
    ...(value === undefined && problems.some(({ what }) => what.includes('noSuchOption')) ? [] : ['an unknown option']),
    ...(refusal?.includes('no-such-command') ? [] : ['an unknown command']),
    ...['start', 'stop', 'shutdown', 'reboot'].filter((word) => manager.checkCommand([word]) !== undefined),
  ]
}

/** Runs the sample; `judge` sees every command before it is carried out, and what it complains of is not. */
function watch(
  manager: AnyManager,
  scenario: Scenario,
  judge: (command: Command, node: string, observation: Observation) => string | undefined,
): readonly string[] {
  const found: string[] = []
  const watched: AnyManager = {
    ...manager,
    handle: (state, observation, context) => {
      const act = (command: Command): void => {
        const complaint = judge(command, context.node, observation)
        if (complaint === undefined) context.act(command)
        else found.push(complaint)
      }
      manager.handle(state, observation, { ...context, act })
    },
  }
  simulate(scenario, { manager: watched })
  return found
}

function actsOnWhatExists(manager: AnyManager, scenario: Scenario): readonly string[] {
  const shape = manager.shape(configOf(manager, scenario))
  const resources = new Set(shape.resources.map(({ id }) => id))
  const devices = new Set(shape.fenceDevices.map(({ id }) => id))
  const members = new Set(['*', ...shape.nodes, ...shape.pingTargets.flatMap(({ members: hosts }) => hosts)])
  return watch(manager, scenario, (command) => {
    if (command.kind === 'run' && !resources.has(command.resource)) return `runs ${command.resource}`
    if (command.kind === 'fence' && !devices.has(command.device)) return `fences by ${command.device}`
    if (command.kind === 'fence' && !shape.nodes.includes(command.target)) return `fences ${command.target}`
    return command.kind === 'send' && !members.has(command.to) ? `sends to ${command.to}` : undefined
  })
}

function ticketsAreUnique(manager: AnyManager, scenario: Scenario): readonly string[] {
  const used = new Map<string, Set<number>>()
  let boot: Observation | undefined
  return watch(manager, scenario, (command, node, observation) => {
    // A new life of the daemon counts anew.
    if (observation.kind === 'boot' && observation !== boot) {
      used.set(node, new Set())
      boot = observation
    }
    if (command.kind !== 'run' && command.kind !== 'fence') return undefined
    const own = used.get(node)!
    if (own.has(command.ticket)) return `ticket ${command.ticket} is used again on ${node}`
    own.add(command.ticket)
    return undefined
  })
}

/** Runs the sample and looks at one handling in so many. */
function sampleHandlings(
  manager: AnyManager,
  scenario: Scenario,
  every: number,
  look: (state: unknown, observation: Observation, context: DaemonContext) => readonly string[],
): readonly string[] {
  const found: string[] = []
  let handled = 0
  const sampled: AnyManager = {
    ...manager,
    handle: (state, observation, context) => {
      handled += 1
      if (handled % every === 0) found.push(...look(state, observation, context))
      else manager.handle(state, observation, context)
    },
  }
  simulate(scenario, { manager: sampled })
  return handled < 100 ? [...found, `the sample is too short: ${handled} observations`] : found
}

function stateIsPlain(manager: AnyManager, scenario: Scenario): readonly string[] {
  return sampleHandlings(manager, scenario, 200, (state, observation, context) => {
    manager.handle(state, observation, context)
    try {
      const same = JSON.stringify(plain(structuredClone(state))) === JSON.stringify(plain(state))
      return same ? [] : ['a copy of the state differs from it']
    } catch (error) {
      return [`the state cannot be copied: ${String(error)}`]
    }
  })
}

/** What two copies of a state, told the same with the same draws, make of it. */
function isPure(manager: AnyManager, scenario: Scenario): readonly string[] {
  return sampleHandlings(manager, scenario, 25, (state, observation, context) => {
    const draws: number[] = []
    const twin = structuredClone(state)
    const mine: Command[] = []
    manager.handle(state, observation, {
      ...context,
      draw: (purpose, distribution) => {
        const drawn = context.draw(purpose, distribution)
        draws.push(drawn)
        return drawn
      },
      act: (command) => {
        mine.push(command)
        context.act(command)
      },
    })
    const theirs: Command[] = []
    manager.handle(twin, observation, {
      ...context,
      draw: () => draws.shift() ?? -1,
      act: (command) => void theirs.push(command),
    })
    const texts = [mine, theirs].map((commands) => JSON.stringify(plain(commands)))
    if (texts[0] !== texts[1]) return [`${observation.kind}: the same state does something else the second time`]
    const states = [state, twin].map((entry) => JSON.stringify(plain(entry)))
    return states[0] === states[1] ? [] : [`${observation.kind}: the same state becomes another the second time`]
  })
}

/** Maps and sets as arrays, so that texts can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, entry]) => [key, plain(entry)])
  if (value instanceof Set) return [...value].map(plain)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value
  return Object.entries(value).map(([key, entry]) => [key, plain(entry)])
}

function configurationStands(manager: AnyManager, scenario: Scenario): readonly string[] {
  const config = configOf(manager, scenario)
  const before = JSON.stringify(plain(config))
  simulate(scenario, { manager: { ...manager, read: () => ({ value: config, problems: [] }) } })
  return JSON.stringify(plain(config)) === before ? [] : ['the configuration was changed by a run']
}

function ignoresStrangers(manager: AnyManager, scenario: Scenario): readonly string[] {
  const config = configOf(manager, scenario)
  const shape = manager.shape(config)
  const node = shape.nodes[0]!
  const state = manager.daemon(config, node)
  const context: DaemonContext = {
    now: 0,
    clock: 0,
    node,
    load: () => ({ average: 0, cibShare: 0 }),
    act: () => {},
    draw: () => 0,
  }
  const resource = shape.resources[0]!.id
  const result = { status: 'done', rc: 0, output: '', took: 1 } as const
  const strange: readonly Observation[] = [
    { kind: 'boot', generation: 1 },
    { kind: 'timer', name: 'no-such-timer of nobody' },
    { kind: 'result', ticket: 999_999, resource, operation: 'start', result },
    { kind: 'fenced', ticket: 999_999, target: node, ok: true, text: '' },
    { kind: 'attribute', name: 'no-such-attribute', value: '1' },
    { kind: 'process', process: 'no-such-process', state: 'hung' },
  ]
  return strange.flatMap((observation) => {
    try {
      manager.handle(state, observation, context)
      return []
    } catch (error) {
      return [`${observation.kind} of a stranger: ${String(error)}`]
    }
  })
}
