/** Files that are opened in the page: what they are taken for, the scenario made of them, and where a mistake in them is. */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { continuation, standardScenario } from '../../src/run/standard.ts'
import { checkScenario, VOCABULARY } from '../../src/run/vocabulary.ts'
import { readScenario } from '../../src/scenario/reader.ts'
import { inlineFiles, placeInside } from '../../web/replay/config-text.ts'
import { type Opened, scenarioOf, sortFiles } from '../../web/replay/opening.ts'
import { blowOf } from '../../web/replay/standard.ts'
import { unpack } from '../../web/replay/unpack.ts'

const file = (path: string) => ({ name: path.replace(/^.*\//, ''), text: readFileSync(path, 'utf8') })
const PAIR = [file('scenarios/heartbeat/pair.ha.cf'), file('scenarios/heartbeat/pair.haresources')]
const SHOP = file('scenarios/rgmanager/shop.cluster.conf')
const THREE = file('scenarios/pacemaker/three.xml')

const read = (text: string) => readScenario({ name: 'own.yaml', text, fileBeside: () => undefined }, VOCABULARY)

function configOf(...files: readonly { readonly name: string; readonly text: string }[]) {
  const opened = sortFiles(files)
  if (opened.kind !== 'config') throw new Error(`taken for ${opened.kind}`)
  return opened
}

const made = (opened: Extract<Opened, { kind: 'config' }>) => read(scenarioOf(opened, blowOf(opened)))

/** `<cib epoch="1"/>` and a newline, as bzip2 packs it. */
const PACKED = 'QlpoOTFBWSZTWbJXPq8AAANZgAAQUACgBxpgwAAgACGoGNR6TCmAAILlwyM/SkVVi7kinChIWSufV4A='

describe('opened files', () => {
  it('are unpacked by their names, also where there is no Buffer as in browsers', async () => {
    const pack = (name: string, bytes: Uint8Array) => ({ name, bytes: new Uint8Array(bytes) })
    const text = '<cib epoch="1"/>\n'
    const bytes = Buffer.from(PACKED, 'base64')
    expect(await unpack(pack('a.xml', Buffer.from(text)))).toEqual({ name: 'a.xml', text })
    expect(await unpack(pack('a.xml.gz', gzipSync(text)))).toEqual({ name: 'a.xml', text })
    const { Buffer: kept } = globalThis
    // Browsers have none.
    Object.assign(globalThis, { Buffer: undefined })
    const unpacked = unpack(pack('a.xml.bz2', bytes))
    try {
      expect(await unpacked).toEqual({ name: 'a.xml', text })
    } finally {
      Object.assign(globalThis, { Buffer: kept })
    }
    await expect(unpack(pack('a.xml.bz2', bytes.subarray(0, 30)))).rejects.toThrow()
  })

  it('are taken for what they are, whatever they are called', () => {
    const kinds = [
      [THREE],
      [{ name: 'pe-input-7', text: '\n<cib epoch="1"/>' }],
      [SHOP],
      PAIR,
      [{ name: 'a.yaml', text: 'title: a' }],
      [{ name: 'a.jsonl', text: '' }],
    ].map((files) => sortFiles(files))
    expect(kinds.map((opened) => (opened.kind === 'config' ? opened.manager : opened.kind))).toEqual([
      'pacemaker',
      'pacemaker',
      'rgmanager',
      'heartbeat',
      'scenario',
      'trace',
    ])
    expect(sortFiles([PAIR[0]!])).toEqual({ kind: 'unknown', what: expect.stringContaining('open both') })
    expect(sortFiles([{ name: 'notes.txt', text: 'hello' }])).toMatchObject({ kind: 'unknown' })
  })

  it('become the scenario that the command line makes of them', () => {
    expect(made(configOf(THREE)).value).toEqual(continuation(THREE).value)
    expect(made(configOf(SHOP)).value).toEqual(standardScenario('rgmanager', [SHOP]).value)
    expect(made(configOf(...PAIR)).value).toEqual(standardScenario('heartbeat', PAIR).value)
  })

  it('keep the lines and columns of their mistakes', () => {
    const broken = { ...THREE, text: THREE.text.replace('rsc="solo"', 'rsc="solo') }
    const opened = configOf(broken)
    const text = scenarioOf(opened, blowOf(opened))
    const { value, places } = read(text)
    const [problem] = checkScenario(value!, 'own.yaml', places)
    expect(problem).toMatchObject({ file: 'three.xml', line: 72 })
    const place = placeInside(text, problem!)!
    expect(text.split('\n')[place.line - 1]).toContain('id="solo-prefers-node2"')
    expect(text.split('\n')[place.line - 1]!.slice(place.column - 1)).toBe(
      broken.text.split('\n')[problem!.line - 1]!.slice(problem!.column - 1),
    )
  })
})

describe('the configuration of a scenario', () => {
  it.each([
    ['one line', 'config: three.xml'],
    ['braces', 'config: { three.xml: three.xml } # the real one'],
    ['lines', 'config:\n  three.xml: three.xml'],
  ])('is written out where it is named in %s', (_, config) => {
    const text = `title: a\nmanager: pacemaker\n${config}\n# a comment\nuntil: 1m\n`
    const inlined = inlineFiles(text, [THREE])
    expect(inlined).toContain('# a comment\nuntil: 1m\n')
    expect(read(inlined).value?.files).toEqual([THREE])
    expect(inlineFiles(inlined, [THREE])).toBe(inlined)
    expect(inlineFiles(text, [])).toBe(text)
  })

  it('writes out what it can find and leaves the rest', () => {
    const text = 'title: a\nconfig: { cib.xml: three.xml, corosync.conf: other.conf }\nuntil: 1m\n'
    expect(inlineFiles(text, [THREE]).split('\n').slice(-4)).toEqual(
      ['    </cib>', '  corosync.conf: other.conf', 'until: 1m', ''].map((line) =>
        line.replace('    </cib>', `    ${THREE.text.trimEnd().split('\n').at(-1)}`),
      ),
    )
  })
})
