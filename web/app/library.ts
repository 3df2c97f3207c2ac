/** The library: scenarios by name, each with the question it answers and the files that it may name. */
import type { SourceFile } from '../../src/model/source.ts'

/** One scenario of the library. */
export interface Shelf {
  /** Folder and file, say `basics/first-failover`. */
  readonly name: string
  readonly folder: string
  readonly title: string
  readonly question: string
  readonly text: string
}

/** Everything there is. */
export interface Library {
  /** Basics first, then lessons, then by name. */
  readonly shelves: readonly Shelf[]
  /** Every shipped file under the names by which a scenario of this folder may call it. */
  readonly filesFor: (name: string) => readonly SourceFile[]
}

/** A library of texts by path, `…/scenarios/FOLDER/FILE`. */
export function toLibrary(texts: Readonly<Record<string, string>>, files: Readonly<Record<string, string>>): Library {
  const shelves = Object.entries(texts)
    .map(([path, text]) => {
      const name = pathIn(path).replace(/\.yaml$/, '')
      return { name, folder: folderOf(name), title: field(text, 'title'), question: field(text, 'question'), text }
    })
    .sort((left, right) => (rank(left) + left.name < rank(right) + right.name ? -1 : 1))
  const known = Object.entries(files).map(([path, text]) => ({ path: pathIn(path), text }))
  const filesFor = (name: string): readonly SourceFile[] => {
    const folder = folderOf(name)
    return known.map(({ path, text }) => {
      const isNear = path.startsWith(`${folder}/`)
      return { name: isNear ? path.slice(folder.length + 1) : `../${path}`, text }
    })
  }
  return { shelves, filesFor }
}

function pathIn(path: string): string {
  return path.replace(/^.*scenarios\//, '')
}

function folderOf(name: string): string {
  return name.split('/')[0]!
}

const FIRST_FOLDERS = ['basics', 'lessons', 'incidents', 'policies', 'pacemaker', 'rgmanager', 'heartbeat', 'disasters']

function rank({ folder }: { readonly folder: string }): string {
  const place = FIRST_FOLDERS.indexOf(folder)
  return String(place < 0 ? FIRST_FOLDERS.length : place)
}

/** The question that a scenario's text answers; empty where it asks none. */
export function questionOf(text: string): string {
  return field(text, 'question')
}

/** One line of the head of a YAML text; the reader proper runs in the worker. */
function field(text: string, key: string): string {
  const line = new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  return /^".*"$|^'.*'$/.test(line) ? line.slice(1, -1) : line
}
