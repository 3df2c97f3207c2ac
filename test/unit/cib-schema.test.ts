/** What the schema refuses, and what the upgrade of old configurations makes of them. */
import { describe, expect, test } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { isSchemaProblem } from '../../src/cib/schema.ts'
import type { Problem } from '../../src/model/problem.ts'

interface Parts {
  readonly schema?: string
  readonly options?: string
  readonly nodes?: string
  readonly resources?: string
  readonly constraints?: string
  readonly rest?: string
}

const cib = ({
  schema = 'pacemaker-3.7',
  options = '',
  nodes = '',
  resources = '',
  constraints = '',
  rest = '',
}: Parts) =>
  `<cib validate-with="${schema}" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config>
  <cluster_property_set id="o">${options}</cluster_property_set></crm_config><nodes>${nodes}</nodes>
  <resources>${resources}</resources><constraints>${constraints}</constraints>${rest}</configuration></cib>`
const primitive = (id: string, content = '', agent = 'class="ocf" provider="p" type="t"'): string =>
  `<primitive id="${id}" ${agent}>${content}</primitive>`
const pair = (name: string, value: string, id = name): string => `<nvpair id="${id}" name="${name}" value="${value}"/>`

const problemsOf = (text: string): readonly Problem[] => readCib(text, 'x.xml').problems

describe('the schema', () => {
  test.each<[string, Parts, string]>([
    ['an element out of place', { resources: '<junk/>' }, '<junk> does not belong into <resources>'],
    ['a resource without agent', { resources: '<primitive id="a" class="lsb"/>' }, '<primitive> has no attribute type'],
    ['an id used twice', { resources: primitive('a') + primitive('a') }, 'The id "a" is used twice'],
    ['an id that is none', { resources: primitive('1a') }, '"1a" cannot be an id'],
    [
      'a constraint on a resource that is not there',
      { constraints: '<rsc_location id="l" rsc="z" node="n" score="1"/>' },
      'There is no "z" to which rsc could refer',
    ],
    ['an empty group', { resources: '<group id="g"/>' }, 'The group has no member'],
    [
      'a misspelt kind',
      { constraints: '<rsc_order id="o1" first="o" then="o" kind="must"/>' },
      '"must" is no value of kind',
    ],
    ['an option of another age', { nodes: '<node id="1" uname="n1" type="normal"/>' }, '"normal" is no value of type'],
  ])('refuses %s (A-2.3)', (_title, parts, what) => {
    const { value, problems } = readCib(cib(parts), 'x.xml')
    expect(value).toBeUndefined()
    expect(problems[0]?.what).toContain(what)
    expect(problems.every(isSchemaProblem)).toBe(true)
  })

  test('says it in the words of the reference tool too (D-11.1)', () => {
    expect(problemsOf(cib({ resources: '\n<junk/>' }))).toMatchObject([
      { line: 4, reference: 'element junk: Relax-NG validity error : Did not expect element junk there' },
    ])
  })

  test('is not asked where validation is off or no schema is named (A-2.2)', () => {
    const text = cib({ schema: 'none', resources: '<junk/>' })
    expect(problemsOf(text)).toEqual([])
    expect(problemsOf(text.replace('validate-with="none"', ''))).toEqual([])
  })

  test('asks that what a tag names is there before 3.3 only (A-2.3)', () => {
    const tagged = (schema: string): string =>
      cib({ schema }).replace('</configuration>', '<tags><tag id="t"><obj_ref id="z"/></tag></tags></configuration>')
    expect(problemsOf(tagged('pacemaker-3.2'))[0]?.what).toBe('There is no "z" to which id could refer')
    for (const schema of ['pacemaker-3.3', 'pacemaker-3.9']) expect(problemsOf(tagged(schema))).toEqual([])
  })

  test('that nobody knows, or that is old and not kept to, cannot be upgraded (A-2.3)', () => {
    expect(problemsOf(cib({ schema: 'pacemaker-9.9' })).at(-1)?.what).toContain('from unknown to pacemaker-3.9')
    const old = cib({ schema: 'pacemaker-2.10', resources: '<junk/>' })
    expect(problemsOf(old).at(-1)?.what).toContain('claiming schema pacemaker-2.10')
  })

  test('reports no more than twenty mistakes', () => {
    expect(problemsOf(cib({ resources: '<junk/>'.repeat(50) }))).toHaveLength(20)
  })
})

