/** Why a resource is where it is: the sentence, and scores as sums. */
import { describe, expect, it } from 'vitest'
import { answer, told } from '../support/explain.ts'
import { dummy, meta } from '../support/small-cluster.ts'

const IDLE = { n1: 'A=idle', n2: 'A=idle', n3: 'A=idle' }

describe('a resource is explained by its scores', () => {
  it('with constraints, stickiness and where they stand', () => {
    const cluster = {
      nodes: 3,
      resources: dummy('A'),
      constraints: `<rsc_location id="L1" rsc="A" node="n1" score="50"/><rsc_location id="L2" rsc="A" node="n2" score="300"/>`,
      defaults: meta('defaults', 'resource-stickiness=100'),
      history: { ...IDLE, n1: 'A=start' },
      attributes: { n3: 'standby=on' },
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A moves from n1 to n2: 300 there against 150 on n1; location L2 adds 300 (cib.xml:20).
        n2        300
                 +300  location L2 (cib.xml:20)
        n1        150
                  +50  location L1 (cib.xml:19)
                 +100  it is there: resource-stickiness=100 of rsc_defaults (cib.xml:24)
        n3          0  may not run it: in standby (cib.xml:56)
        Move A from n1 to n2
          first stop A on n1
      "
    `)
    expect(told(cluster, { resource: 'A', node: 'n3' })).toMatchInlineSnapshot(`
      "
      A may not run on n3: in standby (cib.xml:56).
        n3          0  may not run it: in standby (cib.xml:56)
        Move A from n1 to n2
          because A moves from n1 to n2: 300 there against 150 on n1; location L2 adds 300 (cib.xml:20)
          first stop A on n1
      "
    `)
    expect(told(cluster, { resource: 'A', node: 'n1' })).toMatchInlineSnapshot(`
      "
      A does not run on n1: 150 there against 300 on n2, where location L2 adds 300 (cib.xml:20).
        n1        150
                  +50  location L1 (cib.xml:19)
                 +100  it is there: resource-stickiness=100 of rsc_defaults (cib.xml:24)
        Move A from n1 to n2
          because A moves from n1 to n2: 300 there against 150 on n1; location L2 adds 300 (cib.xml:20)
          first stop A on n1
      "
    `)
  })

  it('by fewer resources where scores are equal, then by name, and by being there', () => {
    const resources = dummy('A') + dummy('B') + dummy('C')
    const verdicts = (defaults: string, history: Record<string, string>): readonly string[] =>
      ['A', 'B', 'C'].map(
        (id) => answer({ resources, defaults, history }, { resource: id }).primitives[0]!.verdict.text,
      )
    expect(verdicts('', {})).toMatchInlineSnapshot(`
      [
        "A shall run on n1: equal scores of 0 there and on n2; equally many resources are placed there so far (0), and its name comes first",
        "B shall run on n2: equal scores of 0 there and on n1; fewer resources are placed there so far (0 against 1)",
        "C shall run on n1: equal scores of 0 there and on n2; equally many resources are placed there so far (1), and its name comes first",
      ]
    `)
    expect(verdicts(meta('d', 'resource-stickiness=1'), { n1: 'A=start B=start C=start' })).toMatchInlineSnapshot(`
      [
        "A stays on n1: 1 there against 0 on n2; it is there: resource-stickiness=1 of rsc_defaults adds 1",
        "B stays on n1: 1 there against 0 on n2; it is there: resource-stickiness=1 of rsc_defaults adds 1",
        "C stays on n1: 1 there against 0 on n2; it is there: resource-stickiness=1 of rsc_defaults adds 1",
      ]
    `)
  })

  it('by what is colocated with it, and the other way round', () => {
    const cluster = {
      resources: dummy('A') + dummy('B'),
      constraints: `<rsc_colocation id="C1" rsc="B" with-rsc="A" score="INFINITY"/><rsc_location id="L1" rsc="B" node="n2" score="20"/>`,
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A shall run on n2: 20 there against 0 on n1; the preference of B (colocation C1) adds 20
        (cib.xml:20).
        n2         20
                  +20  the preference of B (colocation C1) (cib.xml:20)
        n1          0
        Start A on n2
          first probe A on n1, n2
        Besides: probe A on n1, n2.
      "
    `)
    expect(told(cluster, { resource: 'B' })).toMatchInlineSnapshot(`
      "
      B shall run on n2: it is the only node that may run it; n1 may not: colocation C1 with A on n2
        (cib.xml:20).
        n2         20
                  +20  location L1 (cib.xml:21)
        n1  -INFINITY  may not run it
            -INFINITY  colocation C1 with A on n2 (cib.xml:20)
        Start B on n2
          first probe B on n1, n2
        Besides: probe B on n1, n2.
      "
    `)
  })

  it('by failures that have reached the threshold', () => {
    const cluster = {
      resources: dummy('A', meta('A', 'migration-threshold=3')),
      attributes: { n1: 'fail-count-A#monitor_10000=3' },
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A shall run on n2: it is the only node that may run it; n1 may not: failed there too often:
        fail-count-A#monitor_10000=3, migration-threshold=3 (cib.xml:29).
        n2          0
        n1  -INFINITY  may not run it
            -INFINITY  failed there too often: fail-count-A#monitor_10000=3, migration-threshold=3
                       (cib.xml:29)
        Start A on n2
          first probe A on n1, n2
        Besides: probe A on n1, n2.
      "
    `)
  })

  it('by utilization', () => {
    const needs = (id: string, cpu: number): string =>
      dummy(id, `<utilization id="${id}-u"><nvpair id="${id}-cpu" name="cpu" value="${cpu}"/></utilization>`)
    const cluster = {
      options: 'placement-strategy=balanced',
      resources: needs('A', 3),
      change: (text: string): string =>
        text.replaceAll(
          /<node id="(\d)" uname="(n\d)"\/>/g,
          (_, id: string, name: string) =>
            `<node id="${id}" uname="${name}"><utilization id="u${id}"><nvpair id="cpu${id}" name="cpu" value="${Number(id) * 2}"/></utilization></node>`,
        ),
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A shall run on n2: it is the only node that may run it; n1 may not: the node has not enough free
        capacity for it (it needs cpu=3) and what goes with it.
        n2          0
        n1  -INFINITY  may not run it
            -INFINITY  the node has not enough free capacity for it (it needs cpu=3) and what goes with it
        Start A on n2
          first probe A on n1, n2
        Besides: probe A on n1, n2.
      "
    `)
  })
})

