/** What administrators do to a living cluster, each command as spec E-10 tells it. The stories begin a minute after all nodes were switched on. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/run/simulate.ts'
import type { Step } from '../../src/scenario/scenario.ts'
import type { Trace, TraceRecord } from '../../src/trace/record.ts'
import {
  cib,
  command,
  decisions,
  fault,
  logged,
  placesOf,
  results,
  runTrio,
  SETTLED,
  type TrioWish,
  trioScenario,
} from '../support/trio.ts'

const T = SETTLED
/** A run of commands, each typed on node1 so many seconds after the cluster has settled. */
const commanded = (steps: readonly (readonly [seconds: number, words: string])[], wish: TrioWish = {}): Trace =>
  runTrio({
    until: T + 60_000,
    ...wish,
    timeline: [
      ...steps.map(([seconds, words]) => command(T + seconds * 1000, 'node1', words)),
      ...(wish.timeline ?? []),
    ],
  })

describe('Pacemaker, locations by command (E-10)', () => {
  it('a ban with a lifetime is over by itself at the next look; `clear expired` takes it away', () => {
    const trace = commanded(
      [
        [1, 'ban solo node2 for 20s'],
        [40, 'clear expired'],
      ],
      { properties: { 'cluster-recheck-interval': '30s' } },
    )
    expect(decisions(trace)).toEqual(['Move solo ( node2 -> node3 )', 'Move solo ( node3 -> node2 )'])
    const beliefs = trace.records.flatMap((record) =>
      record.kind === 'belief' && record.node === 'node1' && record.about.includes('cli-ban') && T < record.at
        ? [record.state]
        : [],
    )
    expect(beliefs.at(-1)).toBe('')
  })

  it('crm_resource moves with an ISO lifetime, bans a role, and clears', () => {
    const trace = commanded([
      [1, 'crm_resource --move -r solo -N node3 --lifetime PT1H'],
      [20, 'crm_resource --clear -r solo -N node3'],
    ])
    expect(decisions(trace)).toEqual(['Move solo ( node2 -> node3 )', 'Move solo ( node3 -> node2 )'])
    const banned = commanded([[1, 'crm_resource --ban -r st-clone -N node1 --promoted']])
    expect(placesOf(banned, 'st').filter((place) => place.endsWith('*'))).not.toEqual(['node1*'])
  })
})

describe('Pacemaker, what a command names (E-10; crm_resource(8))', () => {
  it('move and ban without a node are away from where it is now: of a promotable clone, from where it is promoted', () => {
    const bans = (trace: Trace): readonly string[] =>
      trace.records.flatMap((record) =>
        record.kind === 'belief' && record.node === 'node1' && record.about.startsWith('constraint cli-')
          ? [`${record.about}: ${record.state}`]
          : [],
      )
    for (const words of ['move solo', 'ban solo', 'crm_resource --move -r solo', 'crm_resource -B -r solo'])
      expect(decisions(commanded([[1, words]]))).toEqual(['Move solo ( node2 -> node3 )'])
    const clone = commanded([[1, 'crm_resource --ban -r st-clone --promoted']])
    expect(bans(clone)).toEqual(['constraint cli-ban-st-clone-on-node1: st-clone on node1: -INFINITY'])
    expect(placesOf(clone, 'st')).not.toContain('node1*')
    const short = commanded([[1, 'ban st-clone Promoted for 20m']])
    expect(placesOf(short, 'st')).not.toContain('node1*')
  })

  it('refuses to guess, and to move what is there already, in the words of the tool', () => {
    const stopped = commanded([
      [1, 'disable solo'],
      [20, 'move solo'],
    ])
    expect(logged(stopped, "Resource 'solo' not moved: active in 0 locations")).toHaveLength(1)
    const there = commanded([[1, 'move solo NODE2']])
    expect(logged(there, 'requested item already exists')).toHaveLength(1)
    expect(decisions(there)).toEqual([])
    const forced = commanded([[1, 'crm_resource --move -r solo -N node3 --force']])
    expect(decisions(forced)).toEqual(['Move solo ( node2 -> node3 )'])
    expect(
      forced.records.some((record) => record.kind === 'belief' && record.about.includes('cli-ban-solo-on-node2')),
    ).toBe(true)
    const instance = commanded([[1, 'move st:0 node2']])
    expect(logged(instance, "Cannot operate on clone resource instance 'st:0'")).toHaveLength(1)
  })

  it('tells what is not there, and changes nothing', () => {
    const refused: readonly (readonly [words: string, refusal: string])[] = [
      ['disable nope', "Resource 'nope' not found: no such object"],
      ['move nope node2', "Resource 'nope' not found: no such object"],
      ['cleanup nope', "Resource 'nope' not found: no such object"],
      ['clear nope', "Resource 'nope' not found: no such object"],
      ['ban solo node9', "Node 'node9' not found: no such object"],
      ['refresh solo node9', "Node 'node9' not found: no such object"],
      ['standby node9', 'Could not map name=node9 to a UUID'],
      ['attribute node9 colour red', 'Could not map name=node9 to a UUID'],
    ]
    const trace = commanded(refused.map(([words], index) => [1 + index, words]))
    for (const [, refusal] of refused) expect(logged(trace, refusal).length).toBeGreaterThan(0)
    expect(
      trace.records.filter((record) => record.kind === 'log' && record.level === 'error' && T < record.at),
    ).toHaveLength(refused.length)
    expect(decisions(trace)).toEqual([])
  })

  it('a meta-attribute of an instance or of a child is set on its clone', () => {
    const trace = commanded([[1, 'crm_resource -r st --meta -p target-role -v Stopped']])
    expect(placesOf(trace, 'st')).toEqual([])
    const beliefs = trace.records.flatMap((record) =>
      record.kind === 'belief' && record.node === 'node1' && record.state === 'Stopped' ? [record.about] : [],
    )
    expect(beliefs).toContain('meta target-role of st-clone')
  })
})

