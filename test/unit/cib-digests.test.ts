/** Digests of operation parameters, and what follows from them while status is read. */
import { describe, expect, test } from 'vitest'
import { compareDigests, copyCache, digestOf, unfencingDigests } from '../../src/cib/digests.ts'
import { md5 } from '../../src/cib/md5.ts'
import { readCib } from '../../src/cib/read.ts'
import type { ClusterState } from '../../src/cib/state.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'

const EMPTY = 'f2317cad3d54cec5d7d7aa7d0bf35cf8'
const TIMEOUT_20 = '4811cef7f7f94e3a35a70be7916cb2fd'
const KEY = '1:1:0:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'

interface Parts {
  readonly options?: string
  readonly meta?: string
  readonly parameters?: string
  readonly operations?: string
  readonly resources?: string
  readonly attributes?: string
  readonly ops?: string
  readonly others?: string
}

const pairs = (text = ''): string =>
  text
    .split(' ')
    .filter((pair) => pair !== '')
    .map((pair) => `<nvpair name="${pair.split('=')[0]}" value="${pair.split('=')[1]}"/>`)
    .join('')

/** A cluster of n1 with a primitive A whose history there is `ops`, at second 1000. */
function unpack(parts: Parts): ClusterState {
  const { options = 'stonith-enabled=false', meta, parameters, operations = '', resources = '', ops = '' } = parts
  const { value } = readCib(
    `<cib have-quorum="1" crm_feature_set="3.16.1"><configuration><crm_config><cluster_property_set id="o">${pairs(options)}
    </cluster_property_set></crm_config><nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes><resources>
    <primitive id="A" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m">${pairs(meta)}</meta_attributes>
    <instance_attributes id="i">${pairs(parameters)}</instance_attributes><operations>${operations}</operations></primitive>
    ${resources}</resources></configuration><status>
    <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"><transient_attributes>
    <instance_attributes id="t">${pairs(parts.attributes)}</instance_attributes></transient_attributes><lrm><lrm_resources>
    <lrm_resource id="A" class="ocf" provider="pacemaker" type="Dummy">${ops}</lrm_resource></lrm_resources></lrm></node_state>
    ${parts.others ?? ''}</status></cib>`,
    'x.xml',
  )
  return unpackCluster(value!, 1000)
}

const op = (id: string, task: string, intervalMs: number, rest: string): string =>
  `<lrm_rsc_op id="A_${id}" operation_key="A_${task}_${intervalMs}" operation="${task}" interval="${intervalMs}"
   transition-key="${KEY}" ${rest}/>`
const START = op(
  'last_0',
  'start',
  0,
  `call-id="1" rc-code="0" op-status="0" last-rc-change="500" op-digest="${EMPTY}"`,
)

/** The result for the last operation of A's history. */
function compare(state: ClusterState): ReturnType<typeof compareDigests> {
  const last = state.status.nodeStates[0]!.history[0]!.ops.at(-1)!
  return compareDigests({
    state,
    cache: copyCache(state.digests),
    resource: state.resources[0]!,
    node: state.nodes[0]!,
    op: last,
  })
}