describe('a resource that runs nowhere', () => {
  it('is explained by its target-role', () => {
    expect(told({ resources: dummy('A', meta('A', 'target-role=Stopped')) }, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A runs nowhere: target-role=Stopped (cib.xml:16).
        n1, n2  -INFINITY  may not run it
                -INFINITY  target-role=Stopped (cib.xml:16)
        Nothing is to be started, stopped or moved.
        Besides: probe A on n1, n2.
      "
    `)
  })

  it('is explained by a cluster that allows nothing', () => {
    expect(
      told({ options: 'symmetric-cluster=false', resources: dummy('A') }, { resource: 'A' }),
    ).toMatchInlineSnapshot(`
      "
      A runs nowhere: no node may run it (all: symmetric-cluster=false, and nothing allows the node)
        (cib.xml:7).
        n1, n2       none  may not run it: symmetric-cluster=false, and nothing allows the node
                           (cib.xml:7)
        Nothing is to be started, stopped or moved.
        Besides: probe A on n1, n2.
      "
    `)
  })

  it('is explained by each node where they differ', () => {
    const cluster = {
      resources: dummy('A'),
      constraints: '<rsc_location id="L1" rsc="A" node="n1" score="-INFINITY"/>',
      attributes: { n2: 'standby=on' },
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A runs nowhere: no node may run it (n1: location L1; n2: in standby).
        n1  -INFINITY  may not run it
            -INFINITY  location L1 (cib.xml:18)
        n2          0  may not run it: in standby (cib.xml:35)
        Nothing is to be started, stopped or moved.
        Besides: probe A on n1, n2.
      "
    `)
  })

  it('is explained by a ticket that is not granted', () => {
    const constraints = '<rsc_ticket id="T1" rsc="A" ticket="T"/>'
    expect(told({ resources: dummy('A'), constraints }, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A runs nowhere: ticket T is not granted (cib.xml:18).
        n1, n2  -INFINITY  may not run it
                -INFINITY  ticket T is not granted (cib.xml:18)
        Nothing is to be started, stopped or moved.
        Besides: probe A on n1, n2.
      "
    `)
  })
})

describe('a resource that is left alone', () => {
  it('is explained by is-managed', () => {
    const cluster = { resources: dummy('A', meta('A', 'is-managed=false')), history: { n2: 'A=start' } }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A is not managed (is-managed=false): it is left where it is, on n2 (cib.xml:16).
        n2   INFINITY
            +INFINITY  not managed, so it stays where it is (cib.xml:16)
        n1          0
        Nothing is to be started, stopped or moved.
        Besides: probe A on n1.
      "
    `)
  })

  it('is explained by maintenance-mode', () => {
    const cluster = { options: 'maintenance-mode=true', resources: dummy('A'), history: { n2: 'A=start' } }
    expect(answer(cluster, { resource: 'A' }).primitives[0]!.verdict.text).toMatchInlineSnapshot(
      `"A is not managed (maintenance-mode=true): it is left where it is, on n2"`,
    )
  })
})