describe('Pacemaker, any change of the CIB (E-10, E-5.2)', () => {
  it('modify: takes effect like any other change of the configuration', () => {
    const trace = runTrio({
      until: T + 30_000,
      timeline: [
        cib(
          1,
          'modify',
          '<primitive id="solo"><meta_attributes id="solo-m"><nvpair id="solo-tr" name="target-role" value="Stopped"/></meta_attributes></primitive>',
        ),
        cib(10, 'delete', '<nvpair id="solo-tr"/>'),
      ],
    })
    expect(decisions(trace)).toEqual(['Stop solo ( node2 ) due to node availability', 'Start solo ( node2 )'])
    expect(logged(trace, 'Configuration change').length).toBeGreaterThan(0)
  })

  it('create and delete: a new resource is probed and started; one that is gone is stopped as an orphan', () => {
    const xml = '<primitive id="fresh" class="ocf" provider="pacemaker" type="Dummy"/>'
    const trace = runTrio({
      until: T + 40_000,
      timeline: [
        cib(1, 'delete', '<primitive id="solo"/> <rsc_location id="solo-prefers-node2"/>'),
        cib(15, 'modify', xml),
      ],
    })
    // The constraint names the resource, so only both together may go; a modify creates nothing.
    expect(decisions(trace)).toEqual(['Stop solo ( node2 ) due to node availability'])
    expect(logged(trace, 'there is no <primitive id="fresh">')).toHaveLength(1)
  })

  it('is refused as a whole where it breaks the schema, and nothing is decided', () => {
    const trace = runTrio({ until: T + 20_000, timeline: [cib(1, 'delete', '<primitive id="solo"/>')] })
    expect(logged(trace, 'does not conform to the configured schema')).toHaveLength(1)
    expect(decisions(trace)).toEqual([])
  })

  it('cuts a running transition: nothing more of it begins, what has begun ends first (E-5.5 row 7)', () => {
    const trace = runTrio({
      until: T + 40_000,
      timeline: [command(T, 'node1', 'disable grp'), cib(0.15, 'modify', '<nvpair id="rd-stick" value="20"/>')],
    })
    expect(logged(trace, 'aborted').length).toBeGreaterThan(0)
  })

  it('a whole configuration replaces the one there is', () => {
    const trace = runTrio({
      until: T + 30_000,
      timeline: [
        cib(
          1,
          'replace',
          '<constraints><rsc_location id="solo-elsewhere" rsc="solo" node="node2" score="-INFINITY"/></constraints>',
        ),
      ],
    })
    expect(decisions(trace)).toEqual(['Move solo ( node2 -> node3 )'])
  })

  it('a command after a patch builds on it, and a patch on a command', () => {
    const trace = runTrio({
      until: T + 40_000,
      timeline: [
        command(T + 1000, 'node2', 'disable solo'),
        cib(10, 'modify', '<nvpair id="solo-meta_attributes-target-role" value="Started"/>'),
        command(T + 20_000, 'node3', 'disable solo'),
      ],
    })
    expect(results(trace, T + 20_000)).toContain('solo stop/0@node2=0')
    expect(placesOf(trace, 'solo')).toEqual([])
  })
})

