/**
 * Fencing in a living Pacemaker cluster: who is asked, what devices say, delays, queues, levels. Source: the rules in titles (spec E-8).
 */
import { describe, expect, it } from 'vitest'
import { fixed } from '../../src/kernel/draw.ts'
import type { Trace } from '../../src/trace/record.ts'
import {
  asked,
  askedAt,
  crash,
  DEVICE,
  device,
  fences,
  HOSTS,
  LIST,
  withDevices,
  withTopology,
} from '../support/fencing.ts'
import { command, decisions, fault, logged, runTrio, SETTLED as T, trioScenario } from '../support/trio.ts'

describe('who is asked (E-8.1)', () => {
  it('every fencer answers; the verified peer is asked as soon as it has answered', () => {
    const properties = { 'stonith-timeout': '90s' }
    const trace = runTrio({ timeline: [crash('node3')], properties, until: T + 20_000 })
    expect(logged(trace, 'Requesting fencing (reboot) of node node3 | action=1 timeout=90000')).toHaveLength(1)
    const answers = logged(trace, 'Query result').map(({ text }) => text.replace(/ node\d\.?\S* ?\d*$/, ''))
    expect(answers.length).toBe(2)
    expect(answers[0]).toMatch(/^Query result 1 of 2 from node\d for node3\/reboot \(1 device\)/)
    expect(asked(trace)).toEqual(['fencing reboot node3 node1'])
    const eligible = logged(trace, 'fencing is eligible to fence (reboot) node3: static-list')
    // Both answer, and the one that is asked looks again.
    expect(eligible).toHaveLength(3)
  })

  it('prefers whose agent has answered to whoever else answers first', () => {
    const pinned: readonly [string, string] = [
      '</constraints>',
      '<rsc_location id="pin" rsc="fencing" node="node2" score="INFINITY"/></constraints>',
    ]
    const trace = runTrio({ timeline: [crash('node3')], replace: [pinned], until: T + 20_000 })
    expect(asked(trace)).toEqual(['fencing reboot node3 node2'])
  })

  it("hears the leader's own answer first, whoever leads", () => {
    for (const [leader, seed] of ['node1', 'node2'].flatMap((node) =>
      [1, 2, 3, 4].map((each) => [node, each] as const),
    )) {
      const options = [{ name: 'electionOrder', value: leader }]
      const trace = runTrio({ timeline: [crash('node3')], options, seed, until: T + 12_000 })
      const [first] = logged(trace, 'Query result')
      expect(first!.text).toContain(`Query result 1 of 2 from ${leader} for`)
    }
  })

  it('asks the target as well, while it lives; it may not shoot itself', () => {
    const timeline = [command(T, 'node1', 'fence node2 reboot')]
    const trace = runTrio({ timeline, until: T + 3000 })
    const refused = logged(trace, 'fencing is not eligible to fence (reboot) node2: This node is not allowed')
    expect(refused).toHaveLength(1)
    expect(logged(trace, 'from node2 for node2/reboot (0 devices)')).toHaveLength(1)
    expect(asked(trace)[0]).not.toContain('node2 node2')
  })

  it('waits for who does not answer only so long, then asks the best of those who did', () => {
    // Its start failed, so nobody has verified fe; fd's list takes longer than anybody waits for.
    const timeline = [
      fault(1000, 'fence-unreachable', { device: 'fe' }, T - 2000),
      fault(T, 'fence-slow', { device: 'fd', delay: 200_000 }),
      command(T + 10, 'node1', 'fence node2 off'),
    ]
    const ban = (rsc: string, node: string) =>
      `<rsc_location id="b-${rsc}-${node}" rsc="${rsc}" node="${node}" score="-INFINITY"/>`
    const bans = `${ban('fd', 'node3')}${ban('fe', 'node1')}${ban('fe', 'node2')}</constraints>`
    const devices = withDevices(device('fd', { pcmk_list_timeout: '100' }) + device('fe', HOSTS), [
      ['</constraints>', bans],
    ])
    const trace = runTrio({ timeline, ...devices, properties: { 'stonith-timeout': '20s' }, until: T + 60_000 })
    expect(asked(trace)).toEqual(['fe off node2 node3'])
    // 1.2 × 20 s for the answers.
    expect(askedAt(trace)[0]! - T).toBeGreaterThan(24_000)
    expect(askedAt(trace)[0]! - T).toBeLessThan(24_100)
  })

  it('merges what another client asks for at the same time', () => {
    const timeline = [command(T, 'node1', 'fence node2 reboot'), command(T + 500, 'node3', 'fence node2 reboot')]
    const trace = runTrio({ timeline, until: T + 20_000 })
    expect(asked(trace)).toHaveLength(1)
    expect(logged(trace, "Merging fencing action 'reboot' targeting node2")).toHaveLength(1)
    // Told to both survivors, for both clients.
    expect(logged(trace, '@node3 (merged): OK')).toHaveLength(2)
  })

  it('does not merge another action', () => {
    const timeline = [command(T, 'node1', 'fence node2 reboot'), command(T + 500, 'node3', 'fence node2 off')]
    const trace = runTrio({ timeline, until: T + 20_000 })
    expect(asked(trace)).toHaveLength(2)
  })

  it('gives up when the time for the whole is over: delays are not counted in it', () => {
    const timeline = [crash('node3')]
    const slow = device('fd', { ...HOSTS, pcmk_delay_base: '30s', pcmk_reboot_timeout: '20' })
    const trace = runTrio({ timeline, ...withDevices(slow), until: T + 40_000 })
    const [failed] = logged(trace, 'Fencing did not complete within a total timeout')
    const [begun] = logged(trace, 'Requesting peer fencing')
    expect(failed!.at - begun!.at).toBeGreaterThanOrEqual(24_000)
    expect(failed!.at - begun!.at).toBeLessThan(24_200)
  })

  it('ends at an agent that had to be killed, where no level is left', () => {
    const timeline = [fault(T, 'fence-slow', { device: 'fencing', delay: 60_000 }), crash('node3')]
    const limit: readonly [string, string] = [LIST, `${LIST}<nvpair id="rt" name="pcmk_reboot_timeout" value="10s"/>`]
    const trace = runTrio({ timeline, replace: [limit], until: T + 20_000 })
    const [failed] = logged(trace, 'for node3 failed: Fence agent did not complete in time')
    expect(failed!.at - askedAt(trace)[0]!).toBeGreaterThan(9_990)
    expect(failed!.at - askedAt(trace)[0]!).toBeLessThan(10_100)
    // The same peer again, by a new operation: nobody else was tried within the first.
    expect(logged(trace, 'Requesting peer fencing').length).toBe(2)
  })
})

