/**
 * Every operation × return code × on-fail × role in the living cluster, held against the tables: recovery types (seed 002, Table B.4),
 * effective on-fail, what follows from both, fail counts (E-9.5). The oracle below is those
 * tables and nothing else; a cell is one run of three nodes in which one operation fails once, or, for monitors, for a while.
 */
import { describe, expect, it } from 'vitest'
import { OCF_CODES } from '../../src/model/ocf.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, decisions, fault, logged, results, runTrio, SETTLED, type TrioWish } from '../support/trio.ts'

const T = SETTLED
const ON_FAIL = ['', 'ignore', 'block', 'stop', 'restart', 'standby', 'fence', 'demote'] as const
type OnFail = (typeof ON_FAIL)[number]
type Task = 'demote' | 'migrate_from' | 'migrate_to' | 'monitor' | 'monitor Promoted' | 'promote' | 'start' | 'stop'
type Response = Exclude<OnFail, ''>

/** with fencing enabled and without containers. */
function responseOf(task: Task, onFail: OnFail): Response {
  const isIgnored =
    (task === 'stop' && (onFail === 'standby' || onFail === 'demote' || onFail === 'stop')) ||
    (onFail === 'demote' && task !== 'promote' && task !== 'monitor Promoted')
  if (onFail !== '' && !isIgnored) return onFail
  return task === 'stop' ? 'fence' : 'restart'
}

/** Seed 002, Table B.4: what is not implemented is hard only where the operation does not recur. */
function severityOf(task: Task, rc: number): 'fatal' | 'hard' | 'soft' {
  if (rc === 3 && task.startsWith('monitor')) return 'soft'
  const recovery = OCF_CODES[rc]?.recovery ?? 'soft'
  return recovery === 'none' ? 'soft' : recovery
}

/** Where it serves in the end, and what was done for it meanwhile. */
interface Outcome {
  /** The node where the failure was keeps the resource, another has it, or none. */
  readonly where: 'elsewhere' | 'here' | 'nowhere'
  readonly isFenced: boolean
}

const HERE: Outcome = { where: 'here', isFenced: false }
const ELSEWHERE: Outcome = { where: 'elsewhere', isFenced: false }
const NOWHERE: Outcome = { where: 'nowhere', isFenced: false }

/**
 * What A-14 makes of a failure. A start that failed is fatal for its node (E-9.5); a demotion happens here because the role is banned from
 * the node. Fencing takes the history with it: a fatal result is forgotten, too.
 */
function expected(task: Task, onFail: OnFail, rc: number): Outcome {
  const severity = severityOf(task, rc)
  switch (responseOf(task, onFail)) {
    case 'ignore':
      return task === 'demote' ? ELSEWHERE : HERE
    case 'block':
      // What failed to start or to stop does not serve; what only looks bad serves on.
      return task === 'monitor' || task === 'monitor Promoted' ? HERE : NOWHERE
    case 'stop':
      return NOWHERE
    case 'standby':
      return severity === 'fatal' ? NOWHERE : ELSEWHERE
    case 'fence':
      return { where: 'elsewhere', isFenced: true }
    case 'restart':
      if (severity === 'fatal') return NOWHERE
      return severity === 'hard' || task === 'start' || task === 'stop' || task === 'demote' ? ELSEWHERE : HERE
    case 'demote':
      if (severity === 'fatal') return NOWHERE
      // What failed to be promoted is unpromoted for now (fail role of promote), another is promoted.
      return severity === 'hard' || task === 'promote' ? ELSEWHERE : HERE
  }
}

const OPS: Readonly<Record<string, string>> = {
  monitor: '<op id="solo-mon" name="monitor" interval="10s" timeout="20s"/>',
  start: '<op id="solo-start" name="start" interval="0s" timeout="20s"/>',
  stop: '<op id="solo-stop" name="stop" interval="0s" timeout="20s"/>',
  promote: '<op id="st-promote" name="promote" interval="0s" timeout="10s"/>',
  demote: '<op id="st-demote" name="demote" interval="0s" timeout="10s"/>',
  'monitor Promoted': '<op id="st-monp" name="monitor" interval="10s" timeout="20s" role="Promoted"/>',
}

/** The CIB's change that gives an operation its on-fail. */
function withOnFail(task: Task, onFail: OnFail): NonNullable<TrioWish['replace']> {
  const op = OPS[task]!
  return onFail === '' ? [] : [[op, op.replace('/>', ` on-fail="${onFail}"/>`)]]
}