describe('Pacemaker, maintenance and management (E-10)', () => {
  it('of one node: its resources are left alone, those of others are not', () => {
    const crash = (node: string, resource: string) => fault(T + 5000, 'service-crash', { node, resource })
    const trace = commanded([[1, 'maintenance node2']], { timeline: [crash('node2', 'solo')] })
    expect(results(trace, T + 4000).filter((line) => line.startsWith('solo '))).toEqual([])
    const back = commanded(
      [
        [1, 'maintenance node node2'],
        [20, 'maintenance node node2 off'],
      ],
      { timeline: [crash('node2', 'solo')] },
    )
    expect(results(back, T + 20_000)).toContain('solo start/0@node2=0')
  })

  it('of one resource', () => {
    const trace = commanded([[1, 'maintenance resource solo']], {
      timeline: [fault(T + 5000, 'service-crash', { node: 'node2', resource: 'solo' })],
    })
    expect(results(trace, T + 4000).filter((line) => line.startsWith('solo '))).toEqual([])
  })

  it('an unmanaged resource is not touched until it is managed again', () => {
    const trace = commanded([
      [1, 'unmanage solo'],
      [5, 'disable solo'],
      [30, 'manage solo'],
    ])
    expect(results(trace, T + 5000).filter((line) => line.includes('stop'))).toEqual(['solo stop/0@node2=0'])
    expect(logged(trace, 'Configuration change').length).toBeGreaterThan(0)
  })

  it('crm_standby until the next reboot is a transient attribute', () => {
    const trace = commanded([
      [1, 'crm_standby -N node2 -v on -l reboot'],
      [20, 'crm_standby -N node2 -D -l reboot'],
    ])
    const moves = decisions(trace).filter((line) => line.startsWith('Move solo'))
    expect(moves).toEqual(['Move solo ( node2 -> node1 )', 'Move solo ( node1 -> node2 )'])
    expect(logged(trace, 'Transient attribute change').length).toBeGreaterThan(0)
  })
})

describe('Pacemaker, attributes and tickets (E-9.4, E-10)', () => {
  const RULE = `<rsc_location id="connected" rsc="solo"><rule id="r" score="-INFINITY"><expression id="e" attribute="pingd" operation="lt" value="1"/></rule></rsc_location>`
  const asks = {
    replace: [['</constraints>', `${RULE}</constraints>`]] as const,
  }

  it('a transient attribute decides, at once or after its dampening', () => {
    const trace = commanded([[1, 'attrd_updater -n pingd -U 0 -N node2 -d 5s']], asks)
    const moves = (run: Trace) =>
      run.records.filter((record) => record.kind === 'decision' && /Move solo/.test(record.text))
    expect(moves(trace)[0]?.at).toBeGreaterThan(T + 6000)
    const soon = commanded([[1, 'attribute node2 pingd 0']], asks)
    expect(moves(soon)[0]?.at).toBeLessThan(T + 2000)
  })

  const TICKET = '<rsc_ticket id="t" rsc="solo" ticket="A" loss-policy="stop"/></constraints>'
  it('a ticket is granted, put to standby, activated and revoked', () => {
    const trace = commanded(
      [
        [1, 'ticket grant A'],
        [10, 'ticket standby A'],
        [20, 'ticket activate A'],
        [30, 'crm_ticket -t A --revoke --force'],
      ],
      { replace: [['</constraints>', TICKET]] },
    )
    expect(results(trace).filter((line) => line.startsWith('solo st'))).toEqual([
      'solo start/0@node2=0',
      'solo stop/0@node2=0',
      'solo start/0@node2=0',
      'solo stop/0@node2=0',
    ])
    expect(logged(trace, 'Ticket attribute change').length).toBeGreaterThan(0)
  })
})

