/**
 * Reads haresources: one resource group a line, the owner first. Blanks are compressed, `\` joins lines, `#` begins a comment, and an
 * address alone means the agent IPaddr. Source: spec heartbeat 1b.
 */
import type { NodeName } from '../model/names.ts'
import type { Reading } from '../model/problem.ts'
import type { ResourceSpec } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import type { ResourceGroup } from './config.ts'
import { Complaints, isReadable, type Word, wordLines } from './lines.ts'

const ADDRESS = /^[0-9]*\.[0-9]*\.[0-9]*\.[0-9]*/

/** The groups in file order. `nodes` are those of ha.cf. */
export function readHaresources(file: SourceFile, nodes: readonly NodeName[]): Reading<readonly ResourceGroup[]> {
  const complaints = new Complaints(file.name)
  if (!isReadable(file, complaints)) return { value: undefined, problems: complaints.problems }
  const groups: ResourceGroup[] = []
  for (const line of wordLines(file.text, 'backslash')) {
    const group = readGroup(line, nodes, complaints)
    if (group !== undefined) groups.push(group)
  }
  if (groups.length === 0)
    complaints.add('error', undefined, 'no resource group is configured', 'write a line such as `node1 10.0.0.1 httpd`')
  checkKeys(groups, complaints)
  return { value: groups, problems: complaints.problems }
}

/** The resource that a word of haresources names: `script`, `script::arg1::arg2`, or an address. */
export function toResource(word: string): ResourceSpec {
  const parts = ADDRESS.test(word) ? ['IPaddr', word] : word.split('::')
  const [type = '', ...values] = parts
  return {
    id: word,
    agent: { class: 'heartbeat', type },
    parameters: values.map((value, index) => ({ name: String(index + 1), value })),
    promotable: false,
  }
}

function readGroup(
  line: readonly Word[],
  nodes: readonly NodeName[],
  complaints: Complaints,
): ResourceGroup | undefined {
  const [ownerWord, ...words] = line
  if (ownerWord === undefined) return undefined
  const owner = ownerWord.text.toLowerCase()
  if (!nodes.includes(owner)) {
    complaints.add(
      'error',
      ownerWord,
      `"${ownerWord.text}" owns this group but is no node of ha.cf`,
      `a line begins with one of ${nodes.join(', ')}`,
    )
  }
  const [first] = words
  if (first === undefined) {
    complaints.add(
      'error',
      ownerWord,
      `the line of ${owner} names no resource`,
      'write at least one resource behind the node',
    )
    return undefined
  }
  const seen = new Set<string>()
  for (const word of words) {
    if (/^:|:$|:::/.test(word.text))
      complaints.add(
        'error',
        word,
        `"${word.text}" has an empty part`,
        'arguments are joined by `::`, as in Filesystem::/dev/sdb1::/srv::ext3',
      )
    if (seen.has(word.text))
      complaints.add('error', word, `"${word.text}" stands twice in one group`, 'name each resource once')
    seen.add(word.text)
  }
  return { key: first.text, owner, resources: words.map((word) => toResource(word.text)), line: first.line }
}

/** A key that stands in another line too would match both (spec 1b): the second line's node would be taken for a resource. */
function checkKeys(groups: readonly ResourceGroup[], complaints: Complaints): void {
  for (const group of groups) {
    for (const other of groups) {
      if (other === group || !other.resources.some((spec) => spec.id === group.key)) continue
      if (other.key === group.key && other.line < group.line) continue
      const place = { line: group.line, column: 1 }
      complaints.add(
        'error',
        place,
        `the group key "${group.key}" also stands in line ${other.line}`,
        'Heartbeat finds a group by its first resource, so it must stand in no other line',
      )
    }
  }
}
