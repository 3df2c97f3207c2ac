// What was done to a real cluster, line by line of inject.jsonl, as steps of a scenario.

/**
 * The steps of a scenario that begins at `begin` (epoch, ms), and `untold`: a line for each thing that has no words here.
 * `about`: manager, nodes, the CIB's text, `nameOf` (a resource's name in the scenario), and the node where an administrator sits who is
 * on none of them.
 */
export function toSteps(recorded, begin, about) {
  const injected = recorded.map((line) => ({ ...line, resource: about.nameOf(line.resource) }))
  const used = new Set()
  const untold = []
  const endOf = (line, what, same = (other) => other.node === line.node) => {
    const end = injected.find((other) => other.t > line.t && !used.has(other) && other.what === what && same(other))
    if (end === undefined) return ''
    used.add(end)
    return `, for: ${end.t - line.t}ms`
  }
  const steps = injected.flatMap((line) => {
    if (used.has(line)) return []
    const words = about.manager === 'heartbeat' ? forHeartbeat : forPacemaker
    const made = words(line, about, endOf, injected)
    if (made === undefined) untold.push(`no words for ${JSON.stringify(line)}`)
    return (made ?? []).map((step) => `at: ${line.t - begin}ms, ${step}`)
  })
  return { steps, untold }
}

function forHeartbeat(line, about, endOf, injected) {
  const { what, node } = line
  switch (what) {
    case 'standby':
      return [`command: "hb_standby${line.type === undefined ? '' : ` ${line.type}`}", on: ${node}`]
    case 'takeover':
      return [`command: "hb_takeover${line.type === undefined ? '' : ` ${line.type}`}", on: ${node}`]
    case 'graceful-stop':
      return [`command: stop, on: ${node}`]
    case 'start':
      return [`command: start, on: ${node}`]
    default:
      return common(line, about, endOf, injected)
  }
}

function forPacemaker(line, about, endOf, injected) {
  const { nodes, cib, dc } = about
  const { what, node, resource } = line
  const command = (text, on = node) => [`command: ${JSON.stringify(text)}, on: ${nodes.includes(on) ? on : dc}`]
  switch (what) {
    case 'graceful-stop': {
      const isPoweredOn = injected.some((other) => other.what === 'power-on')
      return ofNodes(line, nodes).flatMap((name) => command(isPoweredOn ? 'shutdown' : 'stop', name))
    }
    // A node whose Pacemaker has stopped leaves the ring at once here.
    case 'corosync-stop':
      return []
    case 'service-start':
    case 'start':
      return ofNodes(line, nodes).flatMap((name) => command('start', name))
    case 'standby':
    case 'unstandby':
      return command(`${what} ${node}`, dc)
    case 'maintenance':
    case 'unmaintenance':
      return command(`${what} ${node}`, dc)
    case 'command':
      return command(line.cmd)
    case 'cleanup':
    case 'refresh':
      return command(`crm_resource --${what}${option('-r', resource)}${option('-N', node)}`)
    case 'property':
      return command(`crm_attribute -n ${line.name} -v ${line.value}`)
    case 'attr-set':
      return command(`attrd_updater -n ${line.name} -U ${line.value} -d ${line.dampen ?? '5s'}`)
    case 'fence-fail':
    case 'fence-hang':
      return fenceSteps(line, cib, endOf)
    default:
      return common(line, about, endOf, injected)
  }
}