describe('Pacemaker, what never was and what is forgotten (E-10, E-9.5)', () => {
  it('an injected result counts as a failure, in the words of crm_simulate', () => {
    const trace = commanded([[1, 'inject solo_monitor_10000@node2=7']])
    expect(decisions(trace)[0]).toBe('Recover solo ( node2 )')
    expect(logged(trace, 'Updating failcount for solo on node2').length).toBeGreaterThan(0)
  })

  it('`op: db_monitor_10000@n2=7` is the same step', () => {
    const trace = commanded([[1, 'solo_monitor_10000@node2=7']])
    expect(decisions(trace)[0]).toBe('Recover solo ( node2 )')
  })

  it('crm_resource --fail counts a failure', () => {
    const trace = commanded([[1, 'crm_resource --fail -r solo -N node2']])
    expect(decisions(trace)).toEqual(['Recover solo ( node2 )'])
  })

  it('cleanup forgets failures only, refresh everything: the resource is probed again', () => {
    const failed = { timeline: [fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' })] }
    const cleaned = commanded([[20, 'cleanup solo']], failed)
    expect(results(cleaned, T + 20_000).filter((line) => line.includes('solo monitor/0'))).toEqual([
      'solo monitor/0@node2=0',
    ])
    const refreshed = commanded([[20, 'refresh solo']])
    expect(
      results(refreshed, T + 20_000)
        .filter((line) => line.includes('solo monitor/0'))
        .sort(),
    ).toEqual(['solo monitor/0@node1=7', 'solo monitor/0@node2=0', 'solo monitor/0@node3=7'])
    expect(results(commanded([[20, 'cleanup solo']]), T + 20_000)).toEqual([])
  })

  it('only where a resource is named a property tells the DC, which then stands still before it decides (E-5.8)', () => {
    const aborts = (words: string): readonly string[] =>
      logged(commanded([[20, words]]), 'Configuration change').flatMap(({ at, text }) =>
        T + 20_000 <= at ? [/last-lrm-refresh/.exec(text)?.[0] ?? text] : [],
      )
    const probed = (words: string): number => {
      const trace = commanded([[20, words]])
      return logged(trace, 'Initiating monitor operation solo_monitor_0').find(({ at }) => T + 20_000 <= at)!.at
    }
    expect([aborts('refresh solo').length, aborts('refresh').length]).toEqual([1, 0])
    expect(probed('refresh solo')).toBeGreaterThan(T + 21_000)
    expect(probed('refresh')).toBeLessThan(T + 20_500)
  })

  it('what the configuration says anew is named by the abort (E-5.2)', () => {
    const aborts = (words: string): readonly string[] =>
      logged(commanded([[20, words]]), 'Configuration change').flatMap(({ at, text }) =>
        T + 20_000 <= at ? [text.replace(/^Transition \d+ aborted/, '')] : [],
      )
    expect(aborts('standby node2')).toEqual([" by instance_attributes.nodes-2 'create': Configuration change"])
    expect(aborts('move solo node3')).toEqual([" by rsc_location.cli-prefer-solo 'create': Configuration change"])
    expect(aborts('maintenance on')).toEqual([
      ' by cib-bootstrap-options-maintenance-mode doing create maintenance-mode=true: Configuration change',
    ])
  })

  it('a move takes away what was left before it, a clear goes node by node: each is a write of its own', () => {
    const aborts = (...words: readonly string[]): readonly string[] =>
      logged(commanded(words.map((each, i) => [5 + 5 * i, each] as const)), 'Configuration change').flatMap(
        ({ at, text }) =>
          T + 5000 * words.length <= at ? [text.replace(/^Transition \d+ aborted |: Configuration change$/g, '')] : [],
      )
    expect(aborts('ban solo node3', 'move solo node1', 'move solo node3')).toEqual([
      "by deletion of rsc_location[@id='cli-prefer-solo']",
      "by deletion of rsc_location[@id='cli-ban-solo-on-node3']",
      "by rsc_location.cli-prefer-solo 'create'",
    ])
    expect(aborts('move solo node3', 'ban solo node3', 'ban solo node1', 'clear solo')).toEqual([
      "by deletion of rsc_location[@id='cli-ban-solo-on-node1']",
      "by deletion of rsc_location[@id='cli-ban-solo-on-node3']",
      "by deletion of rsc_location[@id='cli-prefer-solo']",
    ])
  })

  it('cleanup deletes counts and the whole history, not the record of the failure by itself', () => {
    const failed = { timeline: [fault(T + 1000, 'service-crash', { node: 'node2', resource: 'solo' })] }
    const trace = commanded([[20, 'cleanup solo']], failed)
    const aborts = logged(trace, ' aborted').filter(({ at }) => T + 20_000 <= at && at < T + 20_500)
    expect(aborts.map(({ text }) => text.replace(/^Transition \d+ aborted by /, '').replace(/, .*/, ''))).toEqual([
      "deletion of nvpair[@id='status-2-fail-count-solo.monitor_10000']: Transient attribute change",
      "deletion of nvpair[@id='status-2-last-failure-solo.monitor_10000']: Transient attribute change",
      "deletion of lrm_resource[@id='solo']: Resource state removal",
      expect.stringContaining('Configuration change'),
    ])
  })

  it('a DC of two that is stopped has told everything when corosync leaves: nobody fences it (E-10.1)', () => {
    const text = readFileSync('scenarios/lab/n2_power_loss.xml', 'utf8')
    for (const seed of [1, 2, 3, 4]) {
      const { trace } = simulate(
        trioScenario({
          files: [{ name: 'cib.xml', text }],
          until: 30_000,
          timeline: [command(5000, 'node1', 'stop')],
        }),
        { seed },
      )
      const at = (what: (record: TraceRecord) => boolean): number => trace.records.find(what)!.at
      const controllerGone = at((record) => record.kind === 'machine' && record.to === 'S_STOPPING')
      const corosyncGone = at((record) => record.kind === 'process' && record.state === 'exited')
      expect(corosyncGone - controllerGone).toBeGreaterThan(400)
      expect(trace.records.filter((record) => record.kind === 'fence')).toEqual([])
      expect(placesOf(trace, 'fencing')).toEqual(['node2'])
    }
  })

  it('a node that becomes DC while it is leaving leaves all the same, and plans nothing here that it refuses (E-4.7)', () => {
    const trace = runTrio({
      until: T + 60_000,
      timeline: [
        fault(T, 'process-hang', { node: 'node1', process: 'corosync' }, 10_000),
        command(T + 1000, 'node2', 'stop'),
      ],
    })
    const exited = trace.records.find((record) => record.kind === 'process' && record.state === 'exited')
    expect(exited).toMatchObject({ node: 'node2' })
    expect(results(trace).filter((line) => /start.0@node2/.test(line))).toEqual([])
    expect(logged(trace, 'Calculated transition').filter(({ at }) => T < at).length).toBeLessThan(20)
  })

  it('a node that was shut down is started again and takes back what prefers it (E-9.3)', () => {
    const trace = runTrio({
      until: T + 100_000,
      timeline: [command(T, 'node2', 'stop'), command(T + 40_000, 'node2', 'start')],
    })
    expect(placesOf(trace, 'solo')).toEqual(['node2'])
    expect(logged(trace, 'Fence (reboot)')).toEqual([])
  })
})

describe('Pacemaker, changes typed on several nodes at the same time (E-1.3)', () => {
  const at = (node: string, words: string): Step => command(T, node, words)

  it('all count: each is a patch of what the configuration is by then', () => {
    const trace = runTrio({
      timeline: [at('node1', 'unmanage solo'), at('node2', 'standby node3'), at('node3', 'property batch-limit 7')],
      until: T + 20_000,
    })
    const last = new Map<string, string>()
    for (const record of trace.records)
      if (record.kind === 'belief' && T <= record.at) last.set(`${record.node} ${record.about}`, record.state)
    for (const node of ['node1', 'node2', 'node3']) {
      expect(last.get(`${node} setting standby of node3`)).toBe('on')
      expect(last.get(`${node} meta is-managed of solo`)).toBe('false')
    }
  })

  it('what does not fit any more is refused, where it was typed', () => {
    const xml = (score: number) => `<rsc_location id="l" rsc="solo" node="node2" score="${score}"/>`
    const create = (node: string, score: number): Step => ({ ...cib(0, 'create', xml(score)), node }) as Step
    const trace = runTrio({ timeline: [create('node1', 7), create('node3', 8)], until: T + 20_000 })
    const refused = trace.records.flatMap((record) =>
      record.kind === 'log' && record.text.startsWith('Call cib_modify failed')
        ? [`${record.node} ${record.text}`]
        : [],
    )
    expect(refused).toEqual([
      expect.stringMatching(/^node\d Call cib_modify failed: <rsc_location id="l"> is there already$/),
    ])
  })
})
