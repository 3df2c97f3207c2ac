/** What administrators add to a living cluster: resources, fence devices and nodes that its configuration did not have. Spec E-10, E-9.8. */
import { describe, expect, it } from 'vitest'
import { fork, snapshot } from '../../src/run/fork.ts'
import { advance, createRun, finish } from '../../src/run/simulate.ts'
import { checkScenario } from '../../src/run/vocabulary.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import { cib, fault, placesOf, results, runTrio, SETTLED, trioScenario } from '../support/trio.ts'

const create = (seconds: number, xml: string): Step => cib(seconds, 'create', xml)
const LATE = '<primitive id="late" class="ocf" provider="pacemaker" type="Dummy"/>'
const until = SETTLED + 120_000

describe('Pacemaker, what is added while it runs', () => {
  it('looks for a new resource everywhere, starts it once, and recovers it when it fails', () => {
    const monitored = LATE.replace(
      '/>',
      '><operations><op id="late-m" name="monitor" interval="5s"/></operations></primitive>',
    )
    const timeline = [
      create(1, monitored),
      fault(SETTLED + 20_000, 'service-crash', { node: 'node3', resource: 'late' }),
    ]
    const trace = runTrio({ until, timeline })
    const late = results(trace).filter((result) => result.startsWith('late '))
    expect(late.filter((result) => result.includes('monitor/0@')).sort()).toEqual(
      ['node1', 'node2', 'node3'].map((node) => `late monitor/0@${node}=7`),
    )
    expect(late).toContain('late monitor/5000@node3=7')
    expect(placesOf(trace, 'late')).toHaveLength(1)
    expect(trace.header.cluster.resources.map(({ id }) => id)).toContain('late')
  })

  it('knows by name what the timeline adds, and nothing else', () => {
    const known = trioScenario({ until, timeline: [create(1, LATE)] })
    const wanted = [{ check: 'active-at-end', arguments: [{ name: 'resource', value: 'late' }] }]
    expect(checkScenario({ ...known, expectations: wanted }, 'x.yaml')).toEqual([])
    const [problem] = checkScenario({ ...known, timeline: [], expectations: wanted }, 'x.yaml')
    expect(problem?.what).toContain('"late"')
  })

  it('puts new members of a group and new clones into their collections', () => {
    const group = '<group id="grp"><primitive id="g4" class="ocf" provider="pacemaker" type="Dummy"/></group>'
    const clone = `<clone id="everywhere">${LATE}</clone>`
    const steps = [cib(1, 'modify', group), create(10, clone)]
    const trace = runTrio({ until, timeline: steps })
    const { groups, clones } = trace.header.cluster
    expect(groups.find(({ id }) => id === 'grp')?.resources).toEqual(['g1', 'g2', 'g3', 'g4'])
    expect(clones?.find(({ id }) => id === 'everywhere')?.resources).toEqual(['late'])
    expect(placesOf(trace, 'g4')).toEqual(placesOf(trace, 'g3'))
    expect(placesOf(trace, 'late')).toEqual(['node1', 'node2', 'node3'])
  })

  it('fences by a device that came later', () => {
    const device =
      '<primitive id="newer" class="stonith" type="fence_ipmilan"><instance_attributes id="newer-a"><nvpair id="newer-h" name="pcmk_host_list" value="node3"/></instance_attributes></primitive>'
    const timeline = [
      cib(1, 'create', device),
      cib(10, 'delete', '<primitive id="fencing"/>'),
      fault(SETTLED + 20_000, 'node-crash', { node: 'node3' }),
    ]
    const used = runTrio({ until, timeline }).records.flatMap((record) =>
      record.kind === 'fence' && record.phase === 'succeeded' ? [`${record.device} ${record.target}`] : [],
    )
    expect(used).toEqual(['newer node3'])
  })

  it('starts a bundle with its containers, a remote node and a guest', () => {
    const bundle = `<bundle id="box"><docker image="x" replicas="2"/><network ip-range-start="192.168.5.1"/>${LATE}</bundle>`
    const guest =
      '<primitive id="vm" class="ocf" provider="heartbeat" type="VirtualDomain"><meta_attributes id="vm-m"><nvpair id="vm-r" name="remote-node" value="inside"/></meta_attributes></primitive>'
    const remote = '<primitive id="beside" class="ocf" provider="pacemaker" type="remote"/>'
    const trace = runTrio({ until, timeline: [create(1, bundle), create(20, guest), create(40, remote)] })
    expect(placesOf(trace, 'late')).toEqual(['box-0', 'box-1'])
    expect(placesOf(trace, 'st').filter((place) => !place.startsWith('node'))).toEqual(['beside', 'inside'])
    for (const node of ['box-0', 'box-1', 'inside', 'beside'])
      expect(trace.header.cluster.remotes?.map((remote) => remote.node)).toContain(node)
    expect(placesOf(trace, 'vm')).toHaveLength(1)
  })

  it('is the same whether the run knows from its beginning or is forked later', () => {
    const step = create(1, LATE)
    const later = fork(snapshotAt(SETTLED), [step])
    const branch = finish(later, advance(later, until)).trace
    const whole = runTrio({ until, timeline: [step] })
    expect(placesOf(branch, 'late')).toEqual(placesOf(whole, 'late'))
    expect(branch.records).toEqual(whole.records)
  })
})

function snapshotAt(at: number): ReturnType<typeof snapshot> {
  const run = createRun(trioScenario({ until }))
  advance(run, at)
  return snapshot(run)
}
