/** The simulator's XML output: text, status blocks, what was planned and done, and documents of runs that failed. */
import { describe, expect, it } from 'vitest'
import { PROMOTED, STARTED, UNPROMOTED } from '../../src/cib/role.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import type { ResourceItem } from '../../src/crmsim/summary.ts'
import { actionsXml, modificationsXml, scoresXml, transitionXml } from '../../src/crmsim/xml-result.ts'
import { statusXml } from '../../src/crmsim/xml-sections.ts'
import { envelopeXml } from '../../src/crmsim/xml-simulation.ts'
import { type XmlNode, xml, xmlText } from '../../src/crmsim/xml-text.ts'
import { history, NOW, nodeState, toCib } from '../support/crmsim.ts'

/** The lines of an element without its own tags. */
function linesIn(node: XmlNode): readonly string[] {
  return node.children.flatMap((child) => xmlText(child).trimEnd().split('\n'))
}

describe('the text of elements', () => {
  it('is indented, ASCII only, and leaves out what is undefined', () => {
    const node = xml('a', { b: 1, c: undefined, d: true }, [xml('e', { f: 'x<"&\'\n>é€😀' })])
    expect(xmlText(node)).toBe(
      '<a b="1" d="true">\n  <e f="x&lt;&quot;&amp;\'&#10;&gt;&#xE9;&#x20AC;&#x1F600;"/>\n</a>\n',
    )
  })
})

describe('what happens with a resource', () => {
  const item: ResourceItem = {
    kind: 'resource',
    word: 'Move',
    resource: 'A',
    origin: undefined,
    destination: undefined,
    role: STARTED,
    nextRole: STARTED,
    reason: undefined,
    isBlocked: false,
    action: undefined,
    reasonAction: undefined,
  }
  const told = (change: Partial<ResourceItem>): string =>
    linesIn(actionsXml([{ ...item, ...change }]))[0]!.replace(/^<rsc_action action="\w+" resource="A" ?/, '')

  it('is told by nodes, and by roles where one is above Started', () => {
    expect(told({ destination: 'n1' })).toBe('node="n1"/>')
    expect(told({ origin: 'n1' })).toBe('node="n1"/>')
    expect(told({ origin: 'n1', destination: 'n1' })).toBe('source="n1"/>')
    expect(told({ origin: 'n1', destination: 'n2' })).toBe('source="n1" dest="n2"/>')
    const roles = { role: UNPROMOTED, nextRole: PROMOTED }
    expect(told({ ...roles, destination: 'n1' })).toBe('role="Unpromoted" next-role="Promoted" dest="n1"/>')
    expect(told({ ...roles, origin: 'n1' })).toBe('role="Unpromoted" node="n1"/>')
    expect(told({ ...roles, origin: 'n1', destination: 'n2' })).toBe(
      'role="Unpromoted" source="n1" next-role="Promoted" dest="n2"/>',
    )
    const kept = { role: PROMOTED, nextRole: PROMOTED, origin: 'n1' }
    expect(told({ ...kept, destination: 'n2' })).toBe('source="n1" dest="n2" role="Promoted"/>')
    expect(told({ ...kept, destination: 'n1' })).toBe('role="Promoted" source="n1"/>')
  })

  it('has a reason, and may be blocked', () => {
    expect(told({ destination: 'n1', reason: 'no quorum', isBlocked: true })).toBe(
      'node="n1" reason="no quorum" blocked="true"/>',
    )
  })
})