const DC = [{ name: 'electionOrder', value: 'node1' }]
const isShot = (trace: Trace) => decisions(trace, 0).some((line) => line.startsWith('Fence (reboot)'))
/** Every code without an on-fail, some with each. */
const cells = (all: readonly number[], some: readonly number[]) =>
  ON_FAIL.flatMap((onFail) => (onFail === '' ? all : some).map((rc) => [onFail || 'absent', rc, onFail] as const))
const done = (trace: Trace, resource: string) =>
  results(trace).flatMap((line) =>
    line.startsWith(`${resource} `) && !/ monitor\/[1-9]/.test(line) ? [line.slice(resource.length + 1)] : [],
  )

/** Ends before a fenced node is back: what moves back then is another story. */
const UNTIL = T + 33_000

function runSolo(task: Task, onFail: OnFail, rc: number): Trace {
  const isMonitor = task === 'monitor'
  const failing = { node: 'node2', resource: 'solo', operation: task, rc }
  const timeline: Step[] = isMonitor
    ? [fault(T, 'agent-result', failing)]
    : [
        fault(T, 'agent-result', { ...failing, times: 1 }),
        fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' }),
      ]
  return runTrio({ until: UNTIL, options: DC, replace: withOnFail(task, onFail), timeline })
}

/** Where solo serves before it fails again: a monitor that fails for ever is looked at after its first recovery. */
function outcomeOf(trace: Trace, task: Task): Outcome {
  const isFenced = isShot(trace)
  const calls = done(trace, 'solo')
  const last = calls.filter((line) => /^(start|stop)/.test(line))
  const started = last.find((line) => /^start\/0@\S+=0$/.test(line))
  const isStopped = last.some((line) => line.startsWith('stop/'))
  const node = started?.slice('start/0@'.length, -2)
  if (node !== undefined) return { where: node === 'node2' ? 'here' : 'elsewhere', isFenced }
  const isLeft = task === 'monitor' && !isStopped && !isFenced
  return { where: isLeft ? 'here' : 'nowhere', isFenced }
}

describe('a plain resource: operation × on-fail × return code', () => {
  const codes = {
    monitor: cells([1, 2, 3, 4, 5, 6, 7, 42], [1, 3, 5, 6, 7]),
    start: cells([1, 2, 3, 4, 5, 6, 7, 42], [1, 3, 5, 6, 7]),
    stop: cells([1, 2, 3, 4, 5, 6, 7, 42], [1, 5, 6]),
  }
  for (const task of ['monitor', 'start', 'stop'] as const)
    it.each(codes[task])(`${task}, on-fail %s, returns %i`, (_name, rc, onFail) => {
      const trace = runSolo(task, onFail, rc)
      const outcome = outcomeOf(trace, task)
      const response = responseOf(task, onFail)
      if (response === 'fence' && severityOf(task, rc) === 'fatal') expect(outcome.isFenced).toBe(true)
      else expect(outcome).toEqual(expected(task, onFail, rc))
      expect(results(trace).includes('st stop/0@node2=0')).toBe(response === 'standby')
      if (response === 'block') expect(done(trace, 'solo').at(-1) ?? 'monitor').toMatch(task)
      // Every failure but an ignored one counts (E-9.5).
      const counted = logged(trace, `Setting fail-count-solo#${task}`).length
      if (response === 'ignore') expect(counted).toBe(0)
      else expect(counted).toBeGreaterThan(0)
    })
})

/** Where st is promoted after the failure on node1, and what its instance there went through from the failure on. */
function promotionOf(trace: Trace, from: number): Outcome & { readonly there: readonly string[] } {
  const told = results(trace, from).flatMap((line) => {
    const match = /^st (promote|demote|start|stop)\/0@(\S+)=(\d+)$/.exec(line)
    return match === null ? [] : [{ call: `${match[1]}=${match[3]}`, node: match[2] }]
  })
  const there = told.flatMap(({ call, node }) => (node === 'node1' ? [call] : []))
  const node = told.find(({ call }) => call === 'promote=0')?.node
  const isFenced = isShot(trace)
  if (node !== undefined) return { where: node === 'node1' ? 'here' : 'elsewhere', isFenced, there }
  return { where: there.length === 0 && !isFenced ? 'here' : 'nowhere', isFenced, there }
}

