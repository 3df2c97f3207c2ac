/** The scenario's text: edited, checked, run, with its configuration files where wanted. */
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { type Problem, problemText } from '../../src/model/problem.ts'
import type { SourceFile } from '../../src/model/source.ts'
import { inlineFiles, placeInside } from '../replay/config-text.ts'

interface Props {
  readonly text: string
  /** The files that the scenario can name. */
  readonly files: readonly SourceFile[]
  readonly problems: readonly Problem[]
  readonly onRun: (text: string) => void
}

/** A plain text field that every reader and keyboard knows; a problem jumps to its place. Ctrl+Enter runs. */
export function Editor({ text, files, problems, onRun }: Props): ReactElement {
  const [draft, setDraft] = useState(text)
  const field = useRef<HTMLTextAreaElement>(null)
  // What comes from elsewhere (a fork, an opened file) takes the place of the draft.
  useEffect(() => setDraft(text), [text])
  /** A place in a file that the scenario names is shown once the file stands in the text. */
  const goTo = (problem: Problem): void => {
    const inside = placeInside(draft, problem) ?? placeInside(inlineFiles(draft, files), problem)
    const shown = inside !== undefined && placeInside(draft, problem) === undefined ? inlineFiles(draft, files) : draft
    const { line, column } = inside ?? problem
    const before = shown.split('\n').slice(0, Math.max(1, line) - 1)
    const offset = before.reduce((sum, row) => sum + row.length + 1, 0) + Math.max(1, column) - 1
    setDraft(shown)
    window.setTimeout(() => {
      const { current } = field
      if (current === null) return
      current.focus()
      current.setSelectionRange(offset, offset + 1)
      // Fields do not scroll to what a program selects.
      const rows = shown.split('\n').length
      current.scrollTop = (current.scrollHeight * (line - 6)) / rows
    })
  }
  return (
    <section className="panel editor" aria-label="Editor">
      <div className="panel-head">
        <h2>Scenario</h2>
        <button type="button" onClick={() => onRun(draft)}>
          Run
        </button>
        {inlineFiles(draft, files) !== draft && (
          <button type="button" onClick={() => setDraft(inlineFiles(draft, files))}>
            Edit the configuration files too
          </button>
        )}
        <small>Ctrl+Enter runs.</small>
      </div>
      <textarea
        ref={field}
        aria-label="Scenario text (YAML)"
        spellCheck={false}
        value={draft}
        rows={18}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onRun(draft)
        }}
      />
      {problems.length > 0 && (
        <ul className="problems" aria-label="Problems">
          {problems.map((problem) => (
            <li key={problemText(problem)}>
              <button type="button" className="line" data-severity={problem.severity} onClick={() => goTo(problem)}>
                {problemText(problem)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
