/** `quorate compare` and bare cluster.conf files as a user meets them. Drives the built program. */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { quorate } from '../support/quorate.ts'

const folder = mkdtempSync(join(tmpdir(), 'quorate-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('quorate compare', () => {
  it('prints one incident as a table, or as JSON with the same figures', () => {
    const file = 'scenarios/incidents/i02-resource-failure.yaml'
    const { code, out } = quorate('compare', file)
    expect(code).toBe(0)
    expect(out).toContain('time to detect')
    expect(out).toContain('parts from rgmanager')
    const { columns, partings } = JSON.parse(quorate('compare', file, '--json').out)
    expect(columns.map(({ name }: { readonly name: string }) => name)).toEqual(['rgmanager', 'heartbeat', 'pacemaker'])
    expect(columns[0].downtimes.length).toBe(4)
    expect(partings).toHaveLength(2)
  })

  it('prints a folder as one Markdown table, and 1 where something was violated', () => {
    const { code, out } = quorate('compare', 'scenarios/incidents')
    expect(code).toBe(1)
    expect(out.trimEnd().split('\n')).toHaveLength(12)
    expect(out).toContain('| A node loses power | back after')
  })

  it('gives 2 and advice for a scenario without variants', () => {
    const { code, err } = quorate('compare', 'scenarios/basics/first-failover.yaml')
    expect(code).toBe(2)
    expect(err).toContain('lists no variants to compare')
  })
})

describe('quorate run with a cluster.conf', () => {
  it('tells the standard story of a file, and of a folder that holds one', () => {
    const file = quorate('run', 'scenarios/rgmanager/shop.cluster.conf', '--quiet')
    expect([file.code, file.err]).toEqual([0, ''])
    copyFileSync('scenarios/rgmanager/shop.cluster.conf', join(folder, 'cluster.conf'))
    const { code, out } = quorate('run', folder)
    expect(code).toBe(0)
    expect(out).toContain('The standard story: n1 loses power and comes back')
    expect(out).toContain('marks service:web stopped: n1 is gone')
  })
})
