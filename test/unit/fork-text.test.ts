/** A step added to a scenario's text: what the page's fork writes. */
import { describe, expect, it } from 'vitest'
import { addStep, type StepFields } from '../../web/replay/fork.ts'

const CRASH: StepFields = [
  ['at', '90500ms'],
  ['fault', 'node-crash'],
  ['node', 'alice'],
]
const LINE = '- { at: 90500ms, fault: node-crash, node: alice }'

describe('a step is added', () => {
  it('behind the others, with their indent, before what follows', () => {
    const text = 'title: x\ntimeline:\n  # first\n  - { at: 1m }\n  - at: 2m\n    fault: y\n\n# then\nexpect:\n  - z\n'
    expect(addStep(text, CRASH)).toBe(
      `title: x\ntimeline:\n  # first\n  - { at: 1m }\n  - at: 2m\n    fault: y\n  ${LINE}\n\n# then\nexpect:\n  - z\n`,
    )
    expect(addStep('timeline:\n- at: 1m\nexpect: []\n', CRASH)).toBe(`timeline:\n- at: 1m\n${LINE}\nexpect: []\n`)
  })

  it('also where there is no timeline, or one in a line', () => {
    expect(addStep('title: x\nexpect:\n  - z\n', CRASH)).toBe(`title: x\ntimeline:\n  ${LINE}\nexpect:\n  - z\n`)
    expect(addStep('title: x\n', CRASH)).toBe(`title: x\ntimeline:\n  ${LINE}\n`)
    expect(addStep('timeline: []\n', CRASH)).toBe(`timeline: [${LINE.slice(2)}]\n`)
  })

  it('with names that YAML would read otherwise in quotes, and sides as lists of lists', () => {
    const fields: StepFields = [
      ['resource', 'Filesystem::/dev/drbd0'],
      ['sides', [['n1'], ['n2', 'n3']]],
    ]
    expect(addStep('timeline:\n', fields)).toBe(
      'timeline:\n  - { resource: "Filesystem::/dev/drbd0", sides: [[n1], [n2, n3]] }\n',
    )
  })
})
