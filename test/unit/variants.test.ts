/** Variants of a scenario: other managers, changed texts, options and timings, translated names; and mistakes with their places. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/model/problem.ts'
import { compare } from '../../src/run/compare.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { HA_CF, HARESOURCES } from '../support/pair.ts'
import { clusterConf, web } from '../support/shop.ts'

const FILES = new Map([
  ['cluster.conf', clusterConf(web('max_restarts="2" restart_expire_time="600"'))],
  ['ha.cf', HA_CF.replace('alice bob', 'n1 n2')],
  ['haresources', HARESOURCES.replace('alice', 'n1').replace('bob', 'n2')],
])
const HEAD = `title: t
manager: rgmanager
config: cluster.conf
until: 5m
timings: { boot: 1s }
timeline:
  - { at: 90s, fault: service-crash, node: n1, resource: "script:httpd" }
  - { at: 3m, command: clusvcadm -r web, on: n1 }
expect:
  - never-active-twice: { resource: "fs:data" }
`

function read(variants: string): { readonly scenario: Scenario | undefined; readonly problems: readonly string[] } {
  const source = {
    name: 's.yaml',
    text: `${HEAD}variants:\n${variants}`,
    fileBeside: (name: string) => FILES.get(name),
  }
  const { value, problems, places } = readScenario(source, VOCABULARY)
  const found = value === undefined ? problems : [...problems, ...checkScenario(value, 's.yaml', places)]
  return { scenario: value, problems: found.map(problemText) }
}

describe('variants', () => {
  it('of another manager bring their files, and translate names and commands', () => {
    const { scenario, problems } = read(`  - name: hb
    manager: heartbeat
    config: { ha.cf: ha.cf, haresources: haresources }
    names: { "script:httpd": httpd, "fs:data": "Filesystem::/dev/drbd0::/grp::ext3" }
    commands: { clusvcadm -r web: hb_standby all }
`)
    expect(problems).toEqual([])
    const { scenario: variant } = scenario!.variants![0]!
    expect(variant.manager).toBe('heartbeat')
    expect(variant.timeline).toMatchObject([
      { fault: 'service-crash', arguments: [{ value: 'n1' }, { value: 'httpd' }] },
      { words: ['hb_standby', 'all'] },
    ])
    expect(variant.expectations[0]!.arguments[0]!.value).toBe('Filesystem::/dev/drbd0::/grp::ext3')
  })

  it('of the same manager change texts, options and timings, and leave commands out', () => {
    const { scenario, problems } = read(`  - name: never
    replace: { 'max_restarts="2"': 'max_restarts="1"' }
    options: { depthClear: true }
    timings: { start: 2s }
    commands: { clusvcadm -r web: "" }
`)
    expect(problems).toEqual([])
    const { scenario: variant } = scenario!.variants![0]!
    expect(variant.files[0]!.text).toContain('max_restarts="1"')
    expect(variant.options).toEqual([{ name: 'depthClear', value: 'true' }])
    expect(variant.timeline).toHaveLength(1)
    expect(variant.timings.map(({ operation }) => operation)).toEqual(['boot', 'start'])
    const { columns, partings } = compare(scenario!)
    expect(columns.map(({ name }) => name)).toEqual(['rgmanager', 'never'])
    // The same seed draws the same delays: what only shifts in time is no difference; the relocation that is left out is one.
    expect(partings[0]!.left?.text).toBe('n1 stop script:httpd')
    expect(partings[0]!.right).toBeUndefined()
  })

  it('that change nothing do the same', () => {
    const { scenario } = read('  - name: same\n')
    const { columns, partings } = compare(scenario!)
    expect(partings).toEqual([{ name: 'same', left: undefined, right: undefined }])
    expect(columns[0]!.acts).toEqual(columns[1]!.acts)
  })

  it.each([
    [
      'rgmanager',
      'incidents/web.cluster.conf',
      [
        ['a domain', 'nofailback="0"', 'nofailback="1"', 'prefer-n1: nofailback="0" → nofailback="1"'],
        ['a threshold', 'max_restarts="2"', 'max_restarts="5"', 'web: max_restarts="2" → max_restarts="5"'],
        ['a timeout', 'token="10000"', 'token="3000"', 'totem: token="10000" → token="3000"'],
      ],
      { name: 'depthClear', value: 'true' },
    ],
    [
      'heartbeat',
      { 'ha.cf': 'incidents/web.ha.cf', haresources: 'incidents/web.haresources' },
      [
        ['a timeout', 'deadtime 10', 'deadtime 20', 'deadtime: 10 → 20'],
        ['a preference', 'auto_failback on', 'auto_failback off', 'auto_failback: on → off'],
        ['an owner', 'n1 Filesystem', 'n2 Filesystem', 'n1 → n2'],
      ],
      { name: 'standbyTypeBug', value: 'false' },
    ],
    [
      'pacemaker',
      'incidents/web.xml',
      [
        [
          'an option',
          'name="stonith-enabled" value="true"',
          'name="stonith-enabled" value="false"',
          'stonith-enabled: value="true" → value="false"',
        ],
        [
          'a timeout',
          'interval="10s" timeout="20s"',
          'interval="10s" timeout="5s"',
          'vip-m: timeout="20s" → timeout="5s"',
        ],
        ['a preference', 'node="n1" score="50"', 'node="n2" score="50"', 'web-likes-n1: node="n1" → node="n2"'],
      ],
      undefined,
    ],
  ] as const)('patch the configuration of %s and say what they change', (manager, config, patches, option) => {
    const text = [
      'title: t',
      `manager: ${manager}`,
      `config: ${JSON.stringify(config)}`,
      'until: 3m',
      'timings: { boot: 1s }',
      'timeline: [{ at: 90s, fault: node-crash, node: n1 }]',
      'variants:',
      ...patches.map(([name, before, after]) => `  - { name: ${name}, replace: { '${before}': '${after}' } }`),
      '  - { name: slower, timings: { fence: 20s } }',
      ...(option === undefined ? [] : [`  - { name: a switch, options: { ${option.name}: "${option.value}" } }`]),
    ].join('\n')
    const fileBeside = (name: string): string => readFileSync(`scenarios/${name}`, 'utf8')
    const { value, problems } = readScenario({ name: 's.yaml', text, fileBeside }, VOCABULARY)
    expect(problems.filter(({ severity }) => severity === 'error').map(problemText)).toEqual([])
    const { columns } = compare(value!)
    const expected = [
      ...patches.map(([, , , change]) => change),
      'fence takes 20s',
      ...(option === undefined ? [] : [`option ${option.name} ${option.value}`]),
    ]
    expect(columns.slice(1).map(({ changes }) => changes)).toEqual(expected.map((change) => [change]))
    // Each of them reaches the run.
    for (const column of columns.slice(1)) expect(column.trace.footer.digest).not.toBe(columns[0]!.trace.footer.digest)
  })

  it.each([
    [
      '  - name: hb\n    manager: heartbeat\n',
      's.yaml:12:5: error: this variant runs heartbeat and has no files of its own',
    ],
    ["  - name: x\n    replace: { 'nowhere': 'y' }\n", 's.yaml:13:16: error: no file has the text "nowhere"'],
    ['  - name: x\n  - name: x\n', 's.yaml:13:11: error: there is a variant "x" already'],
    ['  - name: x\n    manager: nobody\n', 'there is no cluster manager "nobody"'],
    ['  - name: x\n    names: { "script:httpd": nothing }\n', 'variant x: there is no resource "nothing"'],
    ['  - name: x\n    wrong: 1\n', 'unknown key "wrong"'],
    [
      '  - name: x\n    timeline: [{ at: 1m, fault: node-crash, node: n9 }]\n',
      's.yaml:13:16: error: variant x: there is no node "n9"',
    ],
  ])('are refused with their place: %s', (text, expected) => {
    const { problems } = read(text)
    expect(problems.join('\n')).toContain(expected)
  })
})
