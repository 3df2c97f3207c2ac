/** Rare turns of a living cluster: a node that stands still and goes on, results that never come, unfencing. Source: the rules in titles. */
import { describe, expect, it } from 'vitest'
import { runBehind } from '../support/remote.ts'
import { command, decisions, fault, logged, runTrio, SETTLED as T } from '../support/trio.ts'

describe('a node that stands still', () => {
  it('says so when it goes on after its ring has given it up (E-2.5)', () => {
    const timeline = [fault(T, 'node-hang', { node: 'node2' }, 5000)]
    const trace = runTrio({ timeline, until: T + 60_000 })
    const [pause] = logged(trace, 'Process pause detected')
    expect(pause!.at).toBe(T + 5000)
    expect(Number(/for (\d+) ms/.exec(pause!.text)?.[1])).toBeGreaterThanOrEqual(5000)
  })

  it('says nothing when it goes on before the token is lost (E-2.5)', () => {
    const timeline = [fault(T, 'node-hang', { node: 'node2' }, 1500)]
    const trace = runTrio({ timeline, until: T + 30_000 })
    expect(logged(trace, 'Process pause detected')).toEqual([])
    expect(logged(trace, 'A processor failed')).toEqual([])
  })
})

describe('a result that never comes (E-6.7)', () => {
  it('is recorded as a timeout that nobody has told, and counts', () => {
    // Monitors of connection and service are too rare to tell anything first.
    const timeline = [fault(T + 30_000, 'node-crash', { node: 'far1' }), command(T + 31_000, 'node1', 'ban web far1')]
    const trace = runBehind('remote', timeline, T + 200_000, [
      ['name="monitor" interval="20s"', 'name="monitor" interval="600s"'],
      ['name="monitor" interval="10s"', 'name="monitor" interval="600s"'],
    ])
    const [lost] = logged(trace, 'Action lost')
    expect(lost!.at).toBeGreaterThanOrEqual(T + 31_000 + 80_000)
    expect(logged(trace, 'Setting fail-count-web#stop_0[far1]: (unset) -> 1000000')).toHaveLength(1)
    expect(decisions(trace, T).some((line) => line.startsWith('Fence (reboot) far1'))).toBe(true)
  })
})
