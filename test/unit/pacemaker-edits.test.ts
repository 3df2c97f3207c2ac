/** Changes of a CIB: by the tools of administrators, by XML as `cibadmin` takes it, and as steps of a scenario. */
import { describe, expect, it } from 'vitest'
import type { Configuration } from '../../src/cib/configuration.ts'
import { readCib } from '../../src/cib/read.ts'
import {
  clearEdits,
  type EditMaker,
  locationEdits,
  nodeAttributeEdits,
  primitivesUnder,
  propertyEdits,
  resourceEdits,
} from '../../src/pacemaker/edit-configuration.ts'
import { differenceBy, editConfiguration, openDocument } from '../../src/pacemaker/edit-document.ts'
import { readOrder } from '../../src/pacemaker/orders.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'

const CIB = `<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources>
  <group id="grp"><primitive id="a" class="ocf" provider="heartbeat" type="Dummy"/><primitive id="b" class="ocf" provider="heartbeat" type="Dummy"/></group>
  <clone id="c"><primitive id="p" class="ocf" provider="heartbeat" type="Dummy"/></clone>
</resources>
<constraints><rsc_location id="l" rsc="a" node="n2" score="-INFINITY"/></constraints>
</configuration><status/></cib>`
const configuration: Configuration = {
  ...readCib(CIB, 'cib.xml').value!.configuration,
  document: { text: CIB, edits: [] },
}

const edited = (before: Configuration, ...makers: readonly EditMaker[]): Configuration =>
  makers.reduce((made, maker) => {
    const next = editConfiguration(made, maker(openDocument(made.document!)))
    if (typeof next === 'string') throw new Error(next)
    return next
  }, before)

/** The configuration after `cibadmin`, or its refusal. */
function patched(words: string, before = configuration): Configuration | string {
  const order = readOrder(['cibadmin', ...words.split(' ')])
  if (typeof order === 'string') return order
  if (order.kind !== 'cib') throw new Error(`${words} is no change of the CIB`)
  return editConfiguration(before, order.edits)
}

