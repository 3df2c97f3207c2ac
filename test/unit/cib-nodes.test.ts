/** Options and node states. */
import { describe, expect, test } from 'vitest'
import { applyNodeStates, type NodeDraft, type NodeInput, toNodeList } from '../../src/cib/nodes.ts'
import { toOptions } from '../../src/cib/options.ts'
import { readCib } from '../../src/cib/read.ts'

/** The nodes of a CIB with these options, nodes and node states, and why each is to be fenced. */
function unpack(options: string, nodes: string, states: string): { names: string[]; n1: NodeDraft; fenced: string[] } {
  const properties = options
    .split(' ')
    .filter((text) => text !== '')
    .map((text) => `<nvpair name="${text.split('=')[0]}" value="${text.split('=')[1]}"/>`)
  const { value } = readCib(
    `<cib have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="o">${properties.join('')}
    </cluster_property_set></crm_config><nodes>${nodes}</nodes><resources/></configuration><status>${states}</status></cib>`,
    'x.xml',
  )
  const configuration = value!.configuration
  const context = { clock: { now: 0 } }
  const input: NodeInput = { configuration, options: toOptions(configuration, context), context, quorum: true }
  const list = toNodeList(input)
  const fenced: string[] = []
  applyNodeStates(list, value!.status, input, (node, reason) => {
    node.unclean = true
    fenced.push(`${node.uname}: ${reason}`)
  })
  return { names: list.order.map((index) => list.nodes[index]!.uname), n1: list.nodes[0]!, fenced }
}
const one = '<node id="1" uname="n1"/>'
const state = (attributes: string): string => `<node_state id="1" uname="n1" ${attributes}/>`

describe('cluster options', () => {
  test('an invalid value means the default, and concurrent-fencing is off (A-6.2)', () => {
    const { value } = readCib(
      `<cib><configuration><crm_config><cluster_property_set id="o"><nvpair name="stonith-enabled" value="perhaps"/>
      <nvpair name="stonith-action" value="Off"/><nvpair name="no-quorum-policy" value="FREEZE"/>
      </cluster_property_set></crm_config></configuration></cib>`,
      'x.xml',
    )
    const options = toOptions(value!.configuration, { clock: { now: 0 } })
    expect(options).toMatchObject({
      fencing: true,
      fencingAction: 'reboot',
      noQuorumPolicy: 'freeze',
      concurrentFencing: false,
    })
  })
})

describe('node states', () => {
  test('the node list is sorted by number in names (A-7.4)', () => {
    const nodes = ['n10', 'n2', 'N1'].map((name) => `<node id="${name}" uname="${name}"/>`).join('')
    expect(unpack('', nodes, '').names).toEqual(['N1', 'n2', 'n10'])
  })

  test('a node never seen is unclean unless startup fencing is off (A-7.5)', () => {
    expect(unpack('', one, '').n1.unclean).toBe(true)
    expect(unpack('startup-fencing=false', one, '').n1.unclean).toBe(false)
    expect(unpack('stonith-enabled=false', one, '').n1.unclean).toBe(false)
  })

  test.each([
    ['in_ccm="true" crmd="online" join="member" expected="member"', true, false, ''],
    ['in_ccm="true" crmd="online" join="member"', true, true, ''],
    ['in_ccm="false" crmd="offline" join="down" expected="down"', false, false, ''],
    ['in_ccm="false" crmd="online" join="member" expected="member"', false, false, 'no longer part of the cluster'],
    ['in_ccm="true" crmd="offline" join="member" expected="member"', true, false, 'process is no longer available'],
    ['crmd="online" join="member" expected="member"', false, false, 'has not been seen'],
    ['in_ccm="true" crmd="online" join="odd" expected="member"', true, false, 'unknown state'],
  ])('with fencing, %s (A-7.15)', (attributes, online, pending, reason) => {
    const { n1, fenced } = unpack('', one, state(attributes))
    expect({ online: n1.online, pending: n1.pending }).toEqual({ online, pending })
    expect(fenced).toHaveLength(reason === '' ? 0 : 1)
    expect(fenced.join()).toContain(reason)
  })

  test('without fencing a member that has not joined is offline (A-7.14)', () => {
    const off = 'stonith-enabled=false'
    expect(unpack(off, one, state('in_ccm="true" crmd="online"')).n1.online).toBe(false)
    expect(unpack(off, one, state('in_ccm="true" crmd="online" join="member"')).n1.online).toBe(true)
  })
})