/** What the instance on node1 does first after `task` has failed there with `rc`; undefined where chance and scores decide. */
function firstSteps(task: Task, onFail: OnFail, rc: number): readonly string[] | undefined {
  const response = responseOf(task, onFail)
  const severity = severityOf(task, rc)
  const begins =
    task === 'promote' ? [`promote=${rc}`, 'demote=0'] : task === 'demote' ? [`demote=${rc}`] : ['demote=0']
  if (response === 'ignore') return task === 'monitor Promoted' ? [] : begins.slice(0, 1)
  if (response === 'block') return task === 'monitor Promoted' ? [] : [`${task}=${rc}`]
  if (response === 'fence') return task === 'monitor Promoted' ? [] : [`${task}=${rc}`]
  if (response === 'demote' && severity === 'soft') return task === 'promote' ? begins : [...begins, 'promote=0']
  if (response === 'restart' && severity === 'soft') return [...begins, 'stop=0', 'start=0']
  return [...begins, 'stop=0']
}

const settle = (task: Task, onFail: OnFail, rc: number): Trace => {
  const failing = { node: 'node1', resource: 'st', operation: task === 'monitor Promoted' ? 'monitor' : task, rc }
  const timeline: readonly Step[] =
    task === 'monitor Promoted'
      ? [fault(T, 'agent-result', failing)]
      : task === 'promote'
        ? [fault(0, 'agent-result', { ...failing, times: 1 })]
        : [
            fault(T, 'agent-result', { ...failing, times: 1 }),
            command(T + 1000, 'node2', 'crm_resource --ban -r st-clone -N node1 --promoted'),
          ]
  return runTrio({ until: UNTIL, options: DC, replace: withOnFail(task, onFail), timeline })
}

describe('a promotable instance: operation of the promoted role × on-fail × return code', () => {
  const codes = {
    'monitor Promoted': cells([0, 1, 2, 3, 4, 5, 6, 7, 9, 42], [0, 1, 3, 5, 6, 9]),
    promote: cells([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 5, 6]),
    demote: cells([1, 2, 3, 4, 5, 6, 7], [1, 5, 6, 7]),
  }
  for (const task of ['monitor Promoted', 'promote', 'demote'] as const)
    it.each(codes[task])(`${task}, on-fail %s, returns %i`, (_name, rc, onFail) => {
      const trace = settle(task, onFail, rc)
      const from = task === 'promote' ? 0 : T
      const { there, ...outcome } = promotionOf(trace, from)
      if (responseOf(task, onFail) === 'fence' && severityOf(task, rc) === 'fatal') expect(outcome.isFenced).toBe(true)
      else expect(outcome).toEqual(expected(task, onFail, rc))
      const steps = firstSteps(task, onFail, rc)!
      const shown = task === 'promote' ? there.slice(1) : there
      expect(shown.slice(0, steps.length)).toEqual(steps)
      if (steps.length === 0 || responseOf(task, onFail) === 'block') expect(shown).toEqual(steps)
    })

  it.each([
    ['block', ['demote=1'], 'nowhere'],
    ['stop', ['demote=1', 'stop=0'], 'nowhere'],
    ['standby', ['demote=1', 'stop=0'], 'elsewhere'],
    ['demote', ['demote=1', 'stop=0', 'start=0'], 'elsewhere'],
  ] as const)(
    'a demotion without an on-fail takes that of the promoted monitor: %s (A-15.3)',
    (onFail, steps, where) => {
      const trace = runTrio({
        until: UNTIL,
        options: DC,
        replace: withOnFail('monitor Promoted', onFail),
        timeline: [
          fault(T, 'agent-result', { node: 'node1', resource: 'st', operation: 'demote', rc: 1, times: 1 }),
          command(T + 1000, 'node2', 'crm_resource --ban -r st-clone -N node1 --promoted'),
        ],
      })
      const { there, ...outcome } = promotionOf(trace, T)
      expect(there).toEqual(steps)
      expect(outcome).toEqual({ where, isFenced: false })
    },
  )
})

