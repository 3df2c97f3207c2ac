/** What each agent class returns and prints, by the tables of the seeds and the heartbeat spec. */
import { describe, expect, it } from 'vitest'
import { familyOf } from '../../src/agents/catalogue.ts'
import type { Misbehaviour } from '../../src/agents/contract.ts'
import { scriptPath } from '../../src/agents/heartbeat-legacy.ts'
import type { LifecycleState } from '../../src/model/lifecycle.ts'
import type { OperationName } from '../../src/model/operation.ts'
import type { AgentClass, ResourceSpec } from '../../src/model/resource.ts'

interface Asked {
  readonly state: LifecycleState
  readonly type?: string
  readonly promotable?: boolean
  readonly misbehaviour?: Misbehaviour
}

function specOf(agentClass: AgentClass, type: string, ...values: readonly string[]): ResourceSpec {
  const parameters = values.map((value, index) => ({ name: String(index + 1), value }))
  return { id: 'r', agent: { class: agentClass, type }, parameters, promotable: false }
}

function ask(agentClass: AgentClass, operation: OperationName, asked: Asked) {
  const spec = { ...specOf(agentClass, asked.type ?? 'thing'), promotable: asked.promotable ?? false }
  return familyOf(agentClass).plan({ spec, operation, state: asked.state, misbehaviour: asked.misbehaviour })
}

describe('an OCF agent', () => {
  it.each([
    ['stopped', 7],
    ['started', 0],
    ['promoted', 8],
    ['failed', 1],
    ['failed-promoted', 9],
    ['stuck', 1],
    ['unknown', 1],
  ] as const)('of a promotable resource that is %s returns %i for a monitor (seed 004, Table 10.10)', (state, rc) => {
    expect(ask('ocf', 'monitor', { state, promotable: true }).rc).toBe(rc)
  })

  it('answers no monitor for a hung service', () => {
    expect(ask('ocf', 'monitor', { state: 'hung' })).toEqual({ rc: 0, output: '', hangs: true })
  })

  it('promotes what is started, and nothing that cannot be promoted', () => {
    expect(ask('ocf', 'promote', { state: 'started', promotable: true })).toMatchObject({ begins: 'promote', rc: 0 })
    expect(ask('ocf', 'promote', { state: 'started' })).toEqual({ rc: 1, output: '', hangs: false })
    expect(ask('ocf', 'promote', { state: 'promoted', promotable: true })).toEqual({
      rc: 0,
      output: '',
      hangs: false,
      tells: { name: 'master-r', value: '10' },
    })
  })

  it('returns "not running" for a demote of what has lost its state', () => {
    expect(ask('ocf', 'demote', { state: 'stopped', promotable: true }).rc).toBe(7)
  })

  it('takes the role from what failed as promoted, without mending it', () => {
    const plan = ask('ocf', 'demote', { state: 'failed-promoted', promotable: true })
    expect(plan).toMatchObject({ begins: 'demote', ends: 'crash', rc: 0 })
  })

  it('migrates by its two halves', () => {
    expect(ask('ocf', 'migrate_to', { state: 'started' })).toMatchObject({ begins: 'migrate', ends: 'ok', rc: 0 })
    expect(ask('ocf', 'migrate_from', { state: 'stopped' })).toMatchObject({ begins: 'start', ends: 'ok', rc: 0 })
    expect(ask('ocf', 'migrate_to', { state: 'stopped' }).rc).toBe(7)
  })

  it('reloads what runs', () => {
    expect(ask('ocf', 'reload', { state: 'started' }).rc).toBe(0)
    expect(ask('ocf', 'reload', { state: 'stopped' }).rc).toBe(7)
    expect(ask('ocf', 'reload', { state: 'failed' }).rc).toBe(1)
  })

  it('describes itself, names escaped', () => {
    const { rc, output } = ask('ocf', 'meta-data', { state: 'stopped', type: 'a"<b' })
    expect(rc).toBe(0)
    expect(output).toMatch(/^<resource-agent name="a&quot;&lt;b">.*<action name="start"\/>.*<\/resource-agent>\n$/)
  })

  it('is told to fail with any code', () => {
    for (const rc of [1, 2, 3, 4, 5, 6, 7, 9, 42])
      expect(ask('ocf', 'start', { state: 'stopped', misbehaviour: { kind: 'result', rc } }).rc).toBe(rc)
  })

  it('is not installed: 5, and nothing is touched', () => {
    const plan = ask('ocf', 'start', { state: 'stopped', misbehaviour: { kind: 'missing' } })
    expect(plan).toEqual({ rc: 5, output: '', hangs: false, isMissing: true })
  })

  it('starts a service that crashes later, but crashes nothing by a stop', () => {
    const misbehaviour = { kind: 'crash-later', after: 5000 } as const
    expect(ask('ocf', 'start', { state: 'stopped', misbehaviour }).crashesAfter).toBe(5000)
    expect(ask('ocf', 'start', { state: 'started', misbehaviour }).crashesAfter).toBeUndefined()
    expect(ask('ocf', 'stop', { state: 'started', misbehaviour }).crashesAfter).toBeUndefined()
  })
})

