/** The run on the table as files: the trace itself, and the forms that other tools open. Made in the page; nothing is sent anywhere. */
import { type ReactElement, useRef } from 'react'
import type { Trace } from '../../src/trace/record.ts'

interface Props {
  /** A name for the files, without an ending. */
  readonly name: string
  readonly trace: Trace
  /** The scenario's text. */
  readonly text: string
}

interface Form {
  readonly title: string
  readonly ending: string
  readonly type: string
  readonly make: (trace: Trace, text: string) => Promise<string>
}

/** What is made of a run; each form is loaded when it is asked for. */
const FORMS: readonly Form[] = [
  {
    title: 'Trace (JSON Lines)',
    ending: 'jsonl',
    type: 'application/jsonl',
    make: async (trace) => (await import('../../src/trace/jsonl.ts')).toJsonLines(trace),
  },
  {
    title: 'Story (text)',
    ending: 'txt',
    type: 'text/plain',
    make: async (trace) => (await import('../../src/report/story.ts')).storyText(trace),
  },
  {
    title: 'Timeline (SVG)',
    ending: 'svg',
    type: 'image/svg+xml',
    make: async (trace) => (await import('../../src/report/svg.ts')).toSvg(trace),
  },
  {
    title: 'Perfetto trace',
    ending: 'perfetto.json',
    type: 'application/json',
    make: async (trace) => (await import('../../src/report/perfetto.ts')).toPerfetto(trace),
  },
  {
    title: 'Table (CSV)',
    ending: 'csv',
    type: 'text/csv',
    make: async (trace) => (await import('../../src/report/csv.ts')).toCsv(trace),
  },
  {
    title: 'Scenario (YAML)',
    ending: 'yaml',
    type: 'application/yaml',
    make: (_, text) => Promise.resolve(text),
  },
]

/** A menu of forms. */
export function Exports({ name, trace, text }: Props): ReactElement {
  const menu = useRef<HTMLDetailsElement>(null)
  const save = async ({ ending, type, make }: Form): Promise<void> => {
    const address = URL.createObjectURL(new Blob([await make(trace, text)], { type }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${name}.${ending}`
    link.click()
    URL.revokeObjectURL(address)
    if (menu.current !== null) menu.current.open = false
  }
  return (
    <details className="menu" ref={menu}>
      <summary>Export</summary>
      <ul>
        {FORMS.map((form) => (
          <li key={form.ending}>
            <button type="button" onClick={() => void save(form)}>
              {form.title}
            </button>
          </li>
        ))}
      </ul>
    </details>
  )
}
