/** How a node's executor runs operations and reads what agents answer; how much is asked of a busy node. Source: the rules in titles. */
import { describe, expect, it } from 'vitest'
import type { HistoryOp } from '../../src/cib/status.ts'
import type { Command } from '../../src/manager/command.ts'
import { cibChanged } from '../../src/pacemaker/confirm.ts'
import { createDc } from '../../src/pacemaker/dc-state.ts'
import { opEnded, requestOp, unitDue } from '../../src/pacemaker/executor.ts'
import { createExecutor, type OpRequest } from '../../src/pacemaker/executor-state.ts'
import { exitReason, type KnownDevices, outcomeOf } from '../../src/pacemaker/exit-codes.ts'
import { pacemaker } from '../../src/pacemaker/manager.ts'
import type { PacemakerState } from '../../src/pacemaker/state.ts'
import { modeOf } from '../../src/pacemaker/throttle.ts'
import { advance, createRun, finish } from '../../src/run/simulate.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { behindScenario } from '../support/remote.ts'
import { command, fault, logged, placesOf, results, SETTLED as T, trioScenario } from '../support/trio.ts'

interface Small {
  /** Resources and, behind them, constraints. */
  readonly resources: string
  readonly timeline?: readonly Step[]
  readonly until?: number
  readonly properties?: string
  readonly options?: readonly { readonly name: string; readonly value: string }[]
}

interface Outcome {
  readonly trace: Trace
  /** The records of a resource in the CIB of node1. */
  readonly recordsOf: (node: string, resource: string) => readonly HistoryOp[]
}

const CIB =
  '<cib><configuration><crm_config/><nodes><node id="1" uname="node1"/></nodes><resources/><constraints/></configuration></cib>'
const NOBODY = { now: 0, clock: 0, node: 'node1', load: () => ({ average: 0, cibShare: 0 }), draw: () => 0 }
const REQUEST: OpRequest = {
  agent: { id: 'r', class: 'ocf', provider: 'pacemaker', type: 'Dummy' },
  service: 'r',
  operation: 'start',
  intervalMs: 0,
  timeoutMs: 20_000,
  startDelayMs: 0,
  expectedRc: 0,
  origin: undefined,
  onFail: undefined,
  digest: undefined,
  parameters: [],
  migration: undefined,
  environment: undefined,
}

/** One node whose daemons do nothing that they are not told to; what they ask for is kept. */
function bareNode() {
  const { value: config } = pacemaker.read([{ name: 'cib.xml', text: CIB }], [])
  const state = pacemaker.daemon(config!, 'node1')
  state.controller.state = 'S_NOT_DC'
  const acts: Command[] = []
  const context = { ...NOBODY, act: (one: Command) => void acts.push(one) }
  return { state, context, acts }
}

