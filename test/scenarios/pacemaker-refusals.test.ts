/** Commands that cannot be carried out say so: options that a tool does not have, nodes that are not there, managers that do not run. */
import { describe, expect, it } from 'vitest'
import { readOrder } from '../../src/pacemaker/orders.ts'
import type { Trace } from '../../src/trace/record.ts'
import { command, fault, placesOf, runTrio, SETTLED } from '../support/trio.ts'

const T = SETTLED

describe('options of tools (their manual pages)', () => {
  it.each([
    ['crm_resource --ban -r db -N n1 --lifetim PT10M', '--lifetim'],
    ['crm_resource -C -r db -n monitor', '-n'],
    ['crm_attribute -n x -v 1 --lifetime=reboot --utilization', '--utilization'],
    ['attrd_updater -n x -U 1 --dampen 5s', '--dampen'],
    ['crm_standby -N n1 --forever', '--forever'],
    ['crm_ticket -t T --grant --now', '--now'],
    ['stonith_admin --reboot n1 --fast', '--fast'],
  ])('%s: names the one that is not known', (text, option) => {
    expect(readOrder(text.split(' '))).toContain(`option ${option} is not known here; known are --`)
  })

  it.each([
    ['crm_ticket -t T -g', { kind: 'ticket', ticket: 'T', action: 'grant' }],
    ['crm_ticket -t T -r', { kind: 'ticket', ticket: 'T', action: 'revoke' }],
    ['crm_ticket --ticket T --standby', { kind: 'ticket', ticket: 'T', action: 'standby' }],
    ['crm_ticket --ticket=T --activate -V', { kind: 'ticket', ticket: 'T', action: 'activate' }],
    ['stonith_admin -U n1', { kind: 'fence', node: 'n1', action: 'on' }],
    ['stonith_admin -C n1', { kind: 'confirm-fenced', node: 'n1' }],
    ['crm_attribute -t crm_config -n a -v 1', { kind: 'property', name: 'a', value: '1' }],
    ['crm_attribute -t status -N n1 -n a -v 1', { kind: 'node-attribute', node: 'n1', isTransient: true }],
    ['crm_attribute -t nodes -N n1 -n a -D', { kind: 'node-attribute', value: undefined, isTransient: false }],
  ])('%s', (text, order) => {
    expect(readOrder(text.split(' '))).toMatchObject(order)
  })

  it.each([
    ['crm_ticket -t T', /grant.*revoke.*standby/],
    ['crm_attribute -n a', /needs a value/],
    ['crm_attribute -t resources -n a -v 1', /not "resources"/],
  ])('%s is refused', (text, what) => {
    expect(readOrder(text.split(' '))).toMatch(what)
  })
})

describe('commands at awkward instants', () => {
  const saying = (trace: Trace, part: string): readonly string[] =>
    trace.records.flatMap((record) => (record.kind === 'log' && record.text.includes(part) ? [record.text] : []))

  it('on a node that is off, booting or frozen nothing can be typed', () => {
    const trace = runTrio({
      until: T + 40_000,
      timeline: [
        command(10_000, 'node1', 'standby node3'),
        fault(T, 'node-hang', { node: 'node2' }),
        command(T + 500, 'node2', 'standby node3'),
        fault(T, 'node-crash', { node: 'node3' }),
        command(T + 1000, 'node3', 'reboot'),
      ],
      properties: { 'stonith-enabled': 'false' },
    })
    expect(saying(trace, 'nothing can be typed there')).toEqual([
      'node1 is booting: nothing can be typed there',
      'node2 stands still: nothing can be typed there',
      'node3 is off: nothing can be typed there',
    ])
    expect(trace.records.some((record) => record.kind === 'belief' && record.about.startsWith('setting standby'))).toBe(
      false,
    )
  })

  it('where the manager was stopped a command reaches nobody; the node itself can still be rebooted', () => {
    const trace = runTrio({
      until: T + 90_000,
      timeline: [
        command(T, 'node3', 'stop'),
        command(T + 10_000, 'node3', 'standby node2'),
        command(T + 11_000, 'node3', 'stop'),
        command(T + 12_000, 'node3', 'reboot'),
      ],
    })
    expect(saying(trace, 'reaches nobody')).toHaveLength(2)
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
    const node3 = trace.records.flatMap((record) =>
      record.kind === 'node' && record.node === 'node3' && T < record.at ? [record.to] : [],
    )
    expect(node3).toEqual(['shutting-down', 'off', 'booting', 'up'])
    expect(placesOf(trace, 'st')).toContain('node3')
  })

  it('without a DC, in the middle of a membership change, a command waits for the ring (E-2.8)', () => {
    const trace = runTrio({
      until: T + 40_000,
      options: [{ name: 'electionOrder', value: 'node1 node2 node3' }],
      timeline: [fault(T, 'node-crash', { node: 'node1' }), command(T + 5000, 'node3', 'move solo node3')],
    })
    expect(saying(trace, 'Call cib_modify failed')).toEqual([])
    expect(placesOf(trace, 'solo')).toEqual(['node3'])
  })
})
