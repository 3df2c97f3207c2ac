/** Fence devices and topology by themselves: what parameters and metadata say, where a device may be used, which levels there are. */
import { describe, expect, it } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import {
  actionOf,
  aliasOf,
  attemptsOf,
  type Device,
  delayOf,
  hostCheckOf,
  limitOf,
  targetsOf,
  timeoutOf,
  toDevices,
} from '../../src/pacemaker/devices.ts'
import { levelsFor, stepsOf } from '../../src/pacemaker/fencing-topology.ts'
import { forgetChanged, registeredOn } from '../../src/pacemaker/registered.ts'

function device(agent: string, parameters: Readonly<Record<string, string>> = {}): Device {
  return { id: agent, agent, parameters: new Map(Object.entries(parameters)) }
}

interface CibParts {
  readonly options?: string
  readonly resources: string
  readonly constraints?: string
  readonly topology?: string
}

function cib({ options = '', resources, constraints = '', topology = '' }: CibParts) {
  const nodes = ['n1', 'n2', 'n3'].map(
    (name, at) =>
      `<node id="${at + 1}" uname="${name}"><instance_attributes id="na${at}"><nvpair id="nr${at}" name="rack" value="r${at + 1}"/></instance_attributes></node>`,
  )
  return readCib(
    `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config><cluster_property_set id="o">${options}</cluster_property_set></crm_config><nodes>${nodes.join('')}</nodes><resources>${resources}</resources><constraints>${constraints}</constraints>${topology}</configuration><status/></cib>`,
    'cib.xml',
  ).value!
}

function primitive(id: string, inside = '', type = 'fence_x'): string {
  return `<primitive id="${id}" class="stonith" type="${type}">${inside}</primitive>`
}

/** Which devices each of the three nodes registers. */
function registered(parts: CibParts): readonly string[] {
  const { configuration, status } = cib(parts)
  const state = unpackCluster({ configuration, status }, 0)
  return ['n1', 'n2', 'n3'].map((node) =>
    registeredOn(state, node)
      .map(({ id }) => id)
      .join(' '),
  )
}

describe('how it is known whom a device can fence (E-8.3)', () => {
  it.each([
    ['a list', device('fence_apc', { pcmk_host_list: 'a' }), 'static-list'],
    ['a map', device('fence_apc', { pcmk_host_map: 'a:1' }), 'static-list'],
    ['an agent that lists', device('fence_apc'), 'dynamic-list'],
    ['an agent that only tells of one', device('fence_ipmilan'), 'status'],
    ['an agent that does neither', device('fence_kdump'), 'none'],
    ['what is configured', device('fence_apc', { pcmk_host_check: 'status', pcmk_host_list: 'a' }), 'status'],
  ])('%s', (_what, entry, check) => {
    expect(hostCheckOf(entry)).toBe(check)
  })

  it('by names in any case, of a list or of a map, which tells ports too', () => {
    const both = device('fence_apc', { pcmk_host_list: 'N1', pcmk_host_map: 'n2:7' })
    expect(targetsOf(both, ['n1', 'N2', 'n3'])).toEqual(['n1', 'N2'])
    expect(aliasOf(both, 'n2')).toBe('7')
    expect(targetsOf(device('fence_apc'), ['n1', 'n2'])).toEqual(['n1', 'n2'])
  })
})