/** Two nodes without fencing, on which everything prefers node1. */
function runSmall({ resources, timeline = [], until = T + 60_000, properties = '', options = [] }: Small): Outcome {
  const ids = [...resources.matchAll(/<primitive id="([^"]+)"/g)].map(([, id]) => id)
  const prefers = ids.map((id) => `<rsc_location id="p-${id}" rsc="${id}" node="node1" score="100"/>`).join('')
  const text = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration>
<crm_config><cluster_property_set id="o"><nvpair id="o1" name="stonith-enabled" value="false"/>${properties}</cluster_property_set></crm_config>
<nodes><node id="1" uname="node1"/><node id="2" uname="node2"/></nodes>
<resources>${resources}</resources><constraints>${prefers}</constraints></configuration></cib>`
  const run = createRun(trioScenario({ files: [{ name: 'cib.xml', text }], timeline, until, options }))
  const reason = advance(run, until)
  // The daemons of this run are Pacemaker's.
  const { cib } = run.state.daemons.get('node1') as PacemakerState
  const recordsOf = (node: string, resource: string) =>
    cib.status.nodeStates.find(({ uname }) => uname === node)?.history.find(({ id }) => id === resource)?.ops ?? []
  return { trace: finish(run, reason).trace, recordsOf }
}

const primitive = (id: string, agent: string, ops = '', more = '') =>
  `<primitive id="${id}" ${agent}>${more}<operations>${ops}</operations></primitive>`
const DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"'
const UNIT = 'class="systemd" type="web"'
const monitor = (seconds: number, more = '') => `<op id="m${seconds}" name="monitor" interval="${seconds}s"${more}/>`

/** What an agent was called for from `from` on: `start/0`, with instants relative to `from`. */
function calls(trace: Trace, resource: string, from: number): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'operation' && record.phase === 'begin' && record.resource === resource && from <= record.at
      ? [`${record.operation}/${record.interval}@${record.node} +${record.at - from}`]
      : [],
  )
}

describe('a request to a node (E-7.1)', () => {
  it('is refused as a start where the node is leaving, and as anything but a stop where nobody leads', () => {
    const { value: config } = pacemaker.read([{ name: 'cib.xml', text: CIB }], [])
    const state = pacemaker.daemon(config!, 'node1')
    const told: string[] = []
    const context = { ...NOBODY, act: (one: Command) => told.push(one.kind === 'run' ? 'called' : one.kind) }
    const refused = (operation: string, from: Partial<PacemakerState['controller']>) => {
      Object.assign(state.controller, { state: 'S_NOT_DC', shutdownWanted: false }, from)
      told.length = 0
      requestOp(state, context, {
        ...REQUEST,
        operation,
        agent: { ...REQUEST.agent, id: `${operation} ${told.length}` },
      })
      return !told.includes('called')
    }
    expect(refused('monitor', {})).toBe(false)
    expect(refused('start', { shutdownWanted: true })).toBe(true)
    expect(refused('promote', { shutdownWanted: true })).toBe(false)
    expect(refused('notify', { state: 'S_ELECTION' })).toBe(true)
    expect(refused('demote', { state: 'S_PENDING', shutdownWanted: true })).toBe(true)
    expect(refused('stop', { state: 'S_PENDING', shutdownWanted: true })).toBe(false)
  })

  it('records nothing under way where it is not to', () => {
    const during = (more: string) => {
      const start = `<op id="s" name="start" interval="0s" timeout="60s"${more}/>`
      const timeline = [
        fault(T, 'agent-slow', { node: 'node2', resource: 'r', operation: 'start', factor: 200 }),
        command(T + 1000, 'node1', 'standby node1'),
      ]
      return runSmall({ resources: primitive('r', DUMMY, start), timeline, until: T + 10_000 })
        .recordsOf('node2', 'r')
        .map(({ operation, status }) => `${operation} ${status}`)
    }
    expect(during('')).toContain('start -1')
    expect(during(' record-pending="false"')).toEqual(['monitor 0'])
  })

  it('has the interval as its timeout where it has none', () => {
    const timeline = [fault(T, 'agent-hang', { node: 'node1', resource: 'r', operation: 'monitor' })]
    const { trace } = runSmall({ resources: primitive('r', DUMMY, monitor(7, ' timeout="0s"')), timeline })
    const [begun] = trace.records.filter((one) => one.kind === 'operation' && one.phase === 'begin' && T <= one.at)
    const [late] = trace.records.filter((one) => one.kind === 'operation' && one.phase === 'end' && T <= one.at)
    expect(late).toMatchObject({ status: 'timed-out', at: begun!.at + 7000 })
  })

  it('has a fence device’s own timeout for its monitors', () => {
    const device = (more: string) =>
      primitive(
        'f',
        'class="stonith" type="fence_x"',
        monitor(20),
        `<instance_attributes id="i">${more}</instance_attributes>`,
      )
    const late = (more: string) => {
      const timeline = [fault(T, 'agent-hang', { node: 'node1', resource: 'f', operation: 'monitor' })]
      const { records } = runSmall({ resources: device(more), timeline }).trace
      const begun = records.find((one) => one.kind === 'operation' && one.phase === 'begin' && T <= one.at)!
      return records.find((one) => one.kind === 'operation' && one.phase === 'end' && T <= one.at)!.at - begun.at
    }
    expect(late('')).toBe(20_000)
    expect(late('<nvpair id="t" name="pcmk_monitor_timeout" value="3s"/>')).toBe(3000)
  })

  it('stops a resource with what it was started with', () => {
    const value = (text: string) =>
      `<instance_attributes id="i"><nvpair id="i1" name="state" value="${text}"/></instance_attributes>`
    const before = runSmall({ resources: primitive('r', DUMMY, '', value('/tmp/one')), until: T })
    const timeline = [command(T, 'node1', 'crm_resource -r r -p state -v /tmp/other'), command(T, 'node1', 'disable r')]
    const { recordsOf, trace } = runSmall({ resources: primitive('r', DUMMY, '', value('/tmp/one')), timeline })
    expect(results(trace, T)).toEqual(['r stop/0@node1=0'])
    const digest = (ops: readonly HistoryOp[]) => ops.find(({ id }) => id === 'r_last_0')?.opDigest
    expect(digest(recordsOf('node1', 'r'))).toBe(digest(before.recordsOf('node1', 'r')))
  })

  it('takes a recurring operation as done that is to begin in more than five minutes, and begins it then', () => {
    const delayed = (delay: string) => {
      const { trace } = runSmall({
        resources: primitive('r', DUMMY, monitor(10, ` start-delay="${delay}"`)),
        until: T + 400_000,
      })
      return { trace, first: calls(trace, 'r', 0).find((call) => call.startsWith('monitor/10000')) }
    }
    const put = delayed('301s')
    expect(logged(put.trace, 'Transition 0 (Complete')[0]!.at).toBeLessThan(T)
    expect(Number(/\+(\d+)/.exec(put.first!)![1])).toBeGreaterThan(300_000)
    const waited = delayed('100s')
    expect(logged(waited.trace, 'Transition 0 (Complete')[0]!.at).toBeGreaterThan(100_000)
  })
})

describe('what an agent answers (E-7.4, E-7.6)', () => {
  const read = (
    agentClass: string,
    operation: string,
    rc: number,
    more: Partial<OpRequest> = {},
    known: KnownDevices = createExecutor(),
  ) => {
    const request = { ...REQUEST, ...more, agent: { ...REQUEST.agent, class: agentClass }, operation }
    return outcomeOf(request, { status: 'done', rc, output: '', took: 0 }, known).rc
  }
  const missing = (agentClass: string, operation: string) => {
    const request = { ...REQUEST, agent: { ...REQUEST.agent, class: agentClass }, operation }
    const { rc, status } = outcomeOf(
      request,
      { status: 'done', rc: 5, output: '', took: 0, isMissing: true },
      createExecutor(),
    )
    return `${status}:${rc}`
  }
  const codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 150, 151, 200]

  it.each([
    ['ocf', 'start', codes],
    ['ocf', 'monitor', codes],
    ['lsb', 'monitor', [0, 7, 7, 7, 1, 1, 1, 1, 1, 5, 4, 1]],
    ['upstart', 'monitor', [0, 7, 7, 7, 1, 1, 1, 1, 1, 5, 4, 1]],
    ['lsb', 'start', [0, 1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1]],
    ['lsb', 'stop', [0, 1, 2, 3, 4, 5, 6, 7, 1, 1, 1, 1]],
    ['stonith', 'start', [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['stonith', 'stop', codes.map(() => 0)],
    ['nagios', 'start', [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['nagios', 'stop', codes.map(() => 0)],
  ] as const)('%s %s', (agentClass, operation, expected) => {
    expect(codes.map((code) => read(agentClass, operation, code))).toEqual(expected)
  })

  it.each(['stonith', 'nagios'])(
    '%s is found where it was started and not stopped since, and nowhere else',
    (agentClass) => {
      const known = createExecutor()
      const look = (operation: string, rc = 0, intervalMs = 0) => read(agentClass, operation, rc, { intervalMs }, known)
      expect(look('monitor')).toBe(7)
      expect(look('start', 1)).toBe(1)
      expect(look('monitor')).toBe(7)
      expect(look('start')).toBe(0)
      expect(look('monitor')).toBe(0)
      expect(look('monitor', 0, 10_000)).toBe(0)
      expect(look('monitor', 3, 10_000)).toBe(1)
      expect(look('stop')).toBe(0)
      expect(look('monitor')).toBe(7)
      if (agentClass === 'stonith') expect(look('monitor', 0, 10_000)).toBe(5)
    },
  )

  it('is an error of a device that was there when the fencer died, until it is started again', () => {
    const device = primitive('f', 'class="stonith" type="fence_x"', monitor(60))
    const timeline = [
      fault(T, 'process-crash', { node: 'node1', process: 'pacemaker-fenced' }),
      fault(T + 10_000, 'process-crash', { node: 'node1', process: 'pacemaker-controld' }),
    ]
    const told = results(runSmall({ resources: device, timeline }).trace, T + 10_000).filter((line) =>
      line.includes('@node1'),
    )
    expect(told.slice(0, 3)).toEqual(['f monitor/0@node1=1', 'f stop/0@node1=0', 'f start/0@node1=0'])
    const whole = runSmall({ resources: device, timeline: timeline.slice(1) }).trace
    expect(results(whole, T + 10_000)[0]).toBe('f monitor/0@node1=0')
  })

  it('is that it is not installed, unless what is not there is to be stopped', () => {
    for (const agentClass of ['lsb', 'nagios', 'ocf', 'service', 'stonith', 'systemd']) {
      expect(missing(agentClass, 'start')).toBe('7:5')
      expect(missing(agentClass, 'monitor')).toBe('7:5')
      expect(missing(agentClass, 'stop')).toBe(agentClass === 'ocf' || agentClass === 'lsb' ? '7:5' : '0:0')
    }
  })

  it('carries a reason behind its last mark, one line of at most 128 bytes', () => {
    expect(exitReason('so much\n')).toBe('')
    expect(exitReason('ocf-exit-reason:first\nocf-exit-reason:disk gone\nand more')).toBe('disk gone')
    expect(exitReason(`ocf-exit-reason:${'x'.repeat(200)}`)).toHaveLength(128)
    expect(exitReason(`ocf-exit-reason:${'é'.repeat(200)}`)).toHaveLength(64)
  })

  it('is told with its reason in the record', () => {
    const said = {
      node: 'node1',
      resource: 'r',
      operation: 'monitor',
      rc: 1,
      output: 'ocf-exit-reason:no disk\n',
      times: 1,
    }
    const { recordsOf } = runSmall({
      resources: primitive('r', DUMMY, monitor(10)),
      timeline: [fault(T, 'agent-result', said)],
      until: T + 15_000,
    })
    const failed = recordsOf('node1', 'r').find(({ id }) => id === 'r_last_failure_0')
    expect(failed).toMatchObject({ rc: 1, exitReason: 'no disk' })
  })

  it('bans a resource from the node where its agent is missing', () => {
    const timeline = [
      fault(T, 'agent-missing', { node: 'node2', resource: 'r' }),
      command(T + 1000, 'node1', 'standby node1'),
    ]
    const { trace, recordsOf } = runSmall({ resources: primitive('r', DUMMY), timeline })
    expect(recordsOf('node2', 'r').find(({ id }) => id === 'r_last_failure_0')).toMatchObject({ rc: 5, status: 7 })
    expect(placesOf(trace, 'r')).toEqual([])
  })
})

describe('a unit of systemd (E-7.6)', () => {
  const begun = (trace: Trace) => calls(trace, 'web', 0).filter((call) => call.includes('@node1'))
  const ended = (trace: Trace, part: string) => {
    const record = trace.records.find(
      (one) => one.kind === 'belief' && one.node === 'node1' && one.about === `web ${part}`,
    )
    const start = trace.records.find(
      (one) =>
        one.kind === 'operation' &&
        one.phase === 'begin' &&
        one.node === 'node1' &&
        `web ${one.operation}/${one.interval}` === `web ${part}`,
    )
    return record?.kind === 'belief' ? `${record.state} after ${record.at - start!.at}` : undefined
  }
  const start = (timeout: number) => `<op id="s" name="start" interval="0s" timeout="${timeout}s"/>`

  it('is asked for its state until its job is done: every two seconds, or a tenth of the timeout', () => {
    expect(ended(runSmall({ resources: primitive('web', UNIT, start(100)) }).trace, 'start/0')).toBe('rc=0 after 2100')
    expect(ended(runSmall({ resources: primitive('web', UNIT, start(10)) }).trace, 'start/0')).toBe('rc=0 after 1100')
    const slow = [fault(0, 'agent-slow', { node: 'node1', resource: 'web', operation: 'start', factor: 50 })]
    const { trace } = runSmall({ resources: primitive('web', UNIT, start(100)), timeline: slow })
    // 2, 4 and 6 s after the start, each question taking 100 ms.
    expect(ended(trace, 'start/0')).toBe('rc=0 after 6300')
    expect(begun(trace).filter((call) => call.startsWith('monitor/0'))).toHaveLength(4)
  })

  it('goes by the class service too', () => {
    const { trace } = runSmall({ resources: primitive('web', 'class="service" type="web"', start(100)) })
    expect(ended(trace, 'start/0')).toBe('rc=0 after 2100')
  })

  it('has failed to start where it is not active in the end, whatever systemctl said', () => {
    const fails = [fault(0, 'agent-result', { node: 'node1', resource: 'web', operation: 'start', rc: 1 })]
    const { trace } = runSmall({ resources: primitive('web', UNIT), timeline: fails })
    expect(ended(trace, 'start/0')).toMatch(/^rc=1 /)
    expect(placesOf(trace, 'web')).toEqual(['node2'])
    const pretends = [fault(0, 'agent-pretends', { node: 'node1', resource: 'web', operation: 'start' })]
    expect(ended(runSmall({ resources: primitive('web', UNIT), timeline: pretends }).trace, 'start/0')).toMatch(
      /^rc=1 /,
    )
  })

  it('is given up when its time is over; the job goes on until the next one replaces it', () => {
    const slow = [fault(0, 'agent-slow', { node: 'node1', resource: 'web', operation: 'start', factor: 150 })]
    const { trace } = runSmall({ resources: primitive('web', UNIT, start(10)), timeline: slow })
    expect(ended(trace, 'start/0')).toMatch(/^Timed Out \(Investigate reason for timeout.* after 10\d\d\d$/)
    const lives = trace.records.flatMap((one) => (one.kind === 'lifecycle' && one.node === 'node1' ? [one.to] : []))
    expect(lives).toEqual(['starting', 'unknown', 'stopping', 'stopped'])
    expect(placesOf(trace, 'web')).toEqual(['node2'])
  })

  it('has stopped when it is no longer active; a hung one is waited for', () => {
    const stop = '<op id="p" name="stop" interval="0s" timeout="200s"/>'
    const timeline = [
      fault(T, 'service-hang', { node: 'node1', resource: 'web' }),
      command(T + 1000, 'node1', 'standby node1'),
    ]
    const { trace } = runSmall({ resources: primitive('web', UNIT, stop), timeline, until: T + 200_000 })
    expect(ended(trace, 'stop/0')).toMatch(/^rc=0 after 9[0-3]\d\d\d$/)
    expect(placesOf(trace, 'web')).toEqual(['node2'])
  })

  it('has not stopped as long as it is active, whatever systemctl said', () => {
    const stop = '<op id="p" name="stop" interval="0s" timeout="20s"/>'
    const pretends = [
      fault(T, 'agent-pretends', { node: 'node1', resource: 'web', operation: 'stop' }),
      command(T + 1000, 'node1', 'disable web'),
    ]
    const { trace } = runSmall({ resources: primitive('web', UNIT, stop), timeline: pretends })
    expect(ended(trace, 'stop/0')).toMatch(/^Timed Out .* after 20\d\d\d$/)
    expect(placesOf(trace, 'web')).toEqual(['node1'])
  })

  it('is asked again by a monitor that meets it on its way', () => {
    const { state, context, acts } = bareNode()
    const request = {
      ...REQUEST,
      operation: 'monitor',
      agent: { ...REQUEST.agent, class: 'systemd' },
      timeoutMs: 40_000,
    }
    const answer = (output: string) => {
      const run = acts.findLast((one) => one.kind === 'run')!
      acts.length = 0
      opEnded(state, context, run.ticket, { status: 'done', rc: 3, output, took: 100 })
      return acts.map((one) =>
        one.kind === 'timer' ? `${one.name} in ${one.delay}` : one.kind === 'believe' ? one.state : '',
      )
    }
    requestOp(state, context, request)
    expect(answer('activating\n')).toEqual(['unit r in 2000'])
    unitDue(state, context, 'r')
    expect(answer('deactivating\n')).toEqual(['unit r in 2000'])
    context.now = 39_000
    unitDue(state, context, 'r')
    expect(answer('activating\n')).toEqual(['unit r in 500'])
    unitDue(state, context, 'r')
    expect(answer('reloading\n')).toContain('rc=0')
    requestOp(state, context, request)
    answer('activating\n')
    context.now = 79_000
    unitDue(state, context, 'r')
    expect(acts.map((one) => (one.kind === 'believe' ? one.state : '')).join('')).toContain('Timed Out')
  })
})

describe('a cancelled monitor (E-7.5)', () => {
  const stopDuring = (agentClass: string) => {
    const { state, context, acts } = bareNode()
    const agent = { ...REQUEST.agent, class: agentClass }
    requestOp(state, context, { ...REQUEST, agent, operation: 'monitor', intervalMs: 10_000 })
    const ticket = acts.find((one) => one.kind === 'run')!.ticket
    acts.length = 0
    requestOp(state, context, { ...REQUEST, agent, operation: 'stop' })
    const at = acts.map(({ kind }) => kind).filter((kind) => kind === 'run' || kind === 'cancel')
    opEnded(state, context, ticket, { status: 'done', rc: 0, output: '', took: 10 })
    return [at, acts.filter(({ kind }) => kind === 'run').length]
  }

  it('is killed, and what waits for it begins; of a fence device it is waited for', () => {
    expect(stopDuring('ocf')).toEqual([['cancel', 'run'], 1])
    expect(stopDuring('stonith')).toEqual([[], 1])
  })
})

describe('the record of an operation (E-7.9)', () => {
  it('tells how long it ran, and how long it waited for another of its resource', () => {
    const { state, context, acts } = bareNode()
    const end = (took: number) => {
      const { ticket } = acts.findLast((one) => one.kind === 'run')!
      opEnded(state, context, ticket, { status: 'done', rc: 0, output: '', took })
    }
    requestOp(state, context, REQUEST)
    requestOp(state, context, { ...REQUEST, operation: 'monitor', intervalMs: 10_000 })
    context.now = 300
    end(300)
    end(20)
    const times = state.executor.history.flatMap(({ ops }) =>
      ops.map(({ execTime, queueTime }) => [execTime, queueTime]),
    )
    expect(times).toEqual([
      ['300', '0'],
      ['20', '300'],
    ])
  })
})

describe('what an executor remembers (E-7.8)', () => {
  const remembered = (...given: readonly (readonly [operation: string, rc: number, intervalMs?: number])[]) => {
    const { state, context, acts } = bareNode()
    for (const [operation, rc, intervalMs = 0] of given) {
      acts.length = 0
      requestOp(state, context, { ...REQUEST, operation, intervalMs })
      opEnded(state, context, acts.find((one) => one.kind === 'run')!.ticket, {
        status: 'done',
        rc,
        output: '',
        took: 10,
      })
    }
    return state.executor.history.flatMap(({ ops }) => ops.map(({ id, rc, operation }) => `${id} ${operation} ${rc}`))
  }

  it('is what succeeded last, what failed last, and what recurs', () => {
    expect(remembered(['start', 0], ['monitor', 0, 10_000])).toEqual(['r_last_0 start 0', 'r_monitor_10000 monitor 0'])
    expect(remembered(['notify', 0])).toEqual([])
    expect(remembered(['start', 0], ['stop', 1])).toEqual(['r_last_0 start 0', 'r_last_failure_0 stop 1'])
  })

  it.each(['demote', 'migrate_to', 'promote', 'reload-agent', 'stop'])(
    'is nothing that recurs after %s',
    (operation) => {
      expect(remembered(['start', 0], ['monitor', 0, 10_000], [operation, 0]).join()).not.toContain('10000')
    },
  )

  it('is still what recurs after a probe or a notification', () => {
    expect(remembered(['monitor', 0, 10_000], ['monitor', 0], ['notify', 0]).join()).toContain('10000')
  })
})

describe('a result that never comes (E-6.7)', () => {
  it('is said to be missing on the node that was to bring it, or here', () => {
    const reason = (host: string) => {
      // Monitors of connection and service are too rare to tell anything first.
      const scenario = behindScenario(
        'remote',
        [
          command(T, 'node1', `move far1 ${host}`),
          fault(T + 30_000, 'node-crash', { node: 'far1' }),
          command(T + 31_000, 'node1', 'ban web far1'),
        ],
        T + 31_000 + 81_000,
        [
          ['name="monitor" interval="20s"', 'name="monitor" interval="600s"'],
          ['name="monitor" interval="10s"', 'name="monitor" interval="600s"'],
        ],
      )
      const run = createRun(scenario)
      advance(run, scenario.until)
      const { cib, controller } = run.state.daemons.get('node1') as PacemakerState
      const far = cib.status.nodeStates.find(({ uname }) => uname === 'far1')
      const lost = far?.history.find(({ id }) => id === 'web')?.ops.find(({ status }) => status === 2)
      return `${controller.dc === host ? 'here' : 'there'}: ${lost?.exitReason}`
    }
    expect(['node1', 'node2', 'node3'].map(reason).sort()).toEqual([
      'here: Local executor did not return result in time',
      expect.stringMatching(/^there: Controller on node\d did not return result in time$/),
      expect.stringMatching(/^there: Controller on node\d did not return result in time$/),
    ])
  })
})

describe('how much is asked of a busy node (E-6.2, E-6.3)', () => {
  it('depends on its load average for each core, and on what the CIB process uses', () => {
    const modes = (cores: number, cibShare: number, ...averages: readonly number[]) =>
      averages.map((average) => modeOf({ average, cibShare }, cores, 0.8))
    // 0.8 · 2 · 1.2, 1.6 and 2.
    expect(modes(2, 0, 1.91, 1.93, 2.55, 2.57, 3.19, 3.21)).toEqual([
      'negligible',
      'low',
      'low',
      'medium',
      'medium',
      'high',
    ])
    // 0.8 · 0.6 · 1.2, 1.6 and 2.
    expect(modes(1, 0, 0.57, 0.58, 0.77, 0.97)).toEqual(['negligible', 'low', 'medium', 'high'])
    expect([0.63, 0.65, 0.73, 0.81, 1.21].map((share) => modes(2, share, 0)[0])).toEqual([
      'negligible',
      'low',
      'medium',
      'high',
      'extreme',
    ])
    expect([0.31, 0.33, 0.61].map((share) => modes(1, share, 0)[0])).toEqual(['negligible', 'low', 'extreme'])
  })

  const MANY = Array.from({ length: 8 }, (_, at) => primitive(`r${at}`, DUMMY)).join('')
  /** The most starts that were under way on node2 at a time when everything had to go there at `at`. */
  const most = (processes: number, more: Partial<Small> = {}, at = T + 300_000, cib = 0) => {
    const busy = processes + cib > 0 ? [fault(T, 'node-busy', { node: 'node2', processes, cib })] : []
    const timeline = [...busy, command(at, 'node1', 'standby node1')]
    const { trace } = runSmall({ resources: MANY, timeline, until: at + 30_000, ...more })
    let now = 0
    let top = 0
    for (const record of trace.records)
      if (record.kind === 'operation' && record.node === 'node2' && record.operation === 'start' && at <= record.at) {
        now += record.phase === 'begin' ? 1 : -1
        top = Math.max(top, now)
      }
    return top
  }

  it('is four on two cores, two when it is low, one when it is more than that', () => {
    expect([0, 2, 3, 5].map((processes) => most(processes))).toEqual([4, 2, 1, 1])
  })

  it('is what node-action-limit says, or less of it', () => {
    const properties = '<nvpair id="o2" name="node-action-limit" value="6"/>'
    expect([0, 2].map((processes) => most(processes, { properties }))).toEqual([6, 3])
  })

  it('goes by load-threshold', () => {
    const properties = '<nvpair id="o2" name="load-threshold" value="200%"/>'
    expect(most(3, { properties })).toBe(4)
  })

  it('is known half a minute after the load is there, and is full again when it is gone', () => {
    expect(most(9, {}, T + 5000)).toBe(4)
    const timeline = [fault(T, 'node-busy', { node: 'node2', processes: 9 }, 60_000)]
    const { trace } = runSmall({ resources: MANY, timeline, until: T + 600_000 })
    const said = logged(trace, 'New throttle mode').map(({ text }) => text)
    expect(said).toContain('New throttle mode: high load (was low)')
    expect(said.at(-1)).toBe('New throttle mode: negligible load (was low)')
  })

  it('is less for the whole graph where a node is very busy', () => {
    // Two peers: half of them is one, a quarter is not less than one.
    const { trace } = runSmall({
      resources: MANY,
      timeline: [fault(T, 'node-busy', { node: 'node2', processes: 9 }), command(T + 90_000, 'node1', 'standby node1')],
      until: T + 150_000,
    })
    const open = new Set<string>()
    let top = 0
    for (const record of trace.records)
      if (record.kind === 'operation' && T + 90_000 <= record.at) {
        if (record.phase === 'begin') open.add(`${record.node} ${record.ticket}`)
        else open.delete(`${record.node} ${record.ticket}`)
        top = Math.max(top, open.size)
      }
    expect(top).toBe(1)
  })
})

describe('a result that no graph waits for (E-5.2)', () => {
  const STOPPED = [fault(T, 'agent-slow', { node: 'node1', resource: 'r', operation: 'stop', factor: 300 })]
  const aborted = (trace: Trace, from: number) =>
    trace.records.flatMap((one) => {
      const text = one.kind === 'log' && from <= one.at ? /aborted by operation (r_\S+) .*: (.*)$/.exec(one.text) : null
      return text === null ? [] : [`${text[1]} ${text[2]}`]
    })

  it('is unexpected where nobody asked for it', () => {
    const { trace } = runSmall({
      resources: primitive('r', DUMMY),
      timeline: [command(T, 'node1', 'inject r_start_0@node1=1')],
    })
    expect(aborted(trace, T)).toContain('r_start_0 Unexpected event')
  })

  it('is foreign where another DC asked for it, a change where it recurs', () => {
    const failing = fault(T + 40_000, 'agent-result', {
      node: 'node1',
      resource: 'r',
      operation: 'monitor',
      rc: 7,
      times: 1,
    })
    const timeline = [
      ...STOPPED,
      failing,
      command(T, 'node1', 'disable r'),
      fault(T + 1000, 'process-crash', { node: 'node2', process: 'pacemaker-controld' }),
    ]
    const { trace } = runSmall({
      resources: primitive('r', DUMMY, '<op id="p" name="stop" interval="0s" timeout="100s"/>'),
      timeline,
      options: [{ name: 'electionOrder', value: 'node2 node1' }],
      until: T + 90_000,
    })
    expect(aborted(trace, T)).toEqual(['r_stop_0 Foreign event'])
    const changed = runSmall({ resources: primitive('r', DUMMY, monitor(10)), timeline: [failing] })
    expect(aborted(changed.trace, T)).toEqual(['r_monitor_10000 Change in recurring result'])
  })

  it('is too late where its graph is over, and old where another one came after that', () => {
    const told = (transition: number, dc: string) => {
      const { state, context, acts } = bareNode()
      state.dc = { ...createDc(), lastNumber: 5 }
      state.controller.state = 'S_IDLE'
      const origin = { action: 3, transition, dc: dc === 'own' ? state.controller.life : dc }
      const { agent, service, operation, intervalMs, expectedRc, onFail } = REQUEST
      const result = {
        rc: 0,
        status: 0,
        isNack: false,
        text: '',
        kind: 'result' as const,
        node: 'node1',
        resource: 'r',
      }
      const event = { ...result, service, operation, intervalMs, expectedRc, onFail, origin }
      const update = { kind: 'op' as const, node: { id: '1', name: 'node1' }, agent, ops: [] }
      cibChanged(state, context, { update, event }, {})
      return acts.flatMap((one) => (one.kind === 'log' ? [one.text.replace(/.*: /, '')] : []))
    }
    expect(told(5, 'own')).toEqual(['Inactive graph'])
    expect(told(4, 'own')).toEqual(['Old event'])
    expect(told(5, 'another')).toEqual(['Foreign event'])
    expect(told(-1, 'own')).toEqual(['Unexpected event'])
  })
})

describe('a change (E-5.1)', () => {
  it('is decided on at once, or when nothing more has changed for transition-delay', () => {
    const decided = (properties: string) => {
      const fails = (at: number, resource: string) =>
        fault(at, 'agent-result', { node: 'node1', resource, operation: 'monitor', rc: 7, times: 1 })
      const resources = primitive('a', DUMMY, monitor(10)) + primitive('b', DUMMY, monitor(10).replace('m10', 'n10'))
      const timeline = [fails(T, 'a'), fails(T + 10_000, 'b')]
      const { trace } = runSmall({ resources, timeline, properties, until: T + 60_000 })
      const failures = trace.records.filter(
        (one) => one.kind === 'log' && T < one.at && /Change in recurring/.test(one.text),
      )
      const last = failures.at(-1)!.at
      return logged(trace, 'Calculated')
        .map(({ at }) => at - last)
        .filter((at) => -10_100 < at && at < 20_000)
    }
    expect(decided('').every((at) => at < 2000)).toBe(true)
    const waited = decided('<nvpair id="o2" name="transition-delay" value="15s"/>')
    expect(waited[0]).toBeGreaterThanOrEqual(15_000)
    expect(waited[0]).toBeLessThan(15_100)
  })
})
