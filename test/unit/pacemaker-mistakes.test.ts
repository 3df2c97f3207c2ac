/** Plausible mistakes in a Pacemaker scenario and its CIB: each is told with its place and what to do. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemText } from '../../src/model/problem.ts'
import { adviceOn } from '../../src/pacemaker/advice.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'

const THREE = readFileSync('scenarios/pacemaker/three.xml', 'utf8')
const HEAD = `title: t
manager: pacemaker
config: { cib.xml: three.xml }
until: 5m
timeline:
`

/** What is said of steps on the lines from 6 on and of a CIB, without advice on timeouts. */
function told(steps: string, [from, to]: readonly [string, string] = ['', '']): readonly string[] {
  if (!THREE.includes(from)) throw new Error(`the CIB has no ${from}`)
  const cib = THREE.replace(from, to)
  const source = { name: 's.yaml', text: `${HEAD}${steps}\n`, fileBeside: () => cib }
  const { value, problems, places } = readScenario(source, VOCABULARY)
  const found = value === undefined ? problems : [...problems, ...checkScenario(value, 's.yaml', places)]
  const all = [...found, ...adviceOn({ name: 'three.xml', text: cib })]
  return all.map(problemText).filter((line) => !line.includes('advertises'))
}

const STEP = '  - { at: 2m, fault: service-crash, node: node2, resource: solo }'

describe('mistakes in what a scenario says of the cluster', () => {
  const toldOf = (options: string, step = STEP): readonly string[] => {
    const text = `${HEAD.replace('until: 5m', `options: { ${options} }`)}${step}\n`
    const { value, problems, places } = readScenario({ name: 's.yaml', text, fileBeside: () => THREE }, VOCABULARY)
    return [...problems, ...checkScenario(value!, 's.yaml', places)].map(problemText)
  }

  it('electionOrder names members, each once, at the place of the options', () => {
    expect(toldOf('electionOrder: node1 node3')).toEqual([])
    expect(toldOf('electionOrder: node1 node7 node1, lossOrder: none')).toEqual([
      's.yaml:4:10: error: electionOrder: there is no member "node7" — did you mean node1?',
      's.yaml:4:10: error: electionOrder: "node1" stands there twice — name each node once',
      's.yaml:4:10: error: lossOrder: none is no order — known are cpg, quorum and chance',
    ])
  })

  it('a partition says what becomes of a node on no side', () => {
    const cut = (sides: string): string => `  - { at: 2m, fault: partition, sides: ${sides} }`
    const advice = 'a node on no side goes on hearing all of them: put it on the side that it can reach'
    expect(toldOf('cores: 2', cut('[[node1], [node3]]'))).toEqual([
      `s.yaml:6:5: warning: partition: no side has node2 — ${advice}`,
    ])
    expect(toldOf('cores: 2', cut('[[node1], [node2, node3]]'))).toEqual([])
  })
})

describe('mistakes in steps', () => {
  it.each([
    [
      '  - { at: 9m, fault: service-crash, node: node2, resource: solo }',
      '6:11: warning: this step is never taken: the run ends at 5m — end the run later with `until`',
    ],
    [
      '  - { at: 1m, run: standby node1, node: node1 }',
      '6:5: error: this step is neither a fault nor a command: it has only at, run, node — write `fault: …`, `command: …`, or of a CIB `modify: …`',
    ],
    [
      '  - { at: 1m, on: node2, command: mvoe solo node1 }',
      '6:5: error: Pacemaker knows no command "mvoe" (did you mean move?)',
    ],
    [
      '  - { at: 1m, on: node2, command: move sole node1 }',
      '6:5: error: there is no resource "sole" — did you mean solo?',
    ],
    [
      '  - { at: 1m, on: node2, command: crm_resource --ban -r solo -N node1 --lifetim PT1M }',
      '6:5: error: crm_resource: option --lifetim is not known here',
    ],
    [
      '  - { at: 1m, command: standby node1 }',
      '6:5: error: a command needs a node on which it is typed — write `on: NODE`',
    ],
    ['  - { at: 1m, on: node9, command: standby node1 }', '6:5: error: there is no node "node9"'],
    [
      '  - { at: 2 minutes, fault: node-crash, node: node1 }',
      '6:11: error: "2 minutes" is no duration — write 500ms, 10s, 2m or 1h30m',
    ],
  ])('%s', (steps, text) => {
    expect(told(steps)).toHaveLength(1)
    expect(told(steps)[0]).toContain(`s.yaml:${text}`)
  })
})

describe('mistakes in a CIB', () => {
  it.each([
    [
      '</primitive>',
      '',
      /^three\.xml:\d+:\d+: error: <primitive> of line 15 is not closed before this — mend the XML$/,
    ],
    [
      'score="50"',
      'score="fifty"',
      /"fifty" is no value of score of <rsc_location> — write a whole number, INFINITY or -INFINITY$/,
    ],
    ['rsc="solo"', 'rsc="sola"', /There is no "sola" to which rsc could refer — did you mean solo\?$/],
    ['role="Promoted"', 'role="Promotet"', /"Promotet" is no value of role of <op> — did you mean Promoted\?$/],
    [
      'role="Promoted"',
      'role="Promoted" on-fail="fencing"',
      /"fencing" is no value of on-fail of <op> — known are ignore, block, demote, stop, restart, standby, fence, restart-container$/,
    ],
    [
      'interval="11s"',
      'interval="10s"',
      /: warning: st: operation st-monu has the name and the interval of st-monp: one of them is lost/,
    ],
    [
      'value="stop"',
      'value="stopp"',
      /: warning: cluster option no-quorum-policy: "stopp" is no value of it, the default is taken — did you mean stop\?$/,
    ],
    [
      'name="notify" value="false"',
      'name="target-role" value="Stoped"',
      /: warning: st-clone: meta-attribute target-role: "Stoped" is no value of it/,
    ],
    ['id="g2-mon"', 'id="g1-mon"', /The id "g1-mon" is used twice — choose another$/],
  ])('%s → %s', (from, to, text) => {
    const lines = told(STEP, [from, to])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(text)
    expect(lines[0]).toMatch(/^three\.xml:[1-9]\d*:[1-9]\d*: /)
  })

  it('what is right is not complained of', () => {
    expect(told(STEP)).toEqual([])
  })
})
