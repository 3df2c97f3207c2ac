/**
 * The incident library: one misfortune, three managers. What the seeds say of their differences must be seen in the figures: monitor
 * against status, probe against stop-before-start, fencing on a failed stop against the failed state against a reboot, no monitoring.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { comparisonText, overviewText } from '../../src/cli/compare.ts'
import { loadScenario } from '../../src/cli/load.ts'
import { type Column, compare } from '../../src/run/compare.ts'
import type { TraceRecord } from '../../src/trace/record.ts'

const FILES = readdirSync('scenarios/incidents').filter((name) => name.endsWith('.yaml'))

function columnsOf(start: string): Readonly<Record<'heartbeat' | 'pacemaker' | 'rgmanager', Column>> {
  const file = FILES.find((name) => name.startsWith(start))!
  const { columns } = compare(loadScenario(`scenarios/incidents/${file}`))
  const named = (name: string): Column => columns.find((column) => column.name === name)!
  return { rgmanager: named('rgmanager'), heartbeat: named('heartbeat'), pacemaker: named('pacemaker') }
}

function has({ trace }: Column, test: (record: TraceRecord) => boolean): boolean {
  return trace.records.some(test)
}

describe('the incident library', () => {
  it('has ten incidents, each for three managers', () => {
    expect(FILES).toHaveLength(10)
    for (const file of FILES) {
      const scenario = loadScenario(`scenarios/incidents/${file}`)
      expect([scenario.manager, ...scenario.variants!.map(({ name }) => name)]).toEqual([
        'rgmanager',
        'heartbeat',
        'pacemaker',
      ])
    }
  })

  it('i01: all fence before they take over', () => {
    for (const column of Object.values(columnsOf('i01'))) {
      expect([column.name, column.fences, column.violations, column.recover === undefined]).toEqual([
        column.name,
        1,
        [],
        false,
      ])
      expect(column.detect! + column.fence!).toBeLessThan(column.recover!)
    }
  })

  it('i02: status and monitor notice, Heartbeat never does; RGManager restarts the tree, Pacemaker the resource', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i02')
    expect(heartbeat.detect).toBeUndefined()
    expect(heartbeat.recover).toBeUndefined()
    expect([rgmanager.starts, pacemaker.starts]).toEqual([4, 1])
  })

  it('i03: a failed stop is failed and left alone, or a fencing, or a reboot by the node itself', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i03')
    expect([rgmanager.fences, rgmanager.recover]).toEqual([0, undefined])
    expect(has(rgmanager, (record) => record.kind === 'machine' && record.to === 'failed')).toBe(true)
    expect(has(heartbeat, (record) => record.kind === 'node' && record.text.includes('reboots itself'))).toBe(true)
    expect(pacemaker.fences).toBeGreaterThan(0)
    expect(pacemaker.recover).toBeGreaterThan(0)
  })

  it('i04: a start that fails goes to the other node where somebody notices', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i04')
    for (const column of [rgmanager, pacemaker])
      expect(
        has(column, (record) => record.kind === 'lifecycle' && record.node === 'n2' && record.to === 'started'),
      ).toBe(true)
    expect(heartbeat.starts).toBe(0)
  })

  it('i05: nothing is started before fencing works', () => {
    for (const { trace, name } of Object.values(columnsOf('i05'))) {
      const fenced = trace.records.find((record) => record.kind === 'fence' && record.phase === 'succeeded')!
      const start = trace.records.find(
        (record) =>
          record.kind === 'operation' && record.operation === 'start' && record.node === 'n2' && 120_000 < record.at,
      )!
      expect([name, fenced.at <= start.at]).toEqual([name, true])
    }
  })

  it('i06: fencing keeps the data whole; a delay keeps the services up', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i06')
    for (const column of [rgmanager, heartbeat, pacemaker]) expect(column.violations).toEqual([])
    expect([rgmanager.isUnhurt, rgmanager.fences]).toEqual([true, 1])
    expect(heartbeat.fences).toBe(2)
  })

  it('i07: a hung check is killed by Pacemaker only', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i07')
    expect([rgmanager.recover, heartbeat.recover]).toEqual([undefined, undefined])
    expect(pacemaker.recover).toBeGreaterThan(30_000)
  })

  it('i08: what was started by hand is stopped by stop-before-start, found by a probe, and only logged by Heartbeat', () => {
    const { rgmanager, heartbeat, pacemaker } = columnsOf('i08')
    for (const column of [rgmanager, heartbeat, pacemaker]) expect(column.violations).toHaveLength(2)
    expect(
      has(
        rgmanager,
        (record) => record.kind === 'decision' && record.decision === 'stop-before-start' && 240_000 < record.at,
      ),
    ).toBe(true)
    expect(rgmanager.isUnhurt).toBe(true)
    expect(
      has(
        pacemaker,
        (record) =>
          record.kind === 'operation' && record.operation === 'monitor' && record.node === 'n2' && 240_000 < record.at,
      ),
    ).toBe(true)
  })

  it('i09: RGManager and Heartbeat give the service back', () => {
    const { rgmanager, heartbeat } = columnsOf('i09')
    expect(has(rgmanager, (record) => record.kind === 'decision' && record.decision === 'failback')).toBe(true)
    for (const column of [rgmanager, heartbeat])
      expect(
        has(
          column,
          (record) =>
            record.kind === 'lifecycle' && record.node === 'n1' && record.to === 'started' && 130_000 < record.at,
        ),
      ).toBe(true)
  })

  it('i10: a shutdown in order needs no fencing', () => {
    for (const column of Object.values(columnsOf('i10')))
      expect([column.name, column.fences, column.recover! < 10_000]).toEqual([column.name, 0, true])
  })

  it('is told as a table, with what differed first and why', () => {
    const text = comparisonText(compare(loadScenario('scenarios/incidents/i02-resource-failure.yaml')))
    expect(text).toMatch(/^ +rgmanager +heartbeat +pacemaker$/m)
    expect(text).toMatch(/^downtime of script:httpd +\S+ +6m and on +\S+$/m)
    expect(text).toContain('≠ heartbeat parts from rgmanager:')
    expect(text).toMatch(/rgmanager: \d\d:\d\d\.\d{3} n1 stop script:httpd — script:httpd failed/)
    expect(text).toContain('heartbeat: does nothing more')
  })

  it('stands in the README as it runs, every column (after a change: quorate compare scenarios/incidents)', () => {
    const readme = readFileSync('README.md', 'utf8')
    const table = overviewText(FILES.map((file) => compare(loadScenario(`scenarios/incidents/${file}`))))
    const [head, , ...rows] = table.split('\n')
    const shown = readme.split('\n')
    const at = shown.indexOf(head!)
    expect(shown.slice(at + 2, at + 2 + rows.length)).toEqual(rows)
    expect(shown[at + 2 + rows.length]).toBe('')
  })
})
