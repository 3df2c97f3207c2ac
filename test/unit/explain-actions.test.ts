/** Why something happens with a resource or a node, down to the root, and what must happen first. */
import { describe, expect, it } from 'vitest'
import { answer, told } from '../support/explain.ts'
import { dummy, meta, ops } from '../support/small-cluster.ts'

const FENCING = '<primitive id="F" class="stonith" type="fence_xvm"/>'
const LOST = 'in_ccm="false" crmd="offline" join="down" expected="member"'

/** Titles and reasons only. */
function reasons(cluster: Parameters<typeof answer>[0], id: string): readonly string[] {
  return answer(cluster, { resource: id }).primitives.flatMap(({ actions }) =>
    actions.flatMap(({ title, because }) => [title, ...because.map(({ text, origin }) => `  ${text} :${origin.line}`)]),
  )
}

describe('an action is explained', () => {
  it('by the failure that asks for recovery', () => {
    const cluster = {
      resources: dummy('A', ops('A', 'name="monitor" interval="10s"')),
      history: { n1: 'A=start A=fail/10000', n2: 'A=idle' },
      defaults: meta('d', 'resource-stickiness=10'),
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A stays on n1: 10 there against 0 on n2; it is there: resource-stickiness=10 of rsc_defaults adds 10
        (cib.xml:24).
        n1         10
                  +10  it is there: resource-stickiness=10 of rsc_defaults (cib.xml:24)
        n2          0
        Recover A on n1
          because the monitor of A every 10 s on n1 returned 1 (error), not 0 (ok) (cib.xml:37)
          first stop A on n1
        Besides: monitor A on n1 every 10 s.
      "
    `)
  })

  it('by the order that carries a restart on', () => {
    const cluster = {
      resources: dummy('A', ops('A', 'name="monitor" interval="10s"')) + dummy('B'),
      constraints: '<rsc_order id="O1" first="A" then="B"/>',
      history: { n1: 'A=start A=fail/10000 B=idle', n2: 'B=start A=idle' },
      defaults: meta('d', 'resource-stickiness=10'),
    }
    expect(told(cluster, { resource: 'B' })).toMatchInlineSnapshot(`
      "
      B stays on n2: 10 there against 0 on n1; it is there: resource-stickiness=10 of rsc_defaults adds 10
        (cib.xml:27).
        n2         10
                  +10  it is there: resource-stickiness=10 of rsc_defaults (cib.xml:27)
        n1          0
        Restart B on n2
          because start A on n1 is required (cib.xml:23)
          because the monitor of A every 10 s on n1 returned 1 (error), not 0 (ok) (cib.xml:40)
          first stop B on n2
          then stop A on n1
          then start A on n1 (by O1, cib.xml:23)
      "
    `)
  })

  it('by the order that keeps a start from running', () => {
    const cluster = {
      resources: dummy('A', meta('A', 'target-role=Stopped')) + dummy('B'),
      constraints: '<rsc_order id="O1" first="A" then="B"/>',
      history: { n1: 'B=idle A=idle', n2: 'B=idle A=idle' },
    }
    expect(told(cluster, { resource: 'B' })).toMatchInlineSnapshot(`
      "
      B shall run on n1: equal scores of 0 there and on n2; equally many resources are placed there so far
        (0), and its name comes first.
        n1          0
        n2          0
        Start B on n1 – blocked
          because start B on n1 cannot run
          because start A cannot run (cib.xml:23)
          because A runs nowhere: target-role=Stopped (cib.xml:16)
      "
    `)
  })

  it('by the member before it in its group', () => {
    const cluster = {
      resources: `<group id="G">${dummy('A', meta('A', 'target-role=Stopped'))}${dummy('B')}</group>`,
      history: { n1: 'A=start B=start', n2: 'B=idle A=idle' },
    }
    expect(told(cluster, { resource: 'G' })).toMatchInlineSnapshot(`
      "
      G is a group of 2 primitives: A nowhere, B nowhere.
        Scores of G itself:
        n1, n2          0

      A runs nowhere: target-role=Stopped (cib.xml:17).
        n1, n2  -INFINITY  may not run it
                -INFINITY  target-role=Stopped (cib.xml:17)
        Stop A on n1
          first stop B on n1

      B runs nowhere: stays with A, before it in G (cib.xml:14).
        n1, n2  -INFINITY  may not run it
                -INFINITY  stays with A, before it in G (cib.xml:14)
        Stop B on n1
      "
    `)
  })

  it('by quorum', () => {
    const cluster = { resources: dummy('A'), quorum: '0' as const, history: { n1: 'A=idle', n2: 'A=idle' } }
    expect(reasons(cluster, 'A')).toMatchInlineSnapshot(`
      [
        "Start A on n1 – blocked",
        "  A shall run on n1: equal scores of 0 there and on n2; equally many resources are placed there so far (0), and its name comes first :0",
        "  start A on n1 cannot run :0",
        "  the partition has no quorum (have-quorum=0), no-quorum-policy=stop (the default) :0",
      ]
    `)
  })

  it('by standby, with a live migration', () => {
    const cluster = {
      resources: dummy('A', meta('A', 'allow-migrate=true')),
      history: { n1: 'A=start', n2: 'A=idle' },
      attributes: { n1: 'standby=on' },
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A moves from n1 to n2: it is the only node that may run it; n1 may not: in standby (cib.xml:29).
        n2          0
        n1          0  may not run it: in standby (cib.xml:29)
        Migrate (live) A from n1 to n2
          first migrate A away from n1
      "
    `)
  })

  it('by being active twice', () => {
    const cluster = { resources: dummy('A'), history: { n1: 'A=start', n2: 'A=start' } }
    expect(reasons(cluster, 'A')).toMatchInlineSnapshot(`
      [
        "Restart A on n1",
        "  A is active on n1 and n2, multiple-active=stop_start (the default) :0",
      ]
    `)
  })

  it('by another agent than it was started with', () => {
    const cluster = { resources: dummy('A'), history: { n1: 'A=start', n2: 'A=idle' }, formerly: { A: 'Dummy' } }
    expect(reasons(cluster, 'A')).toMatchInlineSnapshot(`
      [
        "Restart A on n1",
        "  stop A on n1 is required :0",
        "  it was started as ocf:pacemaker:Dummy :28",
      ]
    `)
  })

  it('by parameters that have changed', () => {
    const parameters = '<instance_attributes id="A-p"><nvpair id="A-p-x" name="fake" value="1"/></instance_attributes>'
    const cluster = { resources: dummy('A', parameters), history: { n1: 'A=start', n2: 'A=idle' } }
    expect(reasons(cluster, 'A')).toMatchInlineSnapshot(`
      [
        "Restart A on n1",
        "  the configuration of A has changed since the start of A on n1 :32",
      ]
    `)
  })

  it('by a stop that failed and blocks', () => {
    const cluster = {
      resources: dummy('A', ops('A', 'name="stop" interval="0s" on-fail="block"')),
      history: { n1: 'A=start A=stop' },
      change: (text: string): string => text.replace(/(operation="stop"[^>]*rc-code=)"0"/, '$1"1"'),
    }
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A is blocked (on-fail=block): the stop of A on n1 returned 1 (error), not 0 (ok); it is left where
        it is, on n1 (cib.xml:34).
        n1  -INFINITY  may not run it
            -INFINITY  the stop of A on n1 returned 1 (error), not 0 (ok) (cib.xml:34)
            +INFINITY  not managed, so it stays where it is (cib.xml:34)
        n2          0
        Nothing is to be started, stopped or moved.
        Besides: probe A on n2.
      "
    `)
  })
})

describe('promotion is explained', () => {
  it('by promotion scores and where they stand', () => {
    const cluster = {
      resources: `<clone id="C">${meta('C', 'promotable=true')}${dummy('c')}</clone>`,
      constraints:
        '<rsc_location id="L1" rsc="C"><rule id="R" role="Promoted" score="40" boolean-op="and"><expression id="E" attribute="#uname" operation="eq" value="n2"/></rule></rsc_location>',
      history: { n1: 'c=start', n2: 'c=start' },
      attributes: { n1: 'master-c=10', n2: 'master-c=5' },
    }
    expect(told(cluster, { resource: 'C' })).toMatchInlineSnapshot(`
      "
      C is a promotable clone of 2 primitives: c:0 on n1, c:1 on n2.
        Scores of C itself:
        n1, n2          0

      c:0 stays on n1: 11 there against 0 on n2; promotion score: master-c=10 adds 10, it is there:
        resource-stickiness=1 (the default here) adds 1.
        n1         11
                   +1  it is there: resource-stickiness=1 (the default here)
                  +10  promotion score: master-c=10 (cib.xml:36)
        n2          0
        c:0 on n1 is not promoted: promoted-max=1 (the default): c:1 with 45 against 10 here.
          n1         10  promotion score
                    +10  priority of c:0
                        +10  promotion score: master-c=10 (cib.xml:36)
        Nothing is to be started, stopped or moved.

      c:1 stays on n2: it is the only node that may run it; n1 may not: C has its instances there already
        (clone-node-max=1).
        n2          6
                   +1  it is there: resource-stickiness=1 (the default here)
                   +5  promotion score: master-c=5 (cib.xml:51)
        n1  -INFINITY  may not run it
            -INFINITY  C has its instances there already (clone-node-max=1)
        c:1 on n2 shall be promoted: promotion score 45 against 10 of c:0 on n1.
          n2         45  promotion score
                    +45  priority of c:1
                         +5  promotion score: master-c=5 (cib.xml:51)
                        +40  location L1 (cib.xml:23)
        Promote c:1 on n2
          because c:1 on n2 shall be promoted: promotion score 45 against 10 of c:0 on n1
      "
    `)
  })
})

describe('a node is explained', () => {
  it('that is fenced because it was lost', () => {
    const cluster = {
      options: 'stonith-enabled=true',
      nodes: 3,
      resources: FENCING + dummy('A'),
      states: { n3: LOST },
      history: { n1: 'F=start A=idle', n2: 'F=idle A=idle', n3: 'A=start' },
    }
    expect(told(cluster, { node: 'n3' })).toMatchInlineSnapshot(`
      "
      n3 is fenced (reboot): peer is no longer part of the cluster (cib.xml:57).
        offline (in_ccm=false, crmd=offline, join=down) (cib.xml:57)
        Fence n3 (reboot)
        Move A from n3 to n2
      "
    `)
    expect(told(cluster, { resource: 'A' })).toMatchInlineSnapshot(`
      "
      A moves from n3 to n2: equal scores of 0 there and on n1; fewer resources are placed there so far (0
        against 1).
        n2          0
        n1          0
        n3          0  may not run it: offline (in_ccm=false, crmd=offline, join=down) (cib.xml:57)
                       also unclean: peer is no longer part of the cluster (cib.xml:57)
        Move A from n3 to n2
          because n3 may not run it: offline (in_ccm=false, crmd=offline, join=down) (cib.xml:57)
          because n3 may not run it: unclean: peer is no longer part of the cluster (cib.xml:57)
          first fence n3 (reboot)
      "
    `)
  })

  it('that is fenced because a stop failed there', () => {
    const cluster = {
      options: 'stonith-enabled=true',
      resources: FENCING + dummy('A'),
      history: { n1: 'A=start A=stop F=idle', n2: 'F=start A=idle' },
      change: (text: string): string => text.replace(/(operation="stop"[^>]*rc-code=)"0"/, '$1"1"'),
    }
    expect(told(cluster, { node: 'n1' })).toMatchInlineSnapshot(`
      "
      n1 is fenced (reboot): A failed there: the stop of A on n1 returned 1 (error), not 0 (ok)
        (cib.xml:32).
        Fence n1 (reboot)
        Recover A from n1 to n2
      "
    `)
  })

  it('that ought to be fenced and is not', () => {
    const cluster = { options: 'stonith-enabled=true', resources: dummy('A'), states: { n2: LOST } }
    expect(told(cluster, { node: 'n2' })).toMatchInlineSnapshot(`
      "
      n2 is unclean, but it is not fenced: there is no fence device.
        offline (in_ccm=false, crmd=offline, join=down) (cib.xml:31)
        unclean: peer is no longer part of the cluster (cib.xml:31)
      "
    `)
  })

  it('that shuts down, is in standby, or well', () => {
    const cluster = {
      resources: dummy('A'),
      history: { n1: 'A=start' },
      attributes: { n1: 'shutdown=1700000000', n2: 'standby=on' },
      nodes: 3,
    }
    expect(['n1', 'n2', 'n3'].map((node) => told(cluster, { node })).join('')).toMatchInlineSnapshot(`
      "
      n1 is shut down, as was asked for (cib.xml:27).
        shutting down (cib.xml:27)
        Shut down n1
          because shutting down (cib.xml:27)
          first stop A on n1
        Move A from n1 to n3

      n2 is not fenced; it takes no resources: in standby (cib.xml:42).

      n3 is online and clean: it is not fenced, and resources may run there.
        Move A from n1 to n3
      "
    `)
  })
})

describe('everything that happens', () => {
  it('is told with its reasons, in short', () => {
    const cluster = {
      resources: dummy('A') + dummy('B'),
      history: { n1: 'A=start B=start', n2: 'A=idle B=idle' },
      attributes: { n1: 'standby=on' },
    }
    expect(told(cluster, {})).toMatchInlineSnapshot(`
      "
      Move A from n1 to n2
        because A moves from n1 to n2: it is the only node that may run it; n1 may not: in standby
                (cib.xml:28)
        first stop A on n1
      Move B from n1 to n2
        because B moves from n1 to n2: it is the only node that may run it; n1 may not: in standby
                (cib.xml:28)
        first stop B on n1
      "
    `)
    expect(told({ resources: '' }, {})).toMatchInlineSnapshot(`
      "
      Nothing is to be started, stopped or moved.
      "
    `)
  })
})