describe('what a device says (E-8.3)', () => {
  it('lists whom it can fence; the list holds for a minute', () => {
    const timeline = [command(T, 'node1', 'fence node3 off')]
    const trace = runTrio({ timeline, ...withDevices(device('fd')), until: T + 20_000 })
    expect(asked(trace)).toEqual(['fd off node3 node1'])
    expect(logged(trace, 'fd is eligible to fence (off) node3: dynamic-list').length).toBeGreaterThanOrEqual(2)
    expect(logged(trace, 'fd is eligible to fence (off) node3: dynamic-list (cached)')).toHaveLength(1)
  })

  it('does not fence whom it does not list', () => {
    const timeline = [
      fault(T, 'fence-unwired', { device: 'fd', node: 'node3' }),
      command(T + 10, 'node1', 'fence node3 off'),
    ]
    const trace = runTrio({ timeline, ...withDevices(device('fd')), until: T + 20_000 })
    expect(asked(trace)).toEqual([])
    expect(logged(trace, "Couldn't find anyone to fence (off) node3")).toHaveLength(1)
  })

  it('is asked for its status where its agent cannot list', () => {
    const ipmi = (id: string) => device(id, {}, 'fence_ipmilan')
    const timeline = [
      fault(T, 'fence-unwired', { device: 'f1', node: 'node3' }),
      command(T + 10, 'node1', 'fence node3 off'),
    ]
    const trace = runTrio({ timeline, ...withDevices(ipmi('f1') + ipmi('f2')), until: T + 20_000 })
    expect(asked(trace)).toEqual([expect.stringMatching(/^f2 off node3/)])
    expect(logged(trace, 'f1 is not eligible to fence (off) node3: status').length).toBeGreaterThan(0)
  })

  it('takes its time to say so, and is asked twice where it does not answer', () => {
    const timings = [...trioScenario().timings, { operation: 'fence-status', subject: '*', distribution: fixed(700) }]
    const ipmi = withDevices(device('fd', {}, 'fence_ipmilan'))
    const timeline = [command(T, 'node1', 'fence node3 off')]
    const quick = runTrio({ timeline, ...ipmi, timings, until: T + 20_000 })
    // Once for the answer, once by the one that is asked.
    expect(askedAt(quick)[0]! - T).toBeGreaterThan(1400)
    expect(askedAt(quick)[0]! - T).toBeLessThan(1500)
    const cut = [fault(T - 10, 'fence-unreachable', { device: 'fd' }, 1000), ...timeline]
    const slow = runTrio({ timeline: cut, ...ipmi, timings, until: T + 20_000 })
    expect(logged(slow, 'Attempt 2 to execute fence_ipmilan (status)').length).toBeGreaterThan(0)
    expect(askedAt(slow)[0]! - askedAt(quick)[0]!).toBeGreaterThan(1690)
  })

  it('any target where it is told so', () => {
    const any = device('fd', { pcmk_host_check: 'none' })
    const trace = runTrio({ timeline: [crash('node3')], ...withDevices(any), until: T + 20_000 })
    expect(logged(trace, 'fd is eligible to fence (reboot) node3: none').length).toBeGreaterThan(0)
    expect(fences(trace, 'succeeded')).toBe(1)
  })

  it('is not used from where a constraint keeps it', () => {
    const ban = (node: string) => `<rsc_location id="ban-${node}" rsc="fencing" node="${node}" score="-INFINITY"/>`
    const only3: readonly [string, string] = ['</constraints>', `${ban('node1')}${ban('node2')}</constraints>`]
    const trace = runTrio({ timeline: [crash('node2')], replace: [only3], until: T + 20_000 })
    expect(asked(trace)).toEqual(['fencing reboot node2 node3'])
  })

  it('is used though it runs nowhere; not where it is disabled', () => {
    const timeline = [
      fault(T, 'agent-result', { node: '*', resource: 'fencing', operation: 'start', rc: 1 }),
      crash('node1'),
    ]
    expect(fences(runTrio({ timeline: [crash('node1')], until: T + 20_000 }), 'succeeded')).toBe(1)
    const disabled = [command(T - 10_000, 'node2', 'disable fencing'), ...timeline.slice(1)]
    const trace = runTrio({ timeline: disabled, until: T + 20_000 })
    expect(asked(trace)).toEqual([])
  })

  it('fails where its line is cut: the monitor tells, the resource moves away', () => {
    const trace = runTrio({
      timeline: [fault(T, 'fence-unreachable', { device: 'fencing' }, 90_000)],
      until: T + 80_000,
    })
    expect(decisions(trace)[0]).toMatch(/^(Move|Recover) fencing/)
  })
})

