/** The scenarios that the page carries with it, with the configuration files beside them. Bundled as text; nothing is fetched. */
import type { SourceFile } from '../../src/model/source.ts'
import type { Job } from '../replay/contract.ts'

const TEXTS = import.meta.glob('../../scenarios/*/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Readonly<Record<string, string>>
const FILES = import.meta.glob(['../../scenarios/*/*', '!../../scenarios/*/*.yaml', '!../../scenarios/*/*.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Readonly<Record<string, string>>

/** One scenario of the library. */
export interface Shelf {
  /** Folder and file, say `basics/first-failover`. */
  readonly name: string
  readonly folder: string
  readonly title: string
  readonly question: string
  readonly text: string
}

/** All of them: basics first, then by name. */
export const LIBRARY: readonly Shelf[] = Object.entries(TEXTS)
  .map(([path, text]) => {
    const name = path.replace(/^.*scenarios\//, '').replace(/\.yaml$/, '')
    return { name, folder: name.split('/')[0]!, title: field(text, 'title'), question: field(text, 'question'), text }
  })
  .sort((left, right) => (rank(left) + left.name < rank(right) + right.name ? -1 : 1))

/** The job of a scenario of the library, or undefined where there is none of that name. */
export function jobOf(name: string, seed: number | undefined): Job | undefined {
  const shelf = LIBRARY.find((entry) => entry.name === name)
  return shelf === undefined ? undefined : { name, text: shelf.text, files: filesFor(name), seed }
}

/** Every shipped file under the names by which a scenario of this folder may call it. */
function filesFor(name: string): readonly SourceFile[] {
  const folder = name.split('/')[0]!
  return Object.entries(FILES).flatMap(([path, text]) => {
    const rest = path.replace(/^.*scenarios\//, '')
    const file = rest.startsWith(`${folder}/`) ? rest.slice(folder.length + 1) : `../${rest}`
    return [{ name: file, text }]
  })
}

function rank(shelf: Shelf): string {
  return shelf.folder === 'basics' ? '0' : shelf.folder === 'lessons' ? '1' : '2'
}

/** One line of the head of a YAML text; the reader proper runs in the worker. */
function field(text: string, key: string): string {
  const line = new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  return /^".*"$|^'.*'$/.test(line) ? line.slice(1, -1) : line
}
