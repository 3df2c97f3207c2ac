/** The scenarios that ship with Quorate, each with the question that it answers. */
import { type ReactElement, useState } from 'react'
import type { Shelf } from '../app/library.ts'

const TITLES: ReadonlyMap<string, string> = new Map([
  ['basics', 'Basics'],
  ['lessons', 'Lessons: predict, then look'],
  ['incidents', 'One incident, three managers'],
  ['policies', 'One incident, two policies'],
  ['pacemaker', 'Pacemaker'],
  ['rgmanager', 'RGManager, case by case'],
  ['heartbeat', 'Heartbeat, case by case'],
  ['disasters', 'Disasters'],
  ['lab', 'Recordings of real clusters, simulated'],
])

interface Props {
  readonly shelves: readonly Shelf[]
  readonly current: string
  readonly onOpen: (id: string) => void
}

/** A list to choose from. */
export function LibraryShelves({ shelves, current, onOpen }: Props): ReactElement {
  const [search, setSearch] = useState('')
  const found = shelves.filter((entry) =>
    `${entry.name} ${entry.title} ${entry.question}`.toLowerCase().includes(search.toLowerCase()),
  )
  return (
    <section className="panel library" aria-label="Library">
      <div className="panel-head">
        <h2>Library</h2>
        <input
          type="search"
          placeholder="search"
          aria-label="Search the library"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </div>
      {found.length === 0 && <p className="empty">No scenario fits.</p>}
      {[...TITLES].map(([folder, title]) => {
        const entries = found.filter((entry) => entry.folder === folder)
        if (entries.length === 0) return null
        return (
          <div key={folder}>
            <h3>{title}</h3>
            <ul>
              {entries.map((entry) => (
                <li key={entry.name}>
                  <button type="button" aria-current={entry.name === current} onClick={() => onOpen(entry.name)}>
                    <b>{entry.question}</b>
                    <span>{entry.title}</span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </section>
  )
}