describe('changes of a configuration by tools', () => {
  it('sets, changes and deletes, and leaves the old one as it was', () => {
    const on = edited(configuration, propertyEdits('maintenance-mode', 'true'))
    expect(on.properties[0]?.pairs).toMatchObject([{ name: 'maintenance-mode', value: 'true' }])
    expect(edited(on, propertyEdits('maintenance-mode', 'false')).properties[0]?.pairs).toMatchObject([
      { value: 'false' },
    ])
    expect(edited(on, propertyEdits('maintenance-mode', undefined)).properties[0]?.pairs).toEqual([])
    expect(configuration.properties).toEqual([])
    const node = { id: '1', name: 'n1' }
    const standby = edited(configuration, nodeAttributeEdits(node, 'standby', 'on'))
    expect(standby.nodes[0]?.attributes[0]?.pairs).toMatchObject([{ id: 'nodes-1-standby', value: 'on' }])
    const unknown = edited(configuration, nodeAttributeEdits({ id: '9', name: 'n9' }, 'standby', 'on'))
    expect(unknown.nodes.map(({ uname }) => uname)).toEqual(['n1', 'n2', 'n9'])
  })

  it('changes nothing where everything is so already', () => {
    const on = edited(configuration, propertyEdits('maintenance-mode', 'true'))
    expect(edited(on, propertyEdits('maintenance-mode', 'true'))).toBe(on)
    expect(propertyEdits('stonith-enabled', undefined)(openDocument(on.document!))).toEqual([])
  })

  it('finds members and primitives of every kind', () => {
    expect(primitivesUnder(configuration, 'grp').map(({ id }) => id)).toEqual(['a', 'b'])
    expect(primitivesUnder(configuration, 'c').map(({ id }) => id)).toEqual(['p'])
    expect(primitivesUnder(configuration, 'b').map(({ id }) => id)).toEqual(['b'])
    const changed = edited(configuration, resourceEdits('b', 'meta', 'is-managed', 'false'))
    expect(primitivesUnder(changed, 'b')[0]?.meta[0]?.pairs).toMatchObject([{ name: 'is-managed', value: 'false' }])
  })

  it('clears what move and ban left, and nothing else', () => {
    const wish = { resource: 'a', role: 'Started', until: undefined }
    const moved = edited(
      configuration,
      locationEdits({ ...wish, node: 'n1', isBan: false }),
      locationEdits({ ...wish, node: 'n2', isBan: true }),
    )
    expect(moved.constraints.map(({ id }) => id)).toEqual(['l', 'cli-prefer-a', 'cli-ban-a-on-n2'])
    const clear = (node: string | undefined) => edited(moved, clearEdits({ resource: 'a', node }))
    expect(clear(undefined).constraints.map(({ id }) => id)).toEqual(['l'])
    expect(clear('n2').constraints.map(({ id }) => id)).toEqual(['l', 'cli-prefer-a'])
    const again = edited(moved, locationEdits({ ...wish, node: 'n2', isBan: false }))
    expect(again.constraints.map(({ id }) => id)).toEqual(['l', 'cli-prefer-a'])
  })

  it('bans where it has moved to without taking the move back, and bans twice as once', () => {
    const wish = { resource: 'a', role: 'Started', until: undefined, node: 'n1' }
    const ban = locationEdits({ ...wish, isBan: true })
    const both = edited(configuration, locationEdits({ ...wish, isBan: false }), ban)
    expect(both.constraints.map(({ id }) => id)).toEqual(['l', 'cli-prefer-a', 'cli-ban-a-on-n1'])
    expect(edited(both, ban)).toBe(both)
    const other = edited(both, locationEdits({ ...wish, until: 1_767_225_900, isBan: true }))
    expect(other.constraints.map(({ id }) => id)).toEqual(['l', 'cli-prefer-a', 'cli-ban-a-on-n1'])
    expect(other).not.toBe(both)
  })

  it('gives a constraint an end, and clears it once that is over', () => {
    const until = 1_767_225_900
    const banned = edited(
      configuration,
      locationEdits({ resource: 'a', node: 'n2', isBan: true, role: 'Started', until }),
    )
    expect(JSON.stringify(banned.constraints)).toContain('2026-01-01 00:05:00Z')
    const clear = (now: number) =>
      edited(banned, clearEdits({ resource: undefined, node: undefined, expiredAt: now })).constraints.length
    expect(clear(until - 1)).toBe(2)
    expect(clear(until)).toBe(1)
    expect(edited(banned, clearEdits({ resource: 'a', node: 'n2' })).constraints).toHaveLength(1)
  })
})