describe('MD5', () => {
  test.each([
    ['', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
    ['1234567890'.repeat(8), '57edf4a22be3c955ac49da2e2107b67a'],
    ['Grüße, 世界 😀', '93db5baa80a64ccbd08617f4ebcb96a5'],
  ])('of %s is that of RFC 1321', (text, digest) => {
    expect(md5(text)).toBe(digest)
  })

  test('of lengths around a block’s end differ from each other', () => {
    const digests = new Set(Array.from({ length: 130 }, (_, length) => md5('x'.repeat(length))))
    expect(digests.size).toBe(130)
  })
})

describe('the digest of parameters', () => {
  test('no parameters at all, and only a timeout (A-19.1)', () => {
    expect(digestOf(new Map())).toBe(EMPTY)
    expect(digestOf(new Map([['CRM_meta_timeout', '20000']]))).toBe(TIMEOUT_20)
  })

  test('sorts by name and escapes values (A-19.1)', () => {
    const digest = digestOf(
      new Map([
        ['b', 'a\tb'],
        ['a', '<&>"\''],
        ['c', 'é & ü'],
        ['d', '\u0001\n'],
      ]),
    )
    expect(digest).toBe(md5(' <parameters a="&lt;&amp;&gt;&quot;&apos;" b="a    b" c="é & ü" d="\\001\\n"/>\n'))
  })
})

describe('comparing an operation with the configuration', () => {
  const done = 'call-id="2" rc-code="0" op-status="0"'
  const own =
    '<op name="start" interval="0"><instance_attributes id="oi"><nvpair name="x" value="1"/></instance_attributes></op>'

  test.each<[string, Parts, string]>([
    ['the same parameters match', { ops: START }, 'match'],
    ['other parameters differ', { ops: START, parameters: 'ip=1' }, 'all'],
    [
      'a timeout counts for recurring operations',
      { ops: op('m', 'monitor', 9000, `${done} op-digest="${TIMEOUT_20}"`) },
      'match',
    ],
    ['no digest is unknown', { ops: op('m', 'monitor', 9000, done) }, 'unknown'],
    [
      'a restart digest that differs asks for a restart, whatever else',
      { ops: op('last_0', 'start', 0, `${done} op-restart-digest="x" op-digest="${EMPTY}"`) },
      'restart',
    ],
    [
      'a restart digest looks only at the parameters listed',
      {
        parameters: 'ip=1',
        ops: op('last_0', 'start', 0, `${done} op-force-restart=" state " op-restart-digest="${EMPTY}" op-digest="x"`),
      },
      'all',
    ],
    ['parameters of the operation itself ask for a restart', { ops: START, operations: own }, 'restart'],
  ])('%s (A-19.5)', (_title, parts, result) => {
    expect(compare(unpack(parts)).result).toBe(result)
  })

  test('what must not be shown does not count as a change of its own (A-19.4)', () => {
    const ops = op(
      'last_0',
      'start',
      0,
      `${done} op-digest="x" op-secure-params=" passwd " op-secure-digest="${EMPTY}"`,
    )
    expect(compare(unpack({ ops, parameters: 'passwd=1' }))).toEqual({ result: 'all', isPrivate: true })
    expect(compare(unpack({ ops, parameters: 'user=1' }))).toEqual({ result: 'all', isPrivate: false })
  })

  test('the first operation of a key decides what later ones are compared with (C-5.5)', () => {
    const second = op('b', 'start', 0, `${done} op-restart-digest="x" op-digest="${EMPTY}"`)
    const state = unpack({ ops: START + second })
    const [first, last] = state.status.nodeStates[0]!.history[0]!.ops
    const given = { state, cache: new Map(), resource: state.resources[0]!, node: state.nodes[0]! }
    expect(compareDigests({ ...given, op: first! }).result).toBe('match')
    expect(compareDigests({ ...given, op: last! }).result).toBe('match')
    expect(compareDigests({ ...given, cache: new Map(), op: last! }).result).toBe('restart')
  })
})

describe('failures and digests', () => {
  const failure = (digest: string, when = 900): string =>
    op('last_failure_0', 'monitor', 9000, `call-id="2" rc-code="1" op-status="0" last-rc-change="${when}" ${digest}`)
  const keys = (state: ClusterState): string[] => state.earlyActions.map(({ key }) => key)

  test('a failure with other parameters is forgiven (A-18.4)', () => {
    expect(keys(unpack({ ops: START + failure('op-digest="x"') }))).toContain('A_clear_failcount_0')
    expect(keys(unpack({ ops: START + failure(`op-digest="${TIMEOUT_20}"`) }))).not.toContain('A_clear_failcount_0')
    expect(keys(unpack({ ops: START + failure('') }))).not.toContain('A_clear_failcount_0')
  })

  test('a recurring failure that expired asks for a restart of its operation (A-14.9)', () => {
    const state = unpack({ meta: 'failure-timeout=60', ops: START + failure(`op-digest="${TIMEOUT_20}"`, 600) })
    expect(state.expiredOps.size).toBe(1)
    expect(compare(state).result).toBe('restart')
    expect(state.resources[0]!.failed).toBe(false)
  })

  test('a connection that stands for its host is checked later (A-19.6)', () => {
    const id = (text: string): string => text.replaceAll('A_', 'r_')
    const remote = `<primitive id="r" class="ocf" provider="pacemaker" type="remote"><instance_attributes id="ri">
      <nvpair name="addr" value="#UNAME"/></instance_attributes></primitive>`
    const history = `<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"><lrm>
      <lrm_resources><lrm_resource id="r">${id(START + failure('op-digest="x"'))}</lrm_resource></lrm_resources></lrm></node_state>`
    const state = unpack({ resources: remote, others: history })
    expect(state.deferredChecks).toMatchObject([{ kind: 'last-failure', op: { id: 'r_last_failure_0' } }])
    expect(keys(state)).not.toContain('r_clear_failcount_0')
  })
})

describe('unfencing', () => {
  const device = `<primitive id="f" class="stonith" type="fence_scsi"><meta_attributes id="fm">
    <nvpair name="provides" value="unfencing"/></meta_attributes><instance_attributes id="fi">
    <nvpair name="devices" value="d"/><nvpair name="passwd" value="p"/></instance_attributes></primitive>`
  const all = digestOf(
    new Map([
      ['devices', 'd'],
      ['passwd', 'p'],
    ]),
  )
  const secure = digestOf(new Map([['devices', 'd']]))
  const digests = (attributes: string): ReturnType<typeof unfencingDigests> => {
    const state = unpack({ resources: device, attributes })
    return unfencingDigests(state, new Map(), state.nodes[0]!)
  }

  test('names every device with its digests (A-20.4)', () => {
    expect(digests('')).toEqual({
      all: `f:fence_scsi:${all},`,
      secure: `f:fence_scsi:${secure},`,
      isChanged: false,
      notices: [],
    })
  })

  test('sees whether a device is defined otherwise than when the node was unfenced (A-20.4)', () => {
    expect(digests(`#digests-all=f:fence_scsi:${all},`)).toMatchObject({ isChanged: false, notices: [] })
    expect(digests('#digests-all=f:fence_scsi:x,')).toMatchObject({
      isChanged: true,
      notices: [
        `Parameters to f for unfencing n1 changed, try 'f:fence_scsi:${secure}'`,
        'notice: Unfencing Pacemaker Remote node n1 because the definition of f changed',
      ],
    })
    expect(digests(`#digests-all=f:fence_scsi:x, #digests-secure=f:fence_scsi:${secure},`)).toMatchObject({
      isChanged: false,
      notices: ["Only 'private' parameters to f for unfencing n1 changed"],
    })
  })

  test('a lost node is fenced with the digests, and at once where a device changed (A-20.4)', () => {
    const lost = `<node_state id="2" uname="n2" in_ccm="false" crmd="offline" join="member" expected="member">
      <transient_attributes><instance_attributes id="t2"><nvpair name="#digests-all" value="x"/></instance_attributes>
      </transient_attributes></node_state>`
    const { earlyActions, notices } = unpack({ options: '', resources: device, others: lost })
    expect(earlyActions).toMatchObject([{ key: 'stonith-n2-reboot', optional: false }])
    expect(earlyActions[0]!.meta).toContainEqual(['digests-all', `f:fence_scsi:${all},`])
    expect(notices).toHaveLength(2)
  })
})
