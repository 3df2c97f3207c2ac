/** Whatever a user hands in, the readers answer with a place and advice: they never throw, never hang. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heartbeat } from '../../src/heartbeat/manager.ts'
import { hasErrors, type Problem, problemText } from '../../src/model/problem.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import { HA_CF, HARESOURCES } from '../support/pair.ts'

const HEAD = `title: t
manager: heartbeat
config:
  ha.cf: |
${HA_CF.replace(/^/gm, '    ').trimEnd()}
  haresources: |
${HARESOURCES.replace(/^/gm, '    ').trimEnd()}
`

function problemsOf(text: string): readonly Problem[] {
  const { value, problems, places } = readScenario({ name: 's.yaml', text, fileBeside: () => undefined }, VOCABULARY)
  return value === undefined ? problems : [...problems, ...checkScenario(value, 's.yaml', places)]
}

describe('a scenario', () => {
  it('that is right has no problem', () => {
    expect(problemsOf(HEAD)).toEqual([])
  })

  it.each([
    ['an unknown key', `${HEAD}untill: 5m\n`, 's.yaml:14:1: error: unknown key "untill" — did you mean until?'],
    [
      'an unknown fault',
      `${HEAD}timeline:\n  - { at: 1m, fault: node-crsh, node: alice }\n`,
      's.yaml:15:5: error: there is no fault "node-crsh" — did you mean node-crash?',
    ],
    ['a missing argument', `${HEAD}timeline:\n  - { at: 1m, fault: node-crash }\n`, 'node-crash needs `node`'],
    [
      'an unknown argument',
      `${HEAD}timeline:\n  - { at: 1m, fault: node-crash, node: alice, nod: x }\n`,
      'unknown key "nod" — did you mean node?',
    ],
    [
      'an unknown node',
      `${HEAD}timeline:\n  - { at: 1m, fault: node-crash, node: alise }\n`,
      's.yaml:15:5: error: there is no node "alise" — did you mean alice?',
    ],
    [
      'an unknown resource',
      `${HEAD}timeline:\n  - { at: 1m, fault: service-crash, node: alice, resource: http }\n`,
      'there is no resource "http" — did you mean httpd?',
    ],
    [
      'a negative time',
      `${HEAD}timeline:\n  - { at: -5s, fault: node-crash, node: alice }\n`,
      's.yaml:15:11: error: "-5s" is negative',
    ],
    ['a time that is none', `${HEAD}until: soon\n`, '"soon" is no duration'],
    [
      'timings of an unknown operation',
      `${HEAD}timings: { strat: 4s }\n`,
      's.yaml:14:19: error: timings: there is no operation "strat" — did you mean start?',
    ],
    [
      'timings of an unknown resource',
      `${HEAD}timings: { start: { http: 4s } }\n`,
      'nothing in this cluster is called "http" — did you mean httpd?',
    ],
    ['a range that runs backwards', `${HEAD}timings: { start: 4s..2s }\n`, 'runs backwards'],
    [
      'overlapping faults',
      `${HEAD}timeline:\n  - { at: 1m, fault: node-hang, node: alice, for: 2m }\n  - { at: 2m, fault: node-hang, node: alice, for: 1m }\n`,
      's.yaml:16:5: error: node-hang begins again before it is over',
    ],
    [
      'a side that overlaps',
      `${HEAD}timeline:\n  - { at: 1m, fault: partition, sides: [[alice], [alice, bob]] }\n`,
      '"alice" stands on two sides',
    ],
    [
      '`for` on what is over in an instant',
      `${HEAD}timeline:\n  - { at: 1m, fault: node-panic, node: alice, for: 2m }\n`,
      'it takes no `for`',
    ],
    [
      'an unknown check',
      `${HEAD}expect:\n  - never-active-twise\n`,
      'there is no check "never-active-twise" — did you mean never-active-twice?',
    ],
    [
      'an unknown command',
      `${HEAD}timeline:\n  - { at: 1m, command: hb_standbye all, on: alice }\n`,
      'Heartbeat knows no command "hb_standbye"',
    ],
    ['a manager whose files are not there', HEAD.replace('heartbeat', 'pacemaker'), 'cib.xml: error: there is no CIB'],
    ['broken YAML', 'title: "open\nmanager: [', 's.yaml:'],
    [
      'a missing file',
      'title: t\nmanager: heartbeat\nconfig: { ha.cf: nowhere.cf }\n',
      'there is no file "nowhere.cf" beside the scenario',
    ],
    ['an empty file', '  \n', 'the file is empty'],
    ['a binary file', 'a\u0000b', 'the file is binary'],
    [
      'an alias bomb',
      `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]\n`,
      'aliases',
    ],
    ['a file of 5 million characters', 'x'.repeat(5_000_000), 'at most are read'],
    ['a duplicated key', 'title: a\ntitle: b\n', 's.yaml:2:1'],
  ])('with %s: place and advice', (_title, text, expected) => {
    const problems = problemsOf(text)
    expect(hasErrors(problems)).toBe(true)
    expect(problems.map(problemText).join('\n')).toContain(expected)
  })

  it('of any text whatever never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void problemsOf(text)),
      { numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.json(), (text) => void problemsOf(`${HEAD}timeline: ${text}\nexpect: ${text}\n`)),
      { numRuns: 300 },
    )
  })
})

function heartbeatProblems(cf: string, haresources: string): string {
  return heartbeat
    .read(
      [
        { name: 'ha.cf', text: cf },
        { name: 'haresources', text: haresources },
      ],
      [],
    )
    .problems.map(problemText)
    .join('\n')
}

describe('Heartbeat’s own files', () => {
  it.each([
    [
      'an unknown directive',
      `${HA_CF}keepalives 2\n`,
      HARESOURCES,
      'ha.cf:7:1: error: ha.cf has no directive "keepalives"',
    ],
    ['a directive without a value', `${HA_CF}deadtime\n`, HARESOURCES, 'ha.cf:7:1: error: deadtime needs a value'],
    [
      'a deadtime that is too short',
      HA_CF.replace('deadtime 10', 'deadtime 2'),
      HARESOURCES,
      'ha.cf:2:10: error: deadtime (2000 ms) must be more than twice keepalive',
    ],
    [
      'an initdead below deadtime',
      HA_CF.replace('initdead 30', 'initdead 5'),
      HARESOURCES,
      'must not be less than deadtime',
    ],
    [
      'three nodes',
      HA_CF.replace('alice bob', 'alice bob carol'),
      HARESOURCES,
      'ha.cf:6:16: error: 3 nodes are configured',
    ],
    ['crm on', `${HA_CF}crm on\n`, HARESOURCES, 'this ha.cf runs Pacemaker'],
    ['no medium', HA_CF.replace('bcast eth1\n', ''), HARESOURCES, 'no medium is configured'],
    [
      'an owner that is no node',
      HA_CF,
      `carol httpd\n`,
      'haresources:1:1: error: "carol" owns this group but is no node',
    ],
    [
      'a group key that stands twice',
      HA_CF,
      `alice httpd\nbob httpd\n`,
      'haresources:1:1: error: the group key "httpd" also stands in line 2',
    ],
    ['an empty file', HA_CF, '', 'haresources: error: the file is empty'],
    ['a binary file', 'a\u0000', HARESOURCES, 'ha.cf: error: the file is binary'],
  ])('with %s: place and advice', (_title, cf, haresources, expected) => {
    expect(heartbeatProblems(cf, haresources)).toContain(expected)
  })

  it('read addresses, arguments, comments and continued lines as Heartbeat does', () => {
    const text = '# web\nALICE  Filesystem::/dev/sdb1::/srv::ext3 \\\n   10.0.0.1/24/eth0 # address\n'
    const { value, problems } = heartbeat.read(
      [
        { name: 'ha.cf', text: HA_CF },
        { name: 'haresources', text },
      ],
      [],
    )
    expect(problems).toEqual([])
    expect(value?.groups[0]?.owner).toBe('alice')
    expect(
      value?.groups[0]?.resources.map((spec) => [spec.agent.type, ...spec.parameters.map((entry) => entry.value)]),
    ).toEqual([
      ['Filesystem', '/dev/sdb1', '/srv', 'ext3'],
      ['IPaddr', '10.0.0.1/24/eth0'],
    ])
  })

  it('of any text whatever never make the readers throw', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.string({ maxLength: 200 }),
        (cf, haresources) => void heartbeatProblems(`${HA_CF}${cf}`, haresources),
      ),
    )
  })
})