describe('changes of a configuration by cibadmin', () => {
  it('creates in the section where an element belongs, and keeps the lines of all others', () => {
    const made = patched('-C -X <rsc_order id="o" first="grp" then="c"/>') as Configuration
    expect(made.constraints.map(({ id }) => id)).toEqual(['l', 'o'])
    expect(made.resources.map(({ line }) => line)).toEqual(configuration.resources.map(({ line }) => line))
    expect(patched('--create -X <rsc_location id="l"/>')).toContain('<rsc_location id="l"> is there already')
    expect(patched('-C -X <meta_attributes id="d"/>')).toContain('belongs to no section by itself')
    expect(patched('-C -o rsc_defaults -X <meta_attributes id="d"/>')).toMatchObject({
      resourceMetaDefaults: [{ id: 'd' }],
    })
  })

  it('modifies attributes and children by tag and id, and adds what is new', () => {
    const made = patched(
      '-M -X <rsc_location id="l" node="n1"/> <primitive id="a"><meta_attributes id="m"><nvpair id="q" name="target-role" value="Stopped"/></meta_attributes></primitive>',
    ) as Configuration
    expect(made.constraints[0]).toMatchObject({ node: 'n1', score: '-INFINITY', rsc: 'a' })
    expect(primitivesUnder(made, 'a')[0]).toMatchObject({ type: 'Dummy', meta: [{ pairs: [{ value: 'Stopped' }] }] })
    const on = patched('-M -X <nvpair id="q" value="Started"/>', made) as Configuration
    expect(primitivesUnder(on, 'a')[0]!.meta[0]!.pairs).toMatchObject([{ name: 'target-role', value: 'Started' }])
  })

  it('replaces and deletes by tag and id, sections by their tag', () => {
    expect((patched('-D -X <rsc_location id="l"/>') as Configuration).constraints).toEqual([])
    expect(patched('-D -X <rsc_location id="z"/>')).toBe('there is no <rsc_location id="z">')
    const made = patched('-R -X <constraints><rsc_order id="o" first="grp" then="c"/></constraints>') as Configuration
    expect(made.constraints.map(({ id }) => id)).toEqual(['o'])
    expect(patched('-R -X <rsc_location id="l" rsc="b" node="n1" score="5"/>')).toMatchObject({
      constraints: [{ id: 'l', rsc: 'b' }],
    })
  })

  it('takes a whole CIB, with the status section that there is', () => {
    const text = CIB.replaceAll('id="p"', 'id="new"')
    const made = patched(`--replace -X ${text}`) as Configuration
    expect(primitivesUnder(made, 'c').map(({ id }) => id)).toEqual(['new'])
    expect(patched(`--modify -X ${text}`)).toContain('can only replace')
  })

  it('refuses as a whole what breaks the schema', () => {
    expect(patched('-M -X <rsc_location id="l" rsc="nobody"/>')).toContain('does not conform to the configured schema')
    expect(patched('-D -X <primitive id="p"/>')).toContain('does not conform to the configured schema')
    expect(patched('-C -X <primitive id="a2"/>')).toContain('does not conform to the configured schema')
  })

  it('tells mistakes of the XML with line and column', () => {
    expect(patched('-M -X <primitive id="a">')).toMatch(/^the patch:1:\d+: error: /)
    expect(patched('-M -x new.xml -X <primitive id="a"/>\n <op/>')).toBe(
      'new.xml:2:2: <op> has no id: nothing tells which one is meant',
    )
    expect(patched('-M -X <node_state id="1"/>')).toContain('the status section')
    expect(patched('-M')).toContain('needs --xml-text')
    expect(patched('-o nowhere -M -X <op id="x"/>')).toContain('is no section')
  })
})

describe('the first difference that a change makes', () => {
  const by = (words: string, before = configuration): string | undefined => {
    const order = readOrder(['cibadmin', ...words.split(' ')])
    if (typeof order === 'string' || order.kind !== 'cib') throw new Error(words)
    return differenceBy(before, order.edits)?.by
  }
  const withPairs = patched(
    '-M -X <crm_config><cluster_property_set id="s"><nvpair id="s-x" name="x" value="1"/><nvpair id="s-y" name="y" value="1"/></cluster_property_set></crm_config>',
  ) as Configuration

  it('is named as aborts name it: pairs by what they say, all else by tag and id (E-5.2)', () => {
    expect(by('-M -X <nvpair id="s-x" value="2"/>', withPairs)).toBe('s-x doing modify x=2')
    const added = '-M -X <cluster_property_set id="s"><nvpair id="s-z" name="z" value="3"/></cluster_property_set>'
    expect(by(added, withPairs)).toBe('s-z doing create z=3')
    expect(by('-D -X <nvpair id="s-y"/>', withPairs)).toBe("deletion of nvpair[@id='s-y']")
    expect(by('-M -X <rsc_location id="l" score="5"/>')).toBe("rsc_location.l 'modify'")
    expect(by('-C -X <rsc_order id="o" first="grp" then="c"/>')).toBe("rsc_order.o 'create'")
    const operations = '<operations><op id="q" name="monitor" interval="9s"/></operations>'
    expect(by(`-M -X <primitive id="a">${operations}</primitive>`)).toBeUndefined()
  })

  it('is what was deleted before all else, then what was made or changed, in the order of the document', () => {
    const pairs = '<nvpair id="s-z" name="z" value="3"/><nvpair id="s-x" name="x" value="2"/>'
    const replaced = `-R -X <cluster_property_set id="s">${pairs}</cluster_property_set>`
    expect(by(replaced, withPairs)).toBe("deletion of nvpair[@id='s-y']")
    const without = patched('-D -X <nvpair id="s-y"/>', withPairs) as Configuration
    expect(by(replaced, without)).toBe('s-z doing create z=3')
    expect(
      by(`-R -X <cluster_property_set id="s"><nvpair id="s-x" name="x" value="1"/></cluster_property_set>`, without),
    ).toBeUndefined()
  })
})

