/** The scenarios that ship with the page, with the files beside them. */

const texts: Record<string, string> = import.meta.glob('../../scenarios/*/*.{yaml,cf,haresources}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** One scenario of the library. */
export interface LibraryEntry {
  /** `basics/first-failover`. */
  readonly id: string
  readonly folder: string
  readonly title: string
  readonly question: string
  readonly text: string
}

const FOLDERS = ['basics', 'heartbeat', 'disasters']

/** Every scenario, basics first. */
export const LIBRARY: readonly LibraryEntry[] = Object.entries(texts)
  .filter(([path]) => path.endsWith('.yaml'))
  .map(([path, text]) => {
    const id = path.replace('../../scenarios/', '').replace('.yaml', '')
    return { id, folder: id.split('/')[0] ?? '', title: field(text, 'title'), question: field(text, 'question'), text }
  })
  .sort((a, b) => FOLDERS.indexOf(a.folder) - FOLDERS.indexOf(b.folder) || (a.id < b.id ? -1 : 1))

/** The files that a scenario of `folder` can name: those beside it, and those of other folders by `../folder/name`. */
export function filesBeside(folder: string): readonly (readonly [name: string, text: string])[] {
  return Object.entries(texts).flatMap(([path, text]): (readonly [string, string])[] => {
    const [inFolder = '', name = ''] = path.replace('../../scenarios/', '').split('/')
    return inFolder === folder
      ? [
          [name, text],
          [`../${inFolder}/${name}`, text],
        ]
      : [[`../${inFolder}/${name}`, text]]
  })
}

function field(text: string, name: string): string {
  const value = new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
  return value.startsWith('"') ? (JSON.parse(value) as string) : value
}