describe('figures of a device (E-8.2)', () => {
  it('has one delay for all targets, or one for each; whole seconds', () => {
    const each = device('f', { pcmk_delay_base: 'n1:5s;n2:10s' })
    expect(delayOf(each, 'N2')).toMatchObject({ base: 10, random: 0 })
    expect(delayOf(each, 'n9')).toMatchObject({ base: 0, random: 0 })
    expect(delayOf(device('f', { pcmk_delay_base: '1500ms' }), 'n1')).toMatchObject({ base: 1 })
  })

  it('adds chance up to the maximum; a maximum below the base is the base', () => {
    expect(delayOf(device('f', { pcmk_delay_base: '2s', pcmk_delay_max: '7s' }), 'n1')).toMatchObject({
      base: 2,
      random: 5,
    })
    expect(delayOf(device('f', { pcmk_delay_base: '7s', pcmk_delay_max: '2s' }), 'n1')).toMatchObject({
      base: 2,
      random: 0,
    })
    expect(delayOf(device('f', { pcmk_delay_max: '3s' }), 'n1')).toMatchObject({ base: 0, random: 3 })
  })

  it('reads only the number of a timeout, as seconds; two attempts, one action at a time', () => {
    expect(timeoutOf(device('f', { pcmk_reboot_timeout: '2min' }), 'reboot', 60_000)).toBe(2000)
    expect(timeoutOf(device('f', { pcmk_reboot_timeout: '2min' }), 'off', 60_000)).toBe(60_000)
    expect([attemptsOf(device('f'), 'off'), limitOf(device('f'))]).toEqual([2, 1])
    expect(attemptsOf(device('f', { pcmk_off_retries: '4' }), 'off')).toBe(4)
    expect(limitOf(device('f', { pcmk_action_limit: '-1' }))).toBe(Number.POSITIVE_INFINITY)
  })

  it('switches off where the agent cannot reboot, with the figures of off', () => {
    const fabric = device('fence_brocade', { pcmk_off_timeout: '7', pcmk_reboot_timeout: '9', pcmk_off_retries: '3' })
    expect(actionOf(fabric, 'reboot')).toBe('off')
    expect(timeoutOf(fabric, 'reboot', 60_000)).toBe(7000)
    expect(attemptsOf(fabric, 'reboot')).toBe(3)
  })

  it('does what another name for its action says', () => {
    expect(actionOf(device('f', { pcmk_reboot_action: 'off' }), 'reboot')).toBe('off')
    expect(actionOf(device('f', { pcmk_off_action: 'reboot' }), 'off')).toBe('reboot')
  })
})

describe('where a device is registered (E-8.3)', () => {
  const ban = (rsc: string, node: string, score = '-INFINITY') =>
    `<rsc_location id="l-${rsc}-${node}" rsc="${rsc}" node="${node}" score="${score}"/>`

  it('on every node that no constraint keeps it from, started or not', () => {
    expect(registered({ resources: primitive('F'), constraints: ban('F', 'n2') })).toEqual(['F', '', 'F'])
    expect(registered({ resources: primitive('F'), constraints: ban('F', 'n2', '-1') })).toEqual(['F', '', 'F'])
    expect(registered({ resources: primitive('F'), constraints: ban('F', 'n2', '5') })).toEqual(['F', 'F', 'F'])
  })

  it('by rules, too', () => {
    const constraints =
      '<rsc_location id="l" rsc="F"><rule id="r" score="-INFINITY"><expression id="e" attribute="rack" operation="eq" value="r3"/></rule></rsc_location>'
    expect(registered({ resources: primitive('F'), constraints })).toEqual(['F', 'F', ''])
  })

  it('only where it is asked for in an asymmetric cluster', () => {
    const options = '<nvpair id="s" name="symmetric-cluster" value="false"/>'
    expect(registered({ options, resources: primitive('F'), constraints: ban('F', 'n2', '0') })).toEqual(['', 'F', ''])
  })

  it('nowhere where it, its group or its clone is disabled', () => {
    const stopped = '<meta_attributes id="m"><nvpair id="mt" name="target-role" value="Stopped"/></meta_attributes>'
    expect(registered({ resources: primitive('F', stopped) })).toEqual(['', '', ''])
    expect(registered({ resources: `<group id="g">${stopped}${primitive('F')}</group>` })).toEqual(['', '', ''])
    expect(registered({ resources: `<clone id="c">${stopped}${primitive('F')}</clone>` })).toEqual(['', '', ''])
  })

  it('by the constraints of its group; of copies one', () => {
    const group = `<group id="g">${primitive('F')}${primitive('G')}</group>`
    expect(registered({ resources: group, constraints: ban('g', 'n1') })).toEqual(['', 'F G', 'F G'])
    const clone = `<clone id="c">${primitive('F')}</clone>`
    expect(registered({ resources: clone, constraints: ban('c', 'n3') })).toEqual(['F', 'F', ''])
  })

  it('with the parameters of its template', () => {
    const list = '<instance_attributes id="i"><nvpair id="ip" name="pcmk_host_list" value="n1"/></instance_attributes>'
    const template = `<template id="t" class="stonith" type="fence_y">${list}</template>`
    const { configuration, status } = cib({ resources: `${template}<primitive id="F" template="t"/>` })
    const [found] = registeredOn(unpackCluster({ configuration, status }, 0), 'n1')
    expect([found?.agent, found?.parameters.get('pcmk_host_list')]).toEqual(['fence_y', 'n1'])
  })

  it('must answer anew once it is defined otherwise', () => {
    const list = (hosts: string) =>
      `<instance_attributes id="i"><nvpair id="ip" name="pcmk_host_list" value="${hosts}"/></instance_attributes>`
    const before = cib({ resources: primitive('F', list('n1')) + primitive('G') }).configuration
    const after = cib({ resources: primitive('F', list('n2')) + primitive('G') }).configuration
    const verified = new Set(['F', 'G'])
    forgetChanged(verified, before, after)
    expect([...verified]).toEqual(['G'])
  })
})