/** What any cluster suffers. */
function common(line, { nodes }, endOf, injected) {
  const { what, node, resource } = line
  switch (what) {
    case 'state-file-loss':
      return [`fault: service-crash, node: ${node}, resource: ${resource}`]
    case 'duplicate':
      return [`fault: started-by-hand, node: ${node}, resource: ${resource}`]
    case 'script':
      return scriptSteps(line, endOf)
    // Whatever they end has been told with what began.
    case 'unscript':
    case 'monitor-rc-clear':
    case 'heal':
      return []
    case 'monitor-rc': {
      const end = endOf(line, 'monitor-rc-clear')
      return [`fault: agent-result, node: ${node}, resource: ${resource}, operation: monitor, rc: ${line.rc}${end}`]
    }
    case 'power-loss':
      return ofNodes(line, nodes).map((name) => {
        const back = nextOf(injected, line, name, ['power-on', 'power-loss'])
        return `fault: node-crash, node: ${name}${back?.what === 'power-on' ? `, for: ${back.t - line.t}ms` : ''}`
      })
    case 'power-on':
      return ofNodes(line, nodes)
        .filter((name) => lastOf(injected, line, name, ['graceful-stop', 'power-loss'])?.what !== 'power-loss')
        .map((name) => `fault: node-boot, node: ${name}`)
    case 'partition': {
      const sides = node === 'all' ? nodes.map((name) => [name]) : [[node], nodes.filter((name) => name !== node)]
      const end = endOf(line, 'heal', (other) => other.node === node || other.node === 'all')
      return [`fault: partition, sides: [${sides.map((side) => `[${side.join(', ')}]`).join(', ')}]${end}`]
    }
    case 'signal':
      return signalSteps(line, nodes, endOf)
    default:
      return undefined
  }
}

function scriptSteps(line, endOf) {
  const { node, resource, rc } = line
  const operation = line.action.replace(/-.*/, '')
  const times = line.count === '-1' ? '' : `, times: ${line.count}`
  const end = endOf(line, 'unscript', (other) => other.resource === resource && other.node === node)
  const place = `node: ${node}, resource: ${resource}, operation: ${operation}`
  const seconds = Number(line.delay)
  if (rc === 'pass' && seconds < HANGS_FROM) return [`fault: agent-slow, ${place}, delay: ${line.delay}s${times}${end}`]
  if (rc === 'pass') return [`fault: agent-hang, ${place}${times}${end}`]
  return [`fault: agent-result, ${place}, rc: ${rc}${seconds > 0 ? `, delay: ${line.delay}s` : ''}${times}${end}`]
}

/** Seconds from which on a delay is longer than every timeout of the laboratory. */
const HANGS_FROM = 20

function fenceSteps(line, cib, endOf) {
  if (line.count === '0') return []
  const devices = line.device === undefined ? devicesIn(cib) : [line.device]
  const end = endOf(line, line.what, (other) => other.count === '0')
  const how =
    line.what === 'fence-fail' ? 'fault: fence-fail, after: 1100ms' : `fault: fence-slow, delay: ${line.delay}s`
  const [fault, takes] = how.split(', ')
  return devices.map((device) => `${fault}, device: ${device}, ${takes}, times: ${line.count}${end}`)
}

function devicesIn(cib) {
  return [...cib.matchAll(/<primitive id="([^"]+)" class="stonith"/g)].map((match) => match[1])
}

/** A process is killed or stands still; `all` are those of the whole node. */
function signalSteps(line, nodes, endOf) {
  const { signal, process } = line
  if (signal === 'CONT') return []
  const end = endOf(line, 'signal', (other) => other.signal === 'CONT' && other.node === line.node)
  if (!(signal === 'STOP' ? STOPPED : KILLED).test(`${signal} ${process}`)) return undefined
  return ofNodes(line, nodes).map((node) => {
    if (signal === 'STOP' && process === 'all') return `fault: node-hang, node: ${node}${end}`
    if (signal === 'STOP') return `fault: process-hang, node: ${node}, process: ${process}${end}`
    return `fault: process-crash, node: ${node}, process: ${process === 'all' ? 'corosync' : process}`
  })
}

/** What is simulated of a process that stands still, or is killed. */
const STOPPED = /^STOP (?:all|corosync|pacemaker-controld|heartbeat)$/
const KILLED =
  /^KILL (?:all|corosync|pacemakerd|pacemaker-(?:based|fenced|execd|attrd|schedulerd|controld)|heartbeat|ipfail)$/

function option(flag, value) {
  return value === undefined || value === 'all' ? '' : ` ${flag} ${value}`
}

function ofNodes({ node }, nodes) {
  return node === 'all' ? nodes : [node]
}

function concerns(other, name) {
  return other.node === name || other.node === 'all'
}

function nextOf(injected, line, name, kinds) {
  return injected.find((other) => other.t > line.t && kinds.includes(other.what) && concerns(other, name))
}

function lastOf(injected, line, name, kinds) {
  return injected.findLast((other) => other.t < line.t && kinds.includes(other.what) && concerns(other, name))
}
