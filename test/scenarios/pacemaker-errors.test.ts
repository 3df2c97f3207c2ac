/** Daemons of one node that fail: through RECOVERY to a new beginning, or to the end of the node. Source: spec E-4.2, E-4.3, E-4.7, E-12.16. */
import { describe, expect, it } from 'vitest'
import { controller } from '../../src/machines/controller.ts'
import { compile } from '../../src/machines/engine.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, decisions, fault, logged, placesOf, runTrio, SETTLED, type TrioWish } from '../support/trio.ts'

const T = SETTLED
const fails = (process: string, node: string, wish: TrioWish = {}): Trace =>
  runTrio({
    until: T + 40_000,
    ...wish,
    timeline: [fault(T, 'process-crash', { node, process }), ...(wish.timeline ?? [])],
  })

/** The moves of a node's controller from the beginning of the story on, as `from event to`. */
function movesOf(trace: Trace, node: string): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'machine' && record.node === node && record.machine === 'controller' && T <= record.at
      ? [`${record.from} ${record.event} ${record.to}`]
      : [],
  )
}

function processesOf(trace: Trace, node: string): readonly string[] {
  return trace.records.flatMap((record) =>
    record.kind === 'process' && record.node === node && T <= record.at ? [`${record.process} ${record.state}`] : [],
  )
}

describe('the controller’s machine (E-4.2)', () => {
  const { next } = compile(controller)

  it('goes from anywhere to RECOVERY with an error, from STOPPING to its end', () => {
    for (const state of [
      'S_STARTING',
      'S_PENDING',
      'S_NOT_DC',
      'S_ELECTION',
      'S_IDLE',
      'S_TRANSITION_ENGINE',
      'S_RECOVERY',
    ])
      expect(next(state, 'I_ERROR')).toBe('S_RECOVERY')
    expect(next('S_STOPPING', 'I_ERROR')).toBe('S_TERMINATE')
  })

  it('leaves RECOVERY recovered, shut down or ended, and HALT only at its end', () => {
    const of = (state: string) =>
      ['I_RECOVERED', 'I_SHUTDOWN', 'I_TERMINATE', 'I_PE_CALC'].map((input) => next(state, input))
    expect(of('S_RECOVERY')).toEqual(['S_PENDING', 'S_STOPPING', 'S_TERMINATE', undefined])
    expect(next('S_IDLE', 'I_HALT')).toBe('S_HALT')
    expect(of('S_HALT')).toEqual([undefined, undefined, 'S_TERMINATE', undefined])
  })
})

describe('Pacemaker, a daemon of one node dies', () => {
  it.each(['pacemaker-based', 'pacemaker-execd'])(
    '%s: its controller ends by an error and is started again',
    (process) => {
      const trace = fails(process, 'node2')
      expect(movesOf(trace, 'node2').slice(0, 4)).toEqual([
        'S_NOT_DC I_ERROR S_RECOVERY',
        'S_RECOVERY I_TERMINATE S_TERMINATE',
        'S_TERMINATE exit S_STARTING',
        'S_STARTING I_PENDING S_PENDING',
      ])
      expect(movesOf(trace, 'node2').at(-1)).toBe('S_PENDING I_NOT_DC S_NOT_DC')
      expect(processesOf(trace, 'node2')).toEqual([`${process} crashed`, `${process} running`])
      expect(logged(trace, 'exited with status 1').map(({ at }) => at)).toEqual([T])
      expect(logged(trace, 'Stonith/shutdown of node node2 was not expected')).not.toEqual([])
      expect(decisions(trace).filter((line) => line.startsWith('Fence'))).toEqual([])
      expect(placesOf(trace, 'solo')).toEqual(['node2'])
    },
  )

  it('the scheduler: only a DC needs it, and its numbers begin anew', () => {
    expect(movesOf(fails('pacemaker-schedulerd', 'node2'), 'node2')).toEqual([])
    const trace = fails('pacemaker-schedulerd', 'node1')
    expect(movesOf(trace, 'node1')[0]).toBe('S_IDLE I_ERROR S_RECOVERY')
    const [first] = trace.records.filter(
      (record) => record.kind === 'log' && T < record.at && record.text.startsWith('Calculated transition'),
    )
    expect(first).toMatchObject({ text: expect.stringMatching(/^Calculated transition 0\b/) })
  })

  it('a second death of the same process is one more', () => {
    const again = fault(T + 15_000, 'process-crash', { node: 'node2', process: 'pacemaker-controld' })
    const trace = fails('pacemaker-controld', 'node2', { timeline: [again] })
    expect(movesOf(trace, 'node2').filter((move) => move.endsWith('crash S_STARTING'))).toHaveLength(2)
    expect(processesOf(trace, 'node2')).toEqual([
      'pacemaker-controld crashed',
      'pacemaker-controld running',
      'pacemaker-controld crashed',
      'pacemaker-controld running',
    ])
  })

  it('in the middle of a shutdown an error is the end', () => {
    const timeline = [command(T - 50, 'node2', 'stop')]
    const trace = fails('pacemaker-execd', 'node2', { timeline })
    expect(movesOf(trace, 'node2').slice(0, 2)).toEqual([
      'S_NOT_DC I_ERROR S_RECOVERY',
      'S_RECOVERY I_SHUTDOWN S_STOPPING',
    ])
    expect(processesOf(trace, 'node2')).toContain('corosync exited')
  })
})

