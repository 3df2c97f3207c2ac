/** The scenario's text: edited, checked, run. Files dropped on it become the scenario (YAML) or its configuration. */
import { type DragEvent, type ReactElement, useRef, useState } from 'react'
import { type Problem, problemText } from '../../src/model/problem.ts'
import type { SourceFile } from '../../src/model/source.ts'

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
  const goTo = (line: number, column: number): void => {
    const offset =
      draft
        .split('\n')
        .slice(0, line - 1)
        .reduce((sum, row) => sum + row.length + 1, 0) +
      column -
      1
    field.current?.focus()
    field.current?.setSelectionRange(offset, offset + 1)
  }
  const drop = async (event: DragEvent): Promise<void> => {
    event.preventDefault()
    const files = await Promise.all(
      [...event.dataTransfer.files]
        .slice(0, 4)
        .map(async (file) => ({ name: file.name, text: file.size < 1_000_000 ? await file.text() : '' })),
    )
    const dropped = takeFiles(draft, files)
    setDraft(dropped)
    onRun(dropped)
  }
  return (
    <section
      className="panel editor"
      aria-label="Editor"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => void drop(event)}
    >
      <div className="panel-head">
        <h2>Scenario</h2>
        <button type="button" onClick={() => onRun(draft)}>
          Run
        </button>
        {inlined(draft, files) !== draft && (
          <button type="button" onClick={() => setDraft(inlined(draft, files))}>
            Edit the configuration files too
          </button>
        )}
        <small>Ctrl+Enter runs. Drop a scenario, or ha.cf and haresources, here.</small>
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
              <button
                type="button"
                className="line"
                data-severity={problem.severity}
                onClick={() => goTo(Math.max(1, problem.line), Math.max(1, problem.column))}
              >
                {problemText(problem)}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** A dropped scenario replaces the text; dropped configuration files become its inline configuration. */
function takeFiles(draft: string, files: readonly { readonly name: string; readonly text: string }[]): string {
  const scenario = files.find((file) => /\.ya?ml$/.test(file.name))
  if (scenario !== undefined) return scenario.text
  const parts = ['ha.cf', 'haresources'].flatMap((name) => {
    const file = files.find((entry) => entry.name.endsWith(name))
    return file === undefined ? [] : [inlineFile(name, file.text)]
  })
  if (parts.length === 0) return draft
  return draft.replace(/^config:\n(?: .*\n?)*/m, `config:\n${parts.join('\n')}\n`)
}

/** The scenario with each configuration file that it names written out in its place, so that it can be edited here. */
function inlined(text: string, files: readonly SourceFile[]): string {
  return text.replace(/^ {2}(ha\.cf|haresources): (\S+)$/gm, (line: string, key: string, name: string) => {
    const file = files.find((entry) => entry.name === name)
    return file === undefined ? line : inlineFile(key, file.text)
  })
}

function inlineFile(key: string, text: string): string {
  const body = text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
  return `  ${key}: |\n${body.join('\n')}`
}