describe('the blocks of a run', () => {
  it('show modifications, with quorum and watchdog as attributes', () => {
    const node = modificationsXml([
      { kind: 'quorum', value: '0' },
      { kind: 'node', action: 'Online', node: 'n3' },
      { kind: 'attribute', name: 'fail-count-A#start_0', value: 'value++', path: '/node_state', node: '1' },
    ])
    expect(xmlText(node).trimEnd().split('\n')).toEqual([
      '<modifications quorum="0">',
      '  <modify_node action="Online" node="n3"/>',
      '  <inject_attr name="fail-count-A#start_0" value="value++" node_path="/node_state" cib_node="1"/>',
      '</modifications>',
    ])
  })

  it('show scores under the name of what was asked for', () => {
    const values = [['cpu', 2]] as const
    const both = scoresXml(
      [
        { kind: 'capacity', when: 'Original', node: 'n1', values },
        { kind: 'promotion', resource: 'A:0', node: 'none', score: -1 },
        { kind: 'notice', text: 'never shown' },
      ],
      { scores: true, utilization: true },
    )
    expect(xmlText(both)).toBe(
      [
        '<allocations_utilizations>',
        '  <capacity node="n1" comment="Original">',
        '    <cpu>2</cpu>',
        '  </capacity>',
        '  <promotion_score id="A:0" score="-1"/>',
        '</allocations_utilizations>\n',
      ].join('\n'),
    )
    expect(scoresXml([], { scores: false, utilization: true }).name).toBe('utilizations')
    expect(scoresXml([], { scores: true, utilization: false }).name).toBe('allocations')
  })

  it('show what was executed, but no words about it', () => {
    const items = transitionXml([
      { kind: 'resource', resource: 'A', operation: 'monitor', node: 'n1', intervalMs: 10_000 },
      { kind: 'pretended', action: 3, rc: 1 },
      { kind: 'fencing', target: 'n2', operation: 'off' },
    ])
    expect(linesIn(items)).toEqual([
      '<rsc_action resource="A" op="monitor" node="n1" interval="10000"/>',
      '<fencing_action target="n2" op="off"/>',
    ])
  })
})

describe('a status', () => {
  const times = { localTime: String, localStamp: String }
  const state = unpackCluster(toCib(nodeState(1, history('A', 'start', 1))), NOW)
  const shown = xmlText(
    statusXml(state, 'cluster_status', { ...times, showAttributes: true, showFailcounts: true }),
  ).split('\n')
  const find = (start: string): string | undefined => shown.find((line) => line.trim().startsWith(start))?.trim()

  it('tells all about nodes and resources', () => {
    expect(find('<node name="n1"')).toMatch(/ online="true" .* feature_set="&lt;3.15.1" .* type="member"\/>$/)
    expect(find('<node name="n2"')).not.toContain('feature_set')
    expect(find('<resource id="A"')).toMatch(/role="Started" active="true" .*failed="true" .*nodes_running_on="1">$/)
  })

  it('tells failures', () => {
    expect(find('<failure ')).toContain(
      'op_key="A_start_0" node="n1" exitstatus="error" exitreason="none" exitcode="1"',
    )
  })

  it('tells when something failed, unless that is not known or the epoch itself', () => {
    const failureAt = (at: string): string => {
      const lrm = history('A', 'start', 1).replace('odd="kept"', `${at} exec-time="5"`)
      const cluster = unpackCluster(toCib(nodeState(1, lrm)), NOW)
      const all = xmlText(
        statusXml(cluster, 'cluster_status', { ...times, showAttributes: false, showFailcounts: true }),
      )
      return all.split('\n').find((line) => line.includes('<failure '))!
    }
    expect(failureAt('last-rc-change="77"')).toContain('last-rc-change="77" exec="5" interval="0" task="start"')
    for (const at of ['last-rc-change="0"', '']) expect(failureAt(at)).not.toMatch(/last-rc-change|exec=|task=/)
  })
})

describe('the document', () => {
  it('ends in the exit code and what went wrong', () => {
    const text = envelopeXml([], { request: 'crm_simulate -S', code: 1, errors: ['Transition failed: terminated'] })
    expect(text).toBe(
      [
        '<pacemaker-result api-version="2.25" request="crm_simulate -S">',
        '  <status code="1" message="Error occurred">',
        '    <errors>',
        '      <error>Transition failed: terminated</error>',
        '    </errors>',
        '  </status>',
        '</pacemaker-result>\n',
      ].join('\n'),
    )
  })
})