describe('a live migration from node2 to node3: half × on-fail × return code', () => {
  const MOVABLE = '<primitive id="solo" class="ocf" provider="heartbeat" type="nginx">'
  const migrate = (task: Task, onFail: OnFail, rc: number): Trace => {
    const on = onFail === '' ? '' : ` on-fail="${onFail}"`
    return runTrio({
      until: UNTIL,
      options: DC,
      replace: [
        [
          MOVABLE,
          '<primitive id="solo" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="solo-m"><nvpair id="solo-live" name="allow-migrate" value="true"/></meta_attributes>',
        ],
        [OPS['stop']!, `${OPS['stop']}<op id="solo-live-op" name="${task}" interval="0s" timeout="20s"${on}/>`],
      ],
      timeline: [
        fault(T, 'agent-result', {
          node: task === 'migrate_to' ? 'node2' : 'node3',
          resource: 'solo',
          operation: task,
          rc,
          times: 1,
        }),
        command(T + 1000, 'node1', 'move solo node3'),
      ],
    })
  }
  /** Where it is started or taken over in the end: it prefers node3 from the command on. */
  const goal = (task: Task, onFail: OnFail, rc: number): string => {
    const response = responseOf(task, onFail)
    const isBanned = task === 'migrate_from' && severityOf(task, rc) === 'hard'
    if (response === 'ignore') return 'node3'
    if (response === 'block' || response === 'stop' || severityOf(task, rc) === 'fatal') return ''
    if (response === 'restart') return isBanned ? 'node2' : 'node3'
    return task === 'migrate_from' ? 'node2' : 'node3'
  }
  for (const task of ['migrate_to', 'migrate_from'] as const)
    it.each(cells([1, 2, 3, 4, 5, 6, 7], [1, 5, 6]))(`${task}, on-fail %s, returns %i`, (_name, rc, onFail) => {
      const trace = migrate(task, onFail, rc)
      const response = responseOf(task, onFail)
      const calls = done(trace, 'solo')
      const failed = calls.findIndex((line) => line.startsWith(`${task}/0@`))
      const after = calls.slice(failed + 1)
      expect(isShot(trace)).toBe(response === 'fence')
      const taken = after.find((line) => /^(start|migrate_from)\/0@\S+=0$/.test(line))
      if (response === 'fence')
        expect(taken ?? '').toMatch(severityOf(task, rc) === 'fatal' ? '' : `@${goal(task, onFail, rc)}=0`)
      else expect(taken?.replace(/^.*@(\S+)=0$/, '$1') ?? '').toBe(goal(task, onFail, rc))
      if (response === 'block') expect(after).toEqual([])
      else if (response === 'restart' || response === 'stop')
        expect(after.slice(0, 2).sort()).toEqual(['stop/0@node2=0', 'stop/0@node3=0'])
      expect(logged(trace, 'Setting fail-count-solo')).toEqual([])
    })
})

describe('a probe on node3 while the resource serves on node2: on-fail × return code (seed 002, B.3.1; A-14.5, A-14.10)', () => {
  const probe = (onFail: OnFail, rc: number): Trace => {
    const stop = OPS['stop']!
    const op = `<op id="solo-probe" name="monitor" interval="0s" timeout="20s" on-fail="${onFail}"/>`
    return runTrio({
      until: T + 30_000,
      options: DC,
      replace: onFail === '' ? [] : [[stop, `${stop}${op}`]],
      timeline: [
        fault(T, 'agent-result', { node: 'node3', resource: 'solo', operation: 'monitor', rc, times: 1 }),
        command(T + 1000, 'node1', 'refresh solo node3'),
      ],
    })
  }
  const isMasked = (rc: number) => rc === 2 || rc === 5 || rc === 7
  it.each(cells([0, 1, 2, 3, 4, 5, 6, 7, 42], [1, 2, 5, 6]))('on-fail %s, returns %i', (_name, rc, onFail) => {
    const trace = probe(onFail, rc)
    const calls = done(trace, 'solo').slice(1)
    const response = responseOf('monitor', onFail)
    expect(done(trace, 'solo')[0]).toBe(`monitor/0@node3=${rc}`)
    // No probe is counted (E-9.5).
    expect(logged(trace, 'Setting fail-count')).toEqual([])
    expect(isShot(trace)).toBe(response === 'fence' && !isMasked(rc))
    if (isMasked(rc) || response === 'block') return expect(calls).toEqual([])
    const changes = calls.filter((line) => !line.startsWith('monitor'))
    // Pretended to be as expected: unknown there still, so it is probed again.
    if (response === 'ignore') return expect([calls, changes]).toEqual([['monitor/0@node3=7'], []])
    // Active on two nodes as far as anybody knows: stop_start.
    const stops = response === 'fence' ? ['stop/0@node2=0'] : ['stop/0@node2=0', 'stop/0@node3=0']
    expect(changes.filter((line) => line.startsWith('stop')).sort()).toEqual(stops)
    const isBack = changes.some((line) => line === 'start/0@node2=0')
    if (response !== 'fence') expect(isBack).toBe(response !== 'stop' && severityOf('start', rc) !== 'fatal')
  })
})
