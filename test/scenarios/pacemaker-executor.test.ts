/** How a node's executor runs operations, reads what agents answer and keeps records of it. Source: the rules in titles. */
import { describe, expect, it } from 'vitest'
import type { HistoryOp } from '../../src/cib/status.ts'
import type { Command } from '../../src/manager/command.ts'
import { opEnded, requestOp, unitDue } from '../../src/pacemaker/executor.ts'
import { createExecutor, type OpRequest } from '../../src/pacemaker/executor-state.ts'
import { exitReason, type KnownDevices, outcomeOf } from '../../src/pacemaker/exit-codes.ts'
import { pacemaker } from '../../src/pacemaker/manager.ts'
import type { PacemakerState } from '../../src/pacemaker/state.ts'
import type { Trace } from '../../src/trace/record.ts'
import {
  bareNode,
  CIB,
  calls,
  DUMMY,
  monitor,
  NOBODY,
  primitive,
  REQUEST,
  runSmall,
  UNIT,
} from '../support/executor.ts'
import { command, fault, logged, placesOf, results, SETTLED as T } from '../support/trio.ts'

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
