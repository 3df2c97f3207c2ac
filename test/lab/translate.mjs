// What a recording of the laboratory is as a scenario: its baseline, its faults at their recorded instants, the laboratory's timings.
//
// Nothing of what a recording shows after its faults goes into its scenario, but for two things that Pacemaker decides by CPU time:
// who leads at the baseline (in the CIB), and who won later elections (option electionOrder; spec E-4.4).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toSteps } from './steps.mjs'

/**
 * What the laboratory's agents take by their type, in ms of a processor, the same for every recording: fitted to the medians of the times
 * from order to result in all recordings, where whatever runs at the same time shares the laboratory's one machine (spec E-7.10).
 */
const AGENTS = {
  Dummy: {
    start: 110,
    stop: 80,
    monitor: 90,
    migrate_to: 80,
    migrate_from: 70,
    reload: 60,
    notify: 60,
    'meta-data': 120,
  },
  Scripted: {
    start: 55,
    stop: 60,
    monitor: 90,
    promote: 110,
    demote: 70,
    migrate_to: 90,
    migrate_from: 70,
    reload: 60,
    notify: 120,
    'meta-data': 65,
  },
  Stateful: { start: 200, stop: 200, monitor: 105, promote: 240, demote: 90, notify: 60, 'meta-data': 110 },
  fence_lab: { start: 100, stop: 10, monitor: 45, 'meta-data': 45 },
}
/** What all nodes' agents have of the machine that they share. */
const PROCESSORS = 1
const OTHERS = ['fence: 2200ms', 'fence-cut: 300ms', 'boot: 9500ms', 'shutdown: 1s']
/** Medians of the times from one result to the next of a group: the agent is a script of a few lines, the shell around it is the rest. */
const HEARTBEAT_TIMINGS = ['start: 140ms', 'stop: 90ms', 'status: 10ms', 'boot: 10s', 'shutdown: 1s']
/** From the beginning of the scenario to the first fault, in seconds: a Heartbeat cluster begins with its start. */
const LEAD = { pacemaker: 5, heartbeat: 60 }

/** The names of the recordings in a folder that a scenario can be made of. */
export function recordingsIn(folder) {
  return readdirSync(folder)
    .sort()
    .filter((name) => existsSync(join(folder, name, 'inject.jsonl')) && managerOf(join(folder, name)) !== undefined)
}

/** The cluster manager that a recording is of. */
export function managerOf(folder) {
  if (existsSync(join(folder, 'baseline.xml'))) return 'pacemaker'
  return existsSync(join(folder, 'node1', 'haresources')) ? 'heartbeat' : undefined
}

/**
 * A recording as a scenario: its files by name, the YAML among them, and `untold`, a line for each thing that was done to the real
 * cluster and has no words here. Throws where a file of the recording cannot be read.
 */