describe('delays (E-8.2)', () => {
  const delayed = (parameters: Readonly<Record<string, string>>, timeline = [crash('node3')]): number => {
    const trace = runTrio({ timeline, ...withDevices(device('fd', { ...HOSTS, ...parameters })), until: T + 60_000 })
    const [chosen] = logged(trace, 'Requesting that')
    return Math.round((askedAt(trace)[0]! - chosen!.at) / 1000)
  }

  it('are the base for that target', () => {
    expect(delayed({ pcmk_delay_base: 'node1:3s;node3:7s' })).toBe(7)
    expect(delayed({ pcmk_delay_base: '4s' })).toBe(4)
    expect(delayed({ pcmk_delay_base: 'node1:3s' })).toBe(0)
  })

  it('are whole seconds by chance below the maximum', () => {
    const trace = runTrio({
      timeline: [crash('node3')],
      ...withDevices(device('fd', { ...HOSTS, pcmk_delay_base: '2s', pcmk_delay_max: '9s' })),
      until: T + 60_000,
    })
    const [line] = logged(trace, "Delaying 'reboot' action targeting node3 using fd for")
    const seconds = Number(/for (\d+)s \| timeout=60s requested_delay=0s base=2s max=9s/.exec(line!.text)?.[1])
    expect(seconds).toBeGreaterThanOrEqual(2)
    expect(seconds).toBeLessThan(9)
  })

  it('are what is asked for on top, or none at all', () => {
    const ask = (delay: string) => [command(T, 'node1', `stonith_admin --fence node3 --delay=${delay}`)]
    expect(delayed({ pcmk_delay_base: '4s' }, ask('3'))).toBe(7)
    expect(delayed({ pcmk_delay_base: '4s' }, ask('-1'))).toBe(0)
  })

  it('do not hold up switching on', () => {
    expect(delayed({ pcmk_delay_base: '4s' }, [command(T, 'node1', 'stonith_admin --unfence node3')])).toBe(0)
  })

  it('that are asked for come before the first device only', () => {
    const devices = withDevices(device('f1', HOSTS) + device('f2', HOSTS))
    const timeline = [
      fault(T, 'fence-fail', { device: 'f1' }),
      command(T + 10, 'node1', 'stonith_admin --fence node3 --delay=5'),
    ]
    const trace = runTrio({ timeline, ...devices, until: T + 40_000 })
    expect(asked(trace).map((line) => line.slice(0, 2))).toEqual(['f1', 'f1', 'f2'])
    expect(logged(trace, 'Delaying')).toHaveLength(1)
  })
})