describe('an LSB script', () => {
  it.each([
    ['started', 0, 'httpd is running\n'],
    ['failed', 1, 'httpd dead but pid file exists\n'],
    ['stopping', 2, 'httpd dead but subsys locked\n'],
    ['stopped', 3, 'httpd is stopped\n'],
    ['unknown', 4, 'httpd status unknown\n'],
  ] as const)('whose service is %s returns %i for status', (state, rc, output) => {
    expect(ask('lsb', 'status', { state, type: 'httpd' })).toEqual({ rc, output, hangs: false })
  })

  it('is called with status where a monitor is asked for, and knows no roles', () => {
    expect(familyOf('lsb').callText(specOf('lsb', 'httpd'), 'monitor')).toBe('/etc/init.d/httpd status')
    expect(ask('lsb', 'promote', { state: 'started', promotable: true }).rc).toBe(3)
  })
})

describe('a systemd unit', () => {
  it('is named in full', () => {
    expect(familyOf('systemd').callText(specOf('systemd', 'httpd'), 'start')).toBe('systemctl start httpd.service')
    expect(familyOf('systemd').callText(specOf('systemd', 'a.mount'), 'monitor')).toBe('systemctl status a.mount')
  })

  it('is active while its service hangs, and is killed after 90 s of stopping', () => {
    expect(ask('systemd', 'monitor', { state: 'hung' })).toEqual({ rc: 0, output: 'active\n', hangs: false })
    expect(ask('systemd', 'stop', { state: 'hung' })).toMatchObject({ begins: 'stop', ends: 'ok', delay: 90_000 })
  })

  it('says failed after a crash', () => {
    expect(ask('systemd', 'status', { state: 'failed' })).toEqual({ rc: 3, output: 'failed\n', hangs: false })
  })
})

describe('a script of haresources', () => {
  const family = familyOf('heartbeat')

  it('gets its parameters before the operation (spec heartbeat 1b)', () => {
    const spec = specOf('heartbeat', 'Filesystem', '/dev/drbd0', '/grp', 'ext3')
    expect(family.callText(spec, 'start')).toBe('Filesystem /dev/drbd0 /grp ext3 start')
    expect(family.callText(specOf('heartbeat', 'httpd'), 'stop')).toBe('httpd stop')
  })

  it('comes from resource.d where it is one of Heartbeat, else from init.d (spec heartbeat 1)', () => {
    expect(scriptPath('IPaddr')).toBe('/etc/ha.d/resource.d/IPaddr')
    expect(scriptPath('httpd')).toBe('/etc/init.d/httpd')
  })

  it('prints the words of the stock wrappers (spec heartbeat 15.7)', () => {
    expect(ask('heartbeat', 'status', { state: 'started', type: 'IPaddr' }).output).toBe('Running OK\n')
    expect(ask('heartbeat', 'status', { state: 'stuck', type: 'IPaddr' }).output).toBe('Running OK\n')
    expect(ask('heartbeat', 'status', { state: 'failed', type: 'IPaddr' }).output).toBe('Resource is stopped\n')
    expect(ask('heartbeat', 'status', { state: 'stopped', type: 'smb' }).output).toBe('smb is stopped\n')
  })

  it('prints whatever a scenario makes it print', () => {
    const misbehaviour = { kind: 'result', rc: 0, output: 'it is NOT OK\n' } as const
    expect(ask('heartbeat', 'status', { state: 'stopped', misbehaviour }).output).toBe('it is NOT OK\n')
  })

  it('fails and prints nothing where the script is missing (spec heartbeat 5)', () => {
    const misbehaviour = { kind: 'missing' } as const
    const missing = { rc: 127, output: '', hangs: false, isMissing: true }
    expect(ask('heartbeat', 'stop', { state: 'started', misbehaviour })).toEqual(missing)
    expect(ask('heartbeat', 'status', { state: 'started', misbehaviour }).output).toBe('')
  })

  it('knows start, stop and status only', () => {
    expect(ask('heartbeat', 'monitor', { state: 'started' }).rc).toBe(1)
  })
})

describe('a fence device as a resource', () => {
  it('is registered by its start, and answers its monitor', () => {
    expect(ask('stonith', 'start', { state: 'stopped' })).toMatchObject({ begins: 'start', ends: 'ok', rc: 0 })
    expect(ask('stonith', 'monitor', { state: 'started' }).rc).toBe(0)
    expect(ask('stonith', 'monitor', { state: 'stopped' }).rc).toBe(7)
    expect(ask('stonith', 'monitor', { state: 'failed' }).rc).toBe(1)
  })
})