describe('steps that change a CIB', () => {
  const read = (steps: string) => {
    const text = `title: t\nmanager: pacemaker\nconfig: { cib.xml: cib.xml }\ntimeline:\n${steps}`
    const files = new Map([
      ['cib.xml', CIB],
      ['broken.xml', CIB.replace('<crm_config/>', '<crm_config>')],
      ['order.xml', '\n<rsc_order id="o" first="grp" then="c"/>'],
    ])
    const reading = readScenario({ name: 's.yaml', text, fileBeside: (name) => files.get(name) }, VOCABULARY)
    const late = reading.value === undefined ? [] : checkScenario(reading.value, 's.yaml', reading.places)
    const problems = [...reading.problems, ...late].map(({ line, column, what }) => `${line}:${column} ${what}`)
    return { problems, timeline: reading.value?.timeline ?? [] }
  }

  it('reads XML inline and files, which the story names', () => {
    const { problems, timeline } = read(`- { at: 2s, create: order.xml, on: n1 }
- at: 1s
  modify: |
    <rsc_location id="l" node="n1"/>
  on: n2
  why: because
- { at: 3s, cib: cib.xml, on: n1 }
`)
    expect(problems).toEqual([])
    expect(
      timeline.map((step) => (step.kind === 'command' ? [step.node, step.words.slice(0, 3), step.shown] : [])),
    ).toEqual([
      ['n2', ['cibadmin', '--modify', '--xml-text'], undefined],
      ['n1', ['cibadmin', '--create', '--xml-file'], 'cibadmin --create --xml-file order.xml'],
      ['n1', ['cibadmin', '--replace', '--xml-file'], 'cibadmin --replace --xml-file cib.xml'],
    ])
  })

  it('tells what is wrong, each at its place', () => {
    const { problems } = read(`- { at: 2s, create: none.xml, on: n1 }
- { at: 2s, modify: "<rsc_order/>" }
- { at: 2s, delete: "<rsc_order id='x'/>", on: n1, when: now }
`)
    expect(problems).toEqual([
      '5:21 there is no file "none.xml" beside the scenario',
      '6:3 a change of the CIB needs a node on which it is done',
      '7:52 unknown key "when"',
    ])
  })

  it('tells what is wrong with the XML, and what breaks the schema', () => {
    const { problems } = read(`- { at: 2s, cib: broken.xml, on: n1 }
- { at: 2s, modify: "<rsc_location id='l' rsc='nobody'/>", on: n1 }
- { at: 2s, delete: "<rsc_order id='made-later'/>", on: n1 }
`)
    expect(problems).toHaveLength(2)
    expect(problems[0]).toMatch(/^5:3 broken\.xml:\d+:\d+: error: /)
    expect(problems[1]).toMatch(/^6:3 .*does not conform to the configured schema/)
  })

  it('tells names that nothing has, unless a step before may have made it', () => {
    const made = "<primitive id='new' class='ocf' provider='heartbeat' type='Dummy'/>"
    const { problems } = read(`- { at: 1s, command: disable nwe, on: n1 }
- { at: 1s, command: move a n7, on: n1 }
- { at: 1s, command: disable new, on: n1 }
- { at: 2s, create: "${made}", on: n1 }
- { at: 3s, command: disable new, on: n1 }
- { at: 3s, command: "cleanup p:0 N2", on: n1 }
- { at: 3s, command: standby n9, on: n1 }
- { at: 3s, command: crm_resource --fail -r a, on: n1 }
`)
    expect(problems).toEqual([
      '5:3 there is no resource "nwe"',
      '6:3 there is no node "n7"',
      '7:3 there is no resource "new"',
      '11:3 there is no node "n9"',
      '12:3 Must supply a node name with -N',
    ])
  })
})