export function translate(folder, name) {
  const lines = readFileSync(join(folder, 'inject.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const injected = lines.filter((line) => line.what !== 'baseline')
  const timeline = JSON.parse(readFileSync(join(folder, 'timeline.json'), 'utf8'))
  const t0 = injected.length === 0 ? lines[0].t : Math.min(...injected.map((line) => line.t))
  const last = Math.max(...timeline.map((entry) => entry.t_ms_since_injection))
  const about = { folder, name, injected, timeline, t0, last }
  return managerOf(folder) === 'heartbeat' ? fromHeartbeat(about) : fromPacemaker(about)
}

function fromPacemaker({ folder, name, injected, timeline, t0, last }) {
  const cib = readFileSync(join(folder, 'baseline.xml'), 'utf8')
  const nodes = [...cib.matchAll(/<node id="\d+" uname="([^"]+)"/g)].map((match) => match[1])
  const dcId = /dc-uuid="(\d+)"/.exec(cib)?.[1]
  const dc = new RegExp(`<node id="${dcId}" uname="([^"]+)"`).exec(cib)?.[1]
  const order = [...new Set([...winnersOf(timeline, nodes), dc, ...nodes])].join(' ')
  const ring = ringOf(folder, nodes.length)
  const { steps, untold } = toSteps(injected, t0 - LEAD.pacemaker * 1000, {
    manager: 'pacemaker',
    nodes,
    cib,
    dc,
    nameOf: (resource) => resource,
  })
  const text = scenarioText({
    name,
    manager: 'pacemaker',
    config: [`cib.xml: ${name}.xml`, ...(ring === undefined ? [] : [`corosync.conf: ${name}.corosync.conf`])],
    head: `options: { clockStart: ${Math.floor(t0 / 1000) - LEAD.pacemaker}, electionOrder: ${order} }`,
    until: LEAD.pacemaker * 1000 + last + 8000,
    timings: timingsOf(cib),
    processors: PROCESSORS,
    steps,
  })
  const files = [
    { name: `${name}.yaml`, text },
    { name: `${name}.xml`, text: cib },
  ]
  if (ring !== undefined) files.push({ name: `${name}.corosync.conf`, text: ring })
  return { files, untold }
}

function fromHeartbeat({ folder, name, injected, t0, last }) {
  const read = (file) => readFileSync(join(folder, 'node1', file), 'utf8')
  const nodes = [...read('ha.cf').matchAll(/^node\s+(.+)$/gm)].flatMap((match) => match[1].trim().split(/\s+/))
  const scripts = read('haresources').split(/\s+/)
  const nameOf = (resource) => scripts.find((script) => script.endsWith(`::${resource}`)) ?? resource
  const about = { manager: 'heartbeat', nodes, dc: nodes[0], nameOf }
  const { steps, untold } = toSteps(injected, t0 - LEAD.heartbeat * 1000, about)
  const text = scenarioText({
    name,
    manager: 'heartbeat',
    config: [`ha.cf: ${name}.ha.cf`, `haresources: ${name}.haresources`],
    until: LEAD.heartbeat * 1000 + last + 8000,
    timings: HEARTBEAT_TIMINGS,
    steps,
  })
  const files = [
    { name: `${name}.yaml`, text },
    { name: `${name}.ha.cf`, text: read('ha.cf') },
    { name: `${name}.haresources`, text: read('haresources') },
  ]
  return { files, untold }
}

function scenarioText({ name, manager, config, head, until, timings, processors, steps }) {
  const lines = [
    '# yaml-language-server: $schema=../scenario.schema.json',
    '# Made by test/lab/make.mjs from the recording of that name.',
    `title: "Lab: ${name}"`,
    'question: Does the simulated cluster do what the real one did?',
    `manager: ${manager}`,
    `config: { ${config.join(', ')} }`,
    ...(head === undefined ? [] : [head]),
    `until: ${Math.round(until / 1000)}s`,
    'timings:',
    ...timings.map((line) => `  ${line}`),
    ...(processors === undefined ? [] : [`processors: ${processors}`]),
    steps.length === 0 ? 'timeline: []' : 'timeline:',
    ...steps.map((step) => `  - { ${step} }`),
  ]
  return `${lines.join('\n')}\n`
}

/** How long each resource's agent takes, by its type. */
function timingsOf(cib) {
  const byOperation = new Map()
  for (const [, id, type] of cib.matchAll(/<primitive id="([^"]+)"[^>]*\btype="([^"]+)"/g))
    for (const [operation, takes] of Object.entries(AGENTS[type] ?? {}))
      byOperation.set(operation, [...(byOperation.get(operation) ?? []), `${id}: ${takes}ms`])
  return [...[...byOperation].map(([operation, all]) => `${operation}: { ${all.join(', ')} }`), ...OTHERS]
}

/** Nodes that won an election after the first fault, the last one first. */
function winnersOf(timeline, nodes) {
  return timeline
    .filter((entry) => entry.kind === 'state' && nodes.includes(entry.node) && entry.t_ms_since_injection >= 0)
    .filter(
      (entry) =>
        /I_ELECTION_DC/.test(`${entry.operation} ${entry.phase} ${entry.text}`) ||
        /S_ELECTION -> S_INTEGRATION/.test(entry.text),
    )
    .sort((left, right) => right.t_ms_since_injection - left.t_ms_since_injection)
    .map((entry) => entry.node)
}

/** Settings of corosync that follow from the nodes of the CIB alone, and those that say nothing of how the ring works. */
const PLAIN = /^(provider: corosync_votequorum|(version|cluster_name|transport|crypto_\w+|move_to_root_cgroup)\b.*)$/

/** What corosync.conf says beyond what follows from the nodes alone; undefined where it says no more. */
function ringOf(folder, nodes) {
  const file = join(folder, 'corosync.conf')
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const own = [...text.matchAll(/^(totem|quorum) \{\n([^}]*)^\}/gm)]
    .flatMap((match) => match[2].split('\n').map((line) => line.trim()))
    .filter((line) => line !== '' && !PLAIN.test(line) && !(nodes === 2 && line === 'two_node: 1'))
  const isPair = /^\s*two_node: 1$/m.test(text)
  return own.length > 0 || (nodes === 2 && !isPair) || /quorum_votes|device \{/.test(text) ? text : undefined
}
