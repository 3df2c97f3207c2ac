/** Which line of the configuration stands behind a decision of RGManager or Heartbeat. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DecisionRecord } from '../../src/trace/record.ts'
import { defaultsBehind, linesBehind } from '../../web/replay/sources.ts'

const decision = (about: readonly string[], text: string, source: string): DecisionRecord => ({
  ...{ kind: 'decision', seq: 1, at: 0, cause: 0, node: 'n1', decision: 'test', text: 'does it' },
  about,
  reasons: [{ text, source }],
})

const file = (name: string, text: string) => ({ name, text })

describe('the lines behind a decision', () => {
  const shop = file('shop.cluster.conf', readFileSync('scenarios/rgmanager/shop.cluster.conf', 'utf8'))
  const lines = shop.text.split('\n')

  it('are those of the service, the failover domain and the option that it names', () => {
    const found = linesBehind(decision(['service:web'], 'its score is 3 (max_restarts)', 'failoverdomain prefer-n1'), [
      shop,
    ])
    expect(found.map(({ source }) => /<\w+ name="[\w-]+"/.exec(source)?.[0])).toEqual([
      '<service name="web"',
      '<failoverdomain name="prefer-n1"',
    ])
    for (const { line, source } of found) expect(lines[line - 1]!.trim()).toBe(source)
  })

  it('are none where a rule of the manager or a default decides', () => {
    expect(linesBehind(decision([], 'it left without goodbye', 'spec rgmanager 14'), [shop])).toEqual([])
    expect(linesBehind(decision([], 'nobody knows', 'post_fail_delay'), [file('x', '<cluster/>')])).toEqual([])
  })

  it('are told to be defaults where an option is named that no file sets, never for rules and set ones', () => {
    const files = [file('c', '<cluster>\n<service name="a_b" max_restarts="2"/>\n</cluster>')]
    expect(defaultsBehind(decision([], 'a_b failed, max_restarts 2', 'post_fail_delay'), files)).toEqual([
      'post_fail_delay',
    ])
    expect(defaultsBehind(decision([], 'it left', 'spec rgmanager 14'), files)).toEqual([])
    expect(defaultsBehind(decision([], 'asked for', 'cman_tool version -r'), files)).toEqual([])
    expect(defaultsBehind(decision([], 'nobody knows', 'post_fail_delay'), [])).toEqual([])
  })

  it('are found in ha.cf and haresources, never in a comment or in a part of a word', () => {
    const files = [
      file('ha.cf', '# auto_failback is below\nauto_failback_x on\nauto_failback on\n'),
      file('haresources', 'alice drbddisk::r0x\nalice drbddisk::r0 httpd\n'),
    ]
    const found = linesBehind(decision(['drbddisk::r0'], 'gives back by auto_failback', 'spec heartbeat 6'), files)
    expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(['haresources:2', 'ha.cf:3'])
  })

  it('takes a dot in a name for a dot', () => {
    const found = linesBehind(decision(['ip:10.0.0.1'], '', ''), [
      file('c', '<rm>\n<ip address="10x0x0x1"/>\n<ip address="10.0.0.1/24"/>\n</rm>'),
    ])
    expect(found.map(({ line }) => line)).toEqual([3])
  })
})
