/** Inputs made to break or stall a reader: each ends in one clear problem. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCib } from '../../src/cib/read.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'

const cib = (resources: string, rest = ''): string =>
  `<cib have-quorum="1"><configuration><crm_config/><nodes><node id="1" uname="n1"/></nodes><resources>${resources}</resources>
  <constraints/>${rest}</configuration><status/></cib>`
const primitive = (id: string, content = ''): string =>
  `<primitive id="${id}" class="ocf" provider="p" type="t">${content}</primitive>`
const repeat = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join('')
const pairs = repeat(10_000, (at) => `<nvpair id="n${at}" name="x${at}" value="y"/>`)

describe('what multiplies or never ends is refused at once', () => {
  test.each([
    ['a text of 51 million characters', 'x'.repeat(51_000_000), 'million characters'],
    ['elements in elements in elements', '<a>'.repeat(100_000), 'nested more than'],
    ['entities of its own', '<!DOCTYPE a [<!ENTITY a "aaaa">]><cib/>', 'document type'],
    [
      'a rule that refers to itself',
      cib(
        primitive(
          'a',
          '<meta_attributes id="m"><rule id="r"><rule id-ref="r"/><rule id-ref="r"/></rule></meta_attributes>',
        ),
      ),
      'leads back',
    ],
    [
      'rules that refer to ten rules each',
      cib(
        primitive('a'),
        repeat(30, (at) => `<x><rule id="r${at}">${repeat(10, () => `<rule id-ref="r${at + 1}"/>`)}</rule></x>`),
      ),
      'multiply',
    ],
    [
      'thousands of resources that refer to one set of thousands',
      cib(
        primitive('a', `<meta_attributes id="m">${pairs}</meta_attributes>`) +
          repeat(10_000, (at) => primitive(`p${at}`, '<meta_attributes id-ref="m"/>')),
      ),
      'multiply',
    ],
    [
      'thousands of resources made from one template of thousands',
      cib(
        `<template id="T" class="ocf" provider="p" type="t"><instance_attributes id="i">${pairs}</instance_attributes></template>` +
          repeat(10_000, (at) => `<primitive id="p${at}" template="T"/>`),
      ),
      'multiply',
    ],
    [
      'a clone of two thousand million instances',
      cib(
        `<clone id="c"><meta_attributes id="m"><nvpair name="clone-max" value="2147483647"/></meta_attributes>${primitive('a')}</clone>`,
      ),
      'too large',
    ],
    [
      'a bundle of as many replicas',
      cib('<bundle id="b"><docker image="i" replicas="2147483647"/></bundle>'),
      'too large',
    ],
    [
      'a resource with thousands of operations',
      cib(
        primitive(
          'a',
          `<operations>${repeat(2000, (at) => `<op id="o${at}" name="m" interval="${at}"/>`)}</operations>`,
        ),
      ),
      'more than 1000 operations',
    ],
  ])('%s', (_title, text, what) => {
    const { value, problems } = readCib(text, 'x.xml')
    expect(value).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]?.what).toContain(what)
  })
})

describe('what is only long is read', () => {
  test('ten thousand comments, and a document in one line', () => {
    const text = cib(repeat(5000, (at) => primitive(`p${at}`))).replaceAll('\n', '') + '<!--a-->'.repeat(10_000)
    expect(readCib(text, 'x.xml').value?.configuration.resources).toHaveLength(5000)
  })

  test('thousands of failures of one resource', () => {
    const ops = repeat(
      5000,
      (at) => `<lrm_rsc_op id="a_${at}" operation_key="a_monitor_${at}" operation="monitor" interval="${at + 1}"
      transition-key="1:1:0:a" call-id="${at}" rc-code="1" op-status="0"/>`,
    )
    const status = `<status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"><lrm>
      <lrm_resources><lrm_resource id="a">${ops}</lrm_resource></lrm_resources></lrm></node_state></status>`
    const { value } = readCib(cib(primitive('a')).replace('<status/>', status), 'x.xml')
    expect(unpackCluster(value!, 0).failedOps).toHaveLength(5000)
  })
})

describe('a reader never throws', () => {
  test('whatever stands in the text, also half a character', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      '?',
      '!',
      '/',
      '=',
      '\ud83d',
      '<?',
      '<!--',
      '<cib',
      ' a="',
      '/>',
      'é',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const { value, problems } = readCib(pieces.join(''), 'x.xml')
        return value !== undefined || problems.length > 0
      }),
      { numRuns: 2000, seed: 1 },
    )
  })
})