describe('Pacemaker, a scheduler that does not answer (E-4.3)', () => {
  const hangs = (lasts?: number): Trace =>
    runTrio({
      timeline: [
        fault(T, 'process-hang', { node: 'node1', process: 'pacemaker-schedulerd' }, lasts),
        command(T + 1000, 'node1', 'disable solo'),
      ],
      until: T + 180_000,
    })

  it('for two minutes: the DC’s controller ends with status 100, nothing is started again, and another leads', () => {
    const trace = hangs()
    const [end] = logged(trace, 'exited with status 100')
    expect(end!.at).toBeGreaterThan(T + 121_000)
    expect(end!.at).toBeLessThan(T + 121_100)
    expect(processesOf(trace, 'node1').slice(0, 2)).toEqual(['pacemaker-schedulerd hung', 'corosync exited'])
    expect(decisions(trace, end!.at)[0]).toMatch(/^Fence \(reboot\) node1/)
  })

  it('for less: it is asked again, and things go on', () => {
    const trace = hangs(30_000)
    expect(logged(trace, 'exited with status 100')).toEqual([])
    expect(logged(trace, 'Calculated transition 3')[0]!.at).toBeGreaterThan(T + 29_999)
    expect(placesOf(trace, 'solo')).toEqual([])
  })
})

describe('Pacemaker, who wants to leave (E-4.7, E-10.1)', () => {
  it('waits for a DC, and tells the new one', () => {
    const timeline = [fault(T, 'node-crash', { node: 'node1' }), command(T + 1000, 'node3', 'stop')]
    const trace = runTrio({ timeline, until: T + 40_000 })
    expect(logged(trace, 'Initiating controller shutdown sequence | limit=1200000ms').map(({ at }) => at)).toEqual([
      T + 1000,
    ])
    expect(logged(trace, 'Creating shutdown request for node3 (state=S_')).toHaveLength(1)
    expect(processesOf(trace, 'node3')).toEqual(['corosync exited'])
    expect(logged(trace, 'Shutting down controller after confirmation from node2')).toHaveLength(1)
  })
})

describe('Pacemaker, the New Transition Timer (E-4.3, E-5.1)', () => {
  it('has the scheduler wait, and every change begins the delay anew', () => {
    const changes = [0, 1500, 3000].map((later) => command(T + later, 'node1', `property batch-limit ${later + 1}`))
    const trace = runTrio({ properties: { 'transition-delay': '2s' }, timeline: changes, until: T + 20_000 })
    const calculated = logged(trace, 'Calculated transition').filter(({ at }) => T < at)
    expect(calculated).toHaveLength(1)
    expect(calculated[0]!.at).toBeGreaterThan(T + 5000)
  })
})
