/** The transition graph as text: what `-G` writes. Recorded graphs of the reference set come back byte for byte. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { escapeValue } from '../../src/cib/escape.ts'
import { graphText } from '../../src/crmsim/graph-xml.ts'
import { readGraph, readRecordedGraph, withoutVersion } from '../support/graph.ts'

const large = join(import.meta.dirname, '..', '..', '..', 'shared', 'conformance', 'pacemaker-2.1.5', 'exp')

const SMALL = `<transition_graph cluster-delay="60s" stonith-timeout="60s" batch-limit="0" transition_id="0">
  <synapse id="0" priority="1000000">
    <action_set>
      <rsc_op id="3" operation="stop" operation_key="far_stop_0" on_node="n2" on_node_uuid="2" shutdown-lock="n2">
        <primitive id="far" class="ocf" provider="pacemaker" type="remote"/>
        <attributes CRM_meta_on_node="n2" crm_feature_set="3.16.1">
          <param name="1st" value="a &amp; b"/>
        </attributes>
        <downed>
          <node id="far"/>
        </downed>
      </rsc_op>
    </action_set>
    <inputs>
      <trigger>
        <pseudo_event id="11" operation="stop" operation_key="web_stop_0"/>
      </trigger>
    </inputs>
  </synapse>
  <synapse id="1">
    <action_set>
      <pseudo_event id="12" operation="maintenance_nodes" operation_key="maintenance_nodes">
        <attributes crm_feature_set="3.16.1"/>
        <maintenance>
          <node id="far" node_in_maintenance="1"/>
        </maintenance>
      </pseudo_event>
    </action_set>
    <inputs/>
  </synapse>
</transition_graph>
`

describe('the graph file', () => {
  it('comes back as it was read', () => {
    expect(graphText(readGraph(SMALL))).toBe(SMALL)
  })

  it('is one element when nothing is to be done', () => {
    const header = [['transition_id', '0']] as const
    expect(graphText({ header, synapses: [] })).toBe('<transition_graph transition_id="0"/>\n')
  })
})

describe('attribute values', () => {
  it.each([
    ['plain:0 ', 'plain:0 '],
    [`<a> "b" 'c' & d`, '&lt;a&gt; &quot;b&quot; &apos;c&apos; &amp; d'],
    ['a\tb\nc\rd', 'a    b\\nc\\rd'],
    ['bell\u0007 del\u007f', 'bell\\007 del\\177'],
    ['<é<', '&lt;é<'],
  ])('%j', (value, text) => {
    expect(escapeValue(value)).toBe(text)
  })
})

describe.skipIf(!existsSync(large))('recorded graphs (skipped without ../shared)', () => {
  it('come back byte for byte', () => {
    const differing = readdirSync(large).filter((file) => {
      const recorded = readFileSync(join(large, file), 'utf8')
      return withoutVersion(graphText(readRecordedGraph(recorded))) !== recorded
    })
    expect(differing).toEqual([])
  })
})
