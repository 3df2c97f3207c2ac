// Makes a scenario of each of the laboratory's recordings: its baseline CIB, its faults at their recorded instants, the laboratory's
// timings. Run once for new recordings; the scenarios are kept in scenarios/lab.
//
//   node test/lab/make.mjs [FOLDER OF RECORDINGS]
//
// Nothing of what a recording shows after its faults goes into its scenario, but for two things that Pacemaker decides by CPU time:
// who leads at the baseline (in the CIB), and who won later elections (option electionOrder; spec E-4.4).
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const recordings = process.argv[2] ?? join(root, '..', 'shared', 'lab', 'recordings')
const out = join(root, 'scenarios', 'lab')
/** Seconds from the beginning of the scenario to the first fault. */
const LEAD = 5
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

mkdirSync(out, { recursive: true })
for (const name of readdirSync(recordings).sort())
  if (!name.startsWith('hb_') && existsSync(join(recordings, name, 'baseline.xml'))) make(name)

function make(name) {
  const folder = join(recordings, name)
  const lines = readFileSync(join(folder, 'inject.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const injected = lines.filter((line) => line.what !== 'baseline')
  const timeline = JSON.parse(readFileSync(join(folder, 'timeline.json'), 'utf8'))
  const t0 = Math.min(...injected.map((line) => line.t))
  const last = Math.max(...timeline.map((entry) => entry.t_ms_since_injection))
  const cib = readFileSync(join(folder, 'baseline.xml'), 'utf8')
  const nodes = [...cib.matchAll(/<node id="\d+" uname="([^"]+)"/g)].map((match) => match[1])
  const dcId = /dc-uuid="(\d+)"/.exec(cib)?.[1]
  const dc = new RegExp(`<node id="${dcId}" uname="([^"]+)"`).exec(cib)?.[1]
  const winners = winnersOf(folder, nodes, t0)
  const steps = toSteps(injected, t0, { nodes, cib, dc })
  copyFileSync(join(folder, 'baseline.xml'), join(out, `${name}.xml`))
  const order = [...new Set([...winners, dc, ...nodes])].join(' ')
  const text = `# yaml-language-server: $schema=../scenario.schema.json
# Made by test/lab/make.mjs from the recording of that name.
title: "Lab: ${name}"
question: Does the simulated cluster do what the real one did?
manager: pacemaker
config: { cib.xml: ${name}.xml }
options: { clockStart: ${Math.floor(t0 / 1000) - LEAD}, electionOrder: ${order} }
until: ${Math.round((LEAD * 1000 + last + 8000) / 1000)}s
timings:
${timingsOf(cib)
  .map((line) => `  ${line}`)
  .join('\n')}
processors: ${PROCESSORS}
timeline:
${steps.map((step) => `  - { ${step} }`).join('\n')}
`
  writeFileSync(join(out, `${name}.yaml`), text)
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
function winnersOf(folder, nodes, t0) {
  const wins = nodes.flatMap((node) => {
    const file = join(folder, node, 'pacemaker.log')
    const inTimeline = JSON.parse(readFileSync(join(folder, 'timeline.json'), 'utf8'))
      .filter((entry) => entry.kind === 'state' && entry.node === node && entry.t_ms_since_injection >= 0)
      .filter(
        (entry) =>
          /I_ELECTION_DC/.test(`${entry.operation} ${entry.phase} ${entry.text}`) ||
          /S_ELECTION -> S_INTEGRATION/.test(entry.text),
      )
      .map((entry) => [t0 + entry.t_ms_since_injection, node])
    if (inTimeline.length > 0 || !existsSync(file)) return inTimeline
    return []
  })
  return wins.sort((left, right) => right[0] - left[0]).map(([, node]) => node)
}

function toSteps(injected, t0, about) {
  const at = (line) => `at: ${LEAD * 1000 + line.t - t0}ms`
  const used = new Set()
  const endOf = (line, what, same = (other) => other.node === line.node) => {
    const end = injected.find((other) => other.t > line.t && other.what === what && same(other))
    if (end === undefined) return ''
    used.add(end)
    return `, for: ${end.t - line.t}ms`
  }
  return injected.flatMap((line) => {
    if (used.has(line)) return []
    return stepsOf(line, about, endOf, injected).map((step) => `${at(line)}, ${step}`)
  })
}

function stepsOf(line, { nodes, cib, dc }, endOf, injected) {
  const { what, node, resource } = line
  const command = (text, on = node) => [`command: "${text}", on: ${nodes.includes(on) ? on : dc}`]
  switch (what) {
    case 'state-file-loss':
      return [`fault: service-crash, node: ${node}, resource: ${resource}`]
    case 'duplicate':
      return [`fault: started-by-hand, node: ${node}, resource: ${resource}`]
    case 'script': {
      const operation = line.action.replace(/-.*/, '')
      const times = line.count === '-1' ? '' : `, times: ${line.count}`
      const end = endOf(line, 'unscript', (other) => other.resource === resource && other.node === node)
      const place = `node: ${node}, resource: ${resource}, operation: ${operation}`
      if (line.rc === 'pass') return [`fault: agent-hang, ${place}${times}${end}`]
      return [
        `fault: agent-result, ${place}, rc: ${line.rc}${Number(line.delay) > 0 ? `, delay: ${line.delay}s` : ''}${times}${end}`,
      ]
    }
    case 'monitor-rc': {
      const end = endOf(line, 'monitor-rc-clear')
      return [`fault: agent-result, node: ${node}, resource: ${resource}, operation: monitor, rc: ${line.rc}${end}`]
    }
    case 'power-loss': {
      const back = injected.find(
        (other) => other.t > line.t && other.what === 'power-on' && (other.node === node || other.node === 'all'),
      )
      return [`fault: node-crash, node: ${node}${back === undefined ? '' : `, for: ${back.t - line.t}ms`}`]
    }
    case 'power-on': {
      const wasLost = (name) => injected.some((other) => other.what === 'power-loss' && other.node === name)
      return (node === 'all' ? nodes : [node])
        .filter((name) => !wasLost(name))
        .map((name) => `fault: node-boot, node: ${name}`)
    }
    case 'graceful-stop': {
      const powered = injected.some((other) => other.what === 'power-on')
      return command(powered ? 'shutdown' : 'stop')
    }
    case 'corosync-stop':
      return []
    case 'service-start':
      return command('start')
    case 'partition': {
      const sides = node === 'all' ? nodes.map((name) => [name]) : [[node], nodes.filter((name) => name !== node)]
      return [
        `fault: partition, sides: [${sides.map((side) => `[${side.join(', ')}]`).join(', ')}]${endOf(line, 'heal')}`,
      ]
    }
    case 'standby':
    case 'unstandby':
      return command(`${what} ${node}`, dc)
    case 'command':
      return command(line.cmd)
    case 'refresh':
      return command(`crm_resource --refresh -r ${resource} -N ${node}`)
    case 'attr-set':
      return command(`attrd_updater -n ${line.name} -U ${line.value} -d 5s`)
    case 'fence-fail':
    case 'fence-hang': {
      if (line.count === '0') return []
      const devices = line.device === undefined ? devicesIn(cib) : [line.device]
      const end = endOf(line, 'fence-fail', (other) => other.count === '0')
      const how = what === 'fence-fail' ? 'fence-fail' : 'fence-slow'
      const delay = what === 'fence-fail' ? ', after: 1100ms' : `, delay: ${line.delay}s`
      return devices.map((device) => `fault: ${how}, device: ${device}${delay}, times: ${line.count}${end}`)
    }
    case 'signal': {
      if (line.signal === 'CONT') return []
      if (line.signal === 'KILL') return [`fault: process-crash, node: ${node}, process: ${line.process}`]
      const end = endOf(line, 'signal', (other) => other.signal === 'CONT' && other.node === node)
      return line.process === 'all'
        ? [`fault: node-hang, node: ${node}${end}`]
        : [`fault: process-hang, node: ${node}, process: ${line.process}${end}`]
    }
    default:
      throw new Error(`no scenario for "${what}"`)
  }
}

function devicesIn(cib) {
  return [...cib.matchAll(/<primitive id="([^"]+)" class="stonith"/g)].map((match) => match[1])
}
