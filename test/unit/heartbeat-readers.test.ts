/** ha.cf and haresources as administrators write them: defaults, times, shorthands, and the cluster they describe. Source: spec heartbeat 1. */
import { describe, expect, it } from 'vitest'
import { readHaCf } from '../../src/heartbeat/ha-cf.ts'
import { readHaresources, toResource } from '../../src/heartbeat/haresources.ts'
import { heartbeat } from '../../src/heartbeat/manager.ts'
import type { Problem } from '../../src/model/problem.ts'

const MINIMAL = 'node alice bob\nbcast eth1\n'

/** Problems as `file:line:column: what`. */
function storyOf(problems: readonly Problem[]): string {
  return problems.map(({ file, line, column, what }) => `${file}:${line}:${column}: ${what}`).join('\n')
}

function cfOf(text: string) {
  const { value, problems } = readHaCf({ name: 'ha.cf', text: `${MINIMAL}${text}` })
  if (value === undefined) throw new Error(storyOf(problems))
  return value
}

function complaintsOfCf(text: string): string {
  return storyOf(readHaCf({ name: 'ha.cf', text }).problems)
}

function groupsOf(text: string) {
  const { value, problems } = readHaresources({ name: 'haresources', text }, ['alice', 'bob'])
  if (value === undefined) throw new Error(storyOf(problems))
  return value.map(({ key, owner, resources }) => ({ key, owner, resources: resources.map((spec) => spec.id) }))
}

describe('ha.cf', () => {
  it('has the defaults of the code, not those of the sample file', () => {
    expect(cfOf('')).toMatchObject({
      keepalive: 1000,
      deadtime: 30_000,
      warntime: 15_000,
      initdead: 30_000,
      deadping: 30_000,
      autoFailback: 'legacy',
    })
  })

  it.each([
    ['deadtime 5', 12_000],
    ['deadtime 6', 12_000],
    ['deadtime 8', 16_000],
    ['deadtime 10', 20_000],
    ['deadtime 11', 11_000],
  ])('initdead after %s alone', (text, initdead) => {
    expect(cfOf(text).initdead).toBe(initdead)
  })

  it('reads seconds, decimals and milliseconds', () => {
    expect(cfOf('keepalive 500ms\nwarntime 2.5\ndeadtime 15')).toMatchObject({
      keepalive: 500,
      warntime: 2500,
      deadtime: 15_000,
    })
  })

  it.each([
    ['true', 'on'],
    ['YES', 'on'],
    ['1', 'on'],
    ['n', 'off'],
    ['0', 'off'],
    ['legacy', 'legacy'],
  ])('auto_failback %s means %s', (word, meaning) => {
    expect(cfOf(`auto_failback ${word}`).autoFailback).toBe(meaning)
  })

  it('keeps the last fence device of a node', () => {
    const { stonith } = cfOf('stonith_host alice first bob\nstonith_host alice second bob\nstonith_host * third\n')
    expect(stonith.map(({ type, hosts, targets }) => ({ type, hosts, targets }))).toEqual([
      { type: 'third', hosts: ['alice'], targets: ['bob'] },
      { type: 'third', hosts: ['bob'], targets: ['alice'] },
    ])
  })

  it('lower-cases node names', () => {
    expect(readHaCf({ name: 'ha.cf', text: 'node Alice BOB\nbcast eth0\n' }).value?.nodes).toEqual(['alice', 'bob'])
  })

  it.each([
    ['deadtime must exceed twice keepalive', `${MINIMAL}keepalive 5\ndeadtime 10\n`, 'ha.cf:4:10'],
    ['initdead must not be below deadtime', `${MINIMAL}deadtime 20\ninitdead 15\n`, 'ha.cf:4:10'],
    ['crm on is another manager', `${MINIMAL}crm on\n`, 'ha.cf:3:5'],
    ['three nodes', 'node alice bob carol\nbcast eth0\n', 'ha.cf:1:16'],
    ['no medium', 'node alice bob\n', 'no medium'],
    ['an unknown directive', `${MINIMAL}  deadtme 10\n`, 'ha.cf:3:3'],
    ['a time that is none', `${MINIMAL}deadtime ten\n`, 'ha.cf:3:10'],
    ['autojoin any', `${MINIMAL}autojoin any\n`, 'ha.cf:3:10'],
    ['an empty file', '', 'empty'],
    ['a binary file', '\u0000\u0001', 'binary'],
  ])('%s: is refused at its place', (_title, text, place) => {
    expect(complaintsOfCf(text)).toContain(place)
    expect(readHaCf({ name: 'ha.cf', text }).value).toBeUndefined()
  })
})

describe('haresources', () => {
  it('joins lines, drops comments, compresses blanks, lower-cases the owner only', () => {
    expect(groupsOf('# web\nALICE  drbddisk::R0 \\\n   Httpd # the server\n\nbob 10.0.0.2\tsmb\n')).toEqual([
      { key: 'drbddisk::R0', owner: 'alice', resources: ['drbddisk::R0', 'Httpd'] },
      { key: '10.0.0.2', owner: 'bob', resources: ['10.0.0.2', 'smb'] },
    ])
  })

  it.each([
    ['httpd', 'httpd', []],
    ['Filesystem::/dev/drbd0::/grp::ext3', 'Filesystem', ['/dev/drbd0', '/grp', 'ext3']],
    ['10.0.0.1', 'IPaddr', ['10.0.0.1']],
    ['192.0.2.60/28/eth0/192.0.2.63', 'IPaddr', ['192.0.2.60/28/eth0/192.0.2.63']],
    ['IPaddr2::192.0.2.60/28', 'IPaddr2', ['192.0.2.60/28']],
  ])('%s calls %s with its parameters in order', (word, type, values) => {
    const { id, agent, parameters } = toResource(word)
    expect({ id, agent }).toEqual({ id: word, agent: { class: 'heartbeat', type } })
    expect(parameters).toEqual(values.map((value, index) => ({ name: String(index + 1), value })))
  })

  it('refuses a group key that stands in another line', () => {
    const { problems } = readHaresources({ name: 'haresources', text: 'alice httpd\nbob smb httpd\n' }, [
      'alice',
      'bob',
    ])
    expect(storyOf(problems)).toContain('haresources:1:1')
  })
})

describe('the cluster that both files describe', () => {
  it('has media, ping targets, groups, fence devices and processes', () => {
    const cf = `${MINIMAL}serial /dev/ttyS0\nping gw\nrespawn hacluster /usr/lib/heartbeat/ipfail\nstonith_host alice apc bob 10.9.0.12\n`
    const files = [
      { name: 'ha.cf', text: cf },
      { name: 'haresources', text: 'alice 10.0.0.1 httpd\n' },
    ]
    const config = heartbeat.read(files, []).value
    if (config === undefined) throw new Error('the files are right')
    expect(heartbeat.shape(config)).toMatchObject({
      nodes: ['alice', 'bob'],
      media: [
        { id: 'eth1', kind: 'ethernet', members: ['alice', 'bob', 'gw'] },
        { id: '/dev/ttyS0', kind: 'serial', members: ['alice', 'bob'] },
      ],
      pingTargets: [{ name: 'gw', members: ['gw'] }],
      groups: [{ id: '10.0.0.1', preferredNode: 'alice', resources: ['10.0.0.1', 'httpd'] }],
      fenceDevices: [{ hosts: ['alice'], targets: ['bob'] }],
      processes: ['heartbeat', 'ipfail'],
    })
  })
})
