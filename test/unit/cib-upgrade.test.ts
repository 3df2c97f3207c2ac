/** What the internal upgrade of an old configuration leaves out. */
import { describe, expect, it } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { cibText } from '../../src/crmsim/cib-xml.ts'

/** A CIB of an old schema, with `type` for its node. */
function upgraded(type: string): string {
  const { value, problems } = readCib(
    `<cib validate-with="pacemaker-2.10" epoch="1" num_updates="0" admin_epoch="0"><configuration>
      <crm_config>
        <cluster_property_set id="full"><nvpair id="full-1" name="stonith-enabled" value="false"/></cluster_property_set>
        <cluster_property_set id="none"/>
      </crm_config>
      <nodes><node id="1" uname="n1" type="${type}"><instance_attributes id="n1-attributes"/></node></nodes>
      <resources>
        <primitive id="a" class="ocf" provider="pacemaker" type="Dummy">
          <meta_attributes id="a-meta"/>
          <instance_attributes id="a-ruled"><rule id="r" score="INFINITY">
            <date_expression id="d" operation="gt" start="2020-01-01"/></rule></instance_attributes>
          <operations><op id="a-op" name="monitor" interval="10s"><meta_attributes id="a-op-meta"/></op></operations>
        </primitive>
      </resources>
      <constraints/>
    </configuration><status/></cib>`,
    'old.xml',
  )
  if (value === undefined) throw new Error(problems[0]?.what)
  return cibText(value.tree)
}

describe('the upgrade of an old configuration', () => {
  it('leaves out sets without pairs of options, resources and operations where anything must change', () => {
    const text = upgraded('normal')
    for (const id of ['none', 'a-meta', 'a-ruled', 'a-op-meta']) expect(text).not.toContain(`id="${id}"`)
    for (const id of ['full', 'n1-attributes', 'a-op']) expect(text).toContain(`id="${id}"`)
  })

  it('keeps everything where nothing must change', () => {
    const text = upgraded('member')
    for (const id of ['none', 'a-meta', 'a-ruled', 'a-op-meta', 'full']) expect(text).toContain(`id="${id}"`)
  })
})