describe('one device, several targets (E-8.2, E-8.5)', () => {
  const both = (parameters: Readonly<Record<string, string>>, properties: Readonly<Record<string, string>> = {}) => {
    const timeline = [command(T, 'node1', 'fence node2 off'), command(T, 'node1', 'fence node3 off')]
    const pin = '<rsc_location id="pin" rsc="fd" node="node1" score="INFINITY"/></constraints>'
    const devices = withDevices(device('fd', { ...HOSTS, ...parameters }), [['</constraints>', pin]])
    const times = askedAt(runTrio({ timeline, ...devices, properties, until: T + 6000 }))
    return times[1]! - times[0]!
  }

  it('are served one after the other', () => {
    expect(both({})).toBeGreaterThanOrEqual(2000)
  })

  it('at a time, where the device takes as many', () => {
    expect(both({ pcmk_action_limit: '2' })).toBeLessThan(100)
    expect(both({ pcmk_action_limit: '-1' })).toBeLessThan(100)
  })

  const split = (concurrent: string) =>
    runTrio({
      timeline: [fault(T, 'partition', { sides: [['node1'], ['node2'], ['node3']] }, 60_000)],
      properties: { 'concurrent-fencing': concurrent },
      replace: [
        [DEVICE, device('fd', { ...HOSTS, pcmk_action_limit: '-1' })],
        ['name="no-quorum-policy" value="stop"', 'name="no-quorum-policy" value="ignore"'],
      ],
      until: T + 30_000,
    })
  const requests = (trace: Trace) => logged(trace, 'Requesting fencing (reboot)').map(({ at }) => at)

  it('are fenced by one decision at once only with concurrent-fencing', () => {
    const [first, second] = requests(split('true'))
    expect(second! - first!).toBeLessThan(10)
    const serial = requests(split('false'))
    expect(serial.filter((at) => at - serial[0]! < 10)).toHaveLength(1)
  })

  it('waits before it shoots whoever runs the more important resources (priority-fencing-delay)', () => {
    const replace = [
      [
        '<primitive id="solo" class="ocf" provider="heartbeat" type="nginx">',
        '<primitive id="solo" class="ocf" provider="heartbeat" type="nginx"><meta_attributes id="sp"><nvpair id="spp" name="priority" value="10"/></meta_attributes>',
      ],
      ['name="no-quorum-policy" value="stop"', 'name="no-quorum-policy" value="ignore"'],
    ] as const
    // solo prefers node2: whoever shoots at it waits, it does not.
    const timeline = [fault(T, 'partition', { sides: [['node1'], ['node2'], ['node3']] }, 60_000)]
    const properties = { 'priority-fencing-delay': '15s' }
    const trace = runTrio({ timeline, properties, replace, until: T + 30_000 })
    expect(logged(trace, "Delaying 'reboot' action targeting node2 using fencing for 15s").length).toBeGreaterThan(0)
    expect(logged(trace, "Delaying 'reboot' action targeting node1")).toEqual([])
    expect(asked(trace).some((line) => line.includes(' node2 '))).toBe(false)
  })
})