describe('the upgrade of a configuration older than 3.0', () => {
  const upgrade = (parts: Parts) => readCib(cib({ schema: 'pacemaker-2.10', ...parts }), 'x.xml').value!.configuration
  const pairsOf = (sets: readonly { readonly pairs: readonly { readonly name: string; readonly value: string }[] }[]) =>
    sets.flatMap((set) => set.pairs.map(({ name, value }) => `${name}=${value}`))

  test('renames options, drops some, and makes defaults of others (A-2.5)', () => {
    const options = [
      'stonith_enabled',
      'transition_idle_timeout',
      'expected-quorum-votes',
      'default_resource_stickiness',
    ]
    const { properties, resourceMetaDefaults } = upgrade({ options: options.map((name) => pair(name, '1')).join('') })
    expect(pairsOf(properties)).toEqual(['stonith-enabled=1', 'cluster-delay=1'])
    expect(pairsOf(resourceMetaDefaults)).toEqual(['resource-stickiness=1'])
  })

  test('leaves a default alone that is set already (A-2.5)', () => {
    const { resourceMetaDefaults } = upgrade({
      options: pair('default-resource-stickiness', '5'),
      rest: `<rsc_defaults><meta_attributes id="d">${pair('resource-stickiness', '7', 'd1')}</meta_attributes></rsc_defaults>`,
    })
    expect(pairsOf(resourceMetaDefaults)).toEqual(['resource-stickiness=7'])
  })

  test('renames parameters of fence devices (A-2.5)', () => {
    const set = `<instance_attributes id="i">${pair('pcmk_off_cmd', 'x')}${pair('pcmk_arg_map', 'port:plug')}</instance_attributes>`
    const { resources } = upgrade({ resources: primitive('f', set, 'class="stonith" type="t"') })
    expect(pairsOf(resources[0]!.instance)).toEqual(['pcmk_off_action=x', 'pcmk_host_argument=plug'])
  })

  test('does not start what ran in isolation (A-2.5)', () => {
    const set = `<meta_attributes id="m">${pair('isolation', 'docker')}</meta_attributes>`
    expect(pairsOf(upgrade({ resources: primitive('a', set) }).resources[0]!.meta)).toEqual(['target-role=Stopped'])
  })

  test('makes a resource’s setting of what an operation requires (A-2.5)', () => {
    const ops = `<operations><op id="s" name="start" interval="0" requires="fencing"/>
      <op id="m" name="monitor" interval="9" requires="quorum"/></operations>`
    const [resource] = upgrade({ resources: primitive('a', ops) }).resources
    expect(pairsOf(resource!.meta)).toEqual(['requires=fencing'])
    expect(resource!.ops.flatMap((op) => op.attributes.map(([name]) => name))).not.toContain('requires')
  })

  test('takes an operation’s own settings out of its agent’s parameters (A-2.5)', () => {
    const set = `<instance_attributes id="i">${pair('timeout', '9s')}${pair('state', 'x')}</instance_attributes>`
    const ops = `<operations><op id="s" name="start" interval="0">${set}</op></operations>`
    const [op] = upgrade({ resources: primitive('a', ops) }).resources[0]!.ops
    expect(pairsOf(op!.instance)).toEqual(['state=x'])
    expect(pairsOf(op!.meta)).toEqual(['timeout=9s'])
  })

  test('changes failure stickiness only along with something else (A-2.5)', () => {
    const set = `<meta_attributes id="m">${pair('resource-failure-stickiness', '-INFINITY')}</meta_attributes>`
    const resources = primitive('a', set)
    const old = '<node id="1" uname="n1" type="normal"/>'
    expect(pairsOf(upgrade({ resources }).resources[0]!.meta)).toEqual(['resource-failure-stickiness=-INFINITY'])
    expect(pairsOf(upgrade({ resources, nodes: old }).resources[0]!.meta)).toEqual(['migration-threshold=1'])
  })
})