describe('topology (E-8.6)', () => {
  const level = (id: string, whom: string, index: number, devices: string) =>
    `<fencing-level id="${id}" ${whom} index="${index}" devices="${devices}"/>`
  const { configuration } = cib({
    resources: primitive('F') + primitive('G'),
    topology: `<fencing-topology>${[
      level('t1', 'target-pattern="^n[1-2]$"', 1, 'P'),
      level('t2', 'target="n1"', 2, 'F'),
      level('t3', 'target="n1"', 1, 'G,F'),
      level('t4', 'target-attribute="rack" target-value="r3"', 1, 'R'),
      level('t5', 'target="n1"', 10, 'X'),
      level('t6', 'target-pattern="n.*"', 1, 'Q'),
    ].join('')}</fencing-topology>`,
  })
  const of = (target: string, rack: string) => levelsFor(configuration, target, new Map([['rack', rack]]))

  it('goes by the exact name, levels 1 to 9 in order; else by the first pattern or attribute', () => {
    expect(of('n1', 'r1')).toEqual([['G', 'F'], ['F']])
    expect(of('n2', 'r2')).toEqual([['P']])
    expect(of('n3', 'r3')).toEqual([['R']])
    expect(of('n4', 'r9')).toEqual([['Q']])
    expect(of('other', 'r9')).toBeUndefined()
  })

  it('makes of a reboot by several devices all off, then all on', () => {
    const known = [device('fence_apc'), device('fence_ipmilan')]
    const steps = stepsOf(['fence_apc', 'fence_ipmilan'], 'reboot', known)
    expect(steps.map((step) => `${step.action} ${step.device}`)).toEqual([
      'off fence_apc',
      'off fence_ipmilan',
      'on fence_apc',
      'on fence_ipmilan',
    ])
    expect(steps.map(({ mayFail }) => mayFail)).toEqual([false, false, true, true])
    expect(stepsOf(['fence_apc'], 'reboot', known)).toEqual([{ device: 'fence_apc', action: 'reboot', mayFail: false }])
  })

  it('leaves out of the second half what cannot be switched on, or need not', () => {
    const known = [device('fence_kdump'), device('fence_scsi'), device('fence_apc', { pcmk_reboot_action: 'off' })]
    const steps = stepsOf(['fence_kdump', 'fence_scsi', 'fence_apc', 'fence_x'], 'reboot', known)
    expect(steps.filter(({ action }) => action === 'on').map((step) => step.device)).toEqual(['fence_x'])
  })

  it('knows disabled devices as well: a level names them', () => {
    expect(toDevices(configuration).map(({ id }) => id)).toEqual(['F', 'G'])
  })
})