describe('what the agent can do (E-8.2)', () => {
  it('is switched off where it cannot be rebooted', () => {
    const trace = runTrio({
      timeline: [crash('node3')],
      ...withDevices(device('fd', HOSTS, 'fence_brocade')),
      until: T + 20_000,
    })
    expect(asked(trace)[0]).toMatch(/^fd off node3/)
    expect(logged(trace, "Remapping 'reboot' action targeting node3 using fd to 'off'")).toHaveLength(1)
  })

  it('goes on to the next device of the same peer', () => {
    const devices = withDevices(device('f1', HOSTS) + device('f2', HOSTS))
    const timeline = [fault(T, 'fence-fail', { device: 'f1' }), crash('node3')]
    const trace = runTrio({ timeline, ...devices, until: T + 30_000 })
    expect(new Set(asked(trace).map((line) => line.split(' ')[3])).size).toBe(1)
    expect(asked(trace).map((line) => line.slice(0, 2))).toEqual(['f1', 'f1', 'f2'])
    expect(logged(trace, ', retrying with f2')).toHaveLength(1)
  })

  it('tries as often as it is told, not after most of its time', () => {
    const tries = (parameters: Readonly<Record<string, string>>) => {
      const devices = withDevices(device('fd', { ...HOSTS, ...parameters }))
      const timeline = [fault(T, 'fence-fail', { device: 'fd' }), command(T + 10, 'node1', 'fence node3 off')]
      const trace = runTrio({ timeline, ...devices, until: T + 60_000 })
      return asked(trace).filter((line) => line.endsWith(asked(trace)[0]!.split(' ')[3]!)).length
    }
    expect(tries({ pcmk_off_retries: '3' })).toBe(3)
    // The first takes 2 s: more than 70 % of 2.8.
    expect(tries({ pcmk_off_timeout: '2', pcmk_off_retries: '3' })).toBe(1)
    expect(tries({ pcmk_off_timeout: '3', pcmk_off_retries: '3' })).toBe(2)
  })
})

describe('levels (E-8.6)', () => {
  const two = device('fa', HOSTS) + device('fb', HOSTS)
  const level = (whom: string, index: number, devices: string) =>
    `<fencing-level id="l${index}-${devices.replace(',', '')}" ${whom} index="${index}" devices="${devices}"/>`

  it('come one after the other, whoever has the device', () => {
    const levels = withTopology(level('target="node3"', 1, 'fa') + level('target="node3"', 2, 'fb'))
    const timeline = [fault(T, 'fence-fail', { device: 'fa' }), crash('node3')]
    const trace = runTrio({ timeline, ...withDevices(two, [levels]), until: T + 40_000 })
    // Two attempts each by two peers, then the next level.
    expect(asked(trace).map((line) => line.slice(0, 2))).toEqual(['fa', 'fa', 'fa', 'fa', 'fb'])
    expect(fences(trace, 'succeeded')).toBe(1)
  })

  it('with several devices switch all off, then all on', () => {
    const levels = withTopology(level('target-pattern="node[2-3]"', 1, 'fa,fb'))
    const trace = runTrio({ timeline: [crash('node3')], ...withDevices(two, [levels]), until: T + 30_000 })
    expect(asked(trace).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'fa off',
      'fb off',
      'fa on',
      'fb on',
    ])
  })

  it('succeed though nothing can be switched on again', () => {
    const levels = withTopology(level('target="node3"', 1, 'fa,fb'))
    const timeline = [crash('node3'), fault(T + 12_500, 'fence-fail', { device: 'fa' })]
    const trace = runTrio({ timeline, ...withDevices(two, [levels]), until: T + 60_000 })
    expect(asked(trace).filter((line) => line.startsWith('fa on')).length).toBeGreaterThan(1)
    expect(logged(trace, 'Peer node3 was terminated').length).toBeGreaterThan(0)
  })

  it('go by a permanent attribute of the target', () => {
    const rack: readonly [string, string] = [
      '<node id="3" uname="node3"/>',
      '<node id="3" uname="node3"><instance_attributes id="n3"><nvpair id="n3r" name="rack" value="b"/></instance_attributes></node>',
    ]
    const levels = withTopology(level('target-attribute="rack" target-value="b"', 1, 'fb'))
    const trace = runTrio({ timeline: [crash('node3')], ...withDevices(two, [rack, levels]), until: T + 20_000 })
    expect(asked(trace)).toEqual([expect.stringMatching(/^fb reboot node3/)])
  })

  it('fail where no level has a device that is there', () => {
    const levels = withTopology(level('target="node3"', 1, 'nothing'))
    const trace = runTrio({ timeline: [crash('node3')], ...withDevices(two, [levels]), until: T + 30_000 })
    expect(asked(trace)).toEqual([])
    expect(logged(trace, 'for node3 failed: All topology levels failed').length).toBeGreaterThan(0)
  })
})
