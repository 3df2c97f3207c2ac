/** The head of the page: title and question, and what can be done with the whole table. */
import { type ReactElement, useRef, useState } from 'react'
import type { Trace } from '../../src/trace/record.ts'
import { Exports } from '../views/Exports.tsx'

/** What is open above the table. */
export type Panel = 'editor' | 'fork' | 'library' | 'none'

interface Props {
  readonly title: string
  readonly question: string
  readonly seed: number
  readonly panel: Panel
  readonly theme: { readonly dark: boolean; readonly toggle: () => void }
  /** Other managers or settings for the same scenario. */
  readonly variants: readonly string[]
  readonly variant: string
  /** All of them are shown together. */
  readonly isAll: boolean
  readonly manager: string
  /** What can be exported. */
  readonly file: { readonly name: string; readonly trace: Trace | undefined; readonly text: string }
  readonly onVariant: (name: string) => void
  readonly onAll: () => void
  /** False where a trace lies on the table without what it was made of. */
  readonly hasScenario: boolean
  readonly onOpen: (files: readonly File[]) => void
  readonly onPanel: (panel: Panel) => void
  readonly onSeed: (seed: number) => void
  readonly onKeep: () => void
  readonly onShare: () => void
  readonly onHelp: () => void
}

/** No variant is called so. */
const ALL = '*'

/** Title and buttons. */
export function Top(props: Props): ReactElement {
  const { title, question, seed, panel, theme, variants, variant, isAll, manager, file, hasScenario } = props
  const { onVariant, onAll, onOpen, onPanel, onSeed, onKeep, onShare, onHelp } = props
  const [shared, setShared] = useState(false)
  const toggle = (name: Panel, words: string): ReactElement => (
    <button type="button" aria-expanded={panel === name} onClick={() => onPanel(panel === name ? 'none' : name)}>
      {words}
    </button>
  )
  const share = (): void => {
    onShare()
    setShared(true)
    window.setTimeout(() => setShared(false), 2000)
  }
  return (
    <header className="top">
      <h1>
        <span className="brand">Quorate</span> {title}
      </h1>
      <p className="question">{question}</p>
      <nav className="tools" aria-label="Table">
        {toggle('library', 'Library')}
        <OpenButton onOpen={onOpen} />
        {hasScenario && toggle('editor', 'Edit')}
        {variants.length > 0 && (
          <label>
            as{' '}
            <select
              aria-label="Manager or variant"
              value={isAll ? ALL : variant}
              onChange={(event) => (event.target.value === ALL ? onAll() : onVariant(event.target.value))}
            >
              <option value={ALL}>all on one time axis</option>
              <option value="">{variant === '' ? manager : 'the scenario itself'}</option>
              {variants.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        {hasScenario && (
          <>
            <label className="seed">
              seed{' '}
              <input type="number" value={seed} onChange={(event) => onSeed(Math.trunc(Number(event.target.value)))} />
            </label>
            <button type="button" onClick={() => onSeed(seed + 1)} aria-label="Another seed" title="Another seed">
              ⟳
            </button>
            {toggle('fork', 'Fork')}
          </>
        )}
        <button type="button" onClick={onKeep} title="Keep this run, and hold the next ones against it">
          Compare
        </button>
        {file.trace !== undefined && <Exports name={file.name} trace={file.trace} text={file.text} />}
        <button type="button" onClick={share}>
          {shared ? 'Link copied' : 'Share'}
        </button>
        <button type="button" onClick={theme.toggle} aria-label={`Use the ${theme.dark ? 'light' : 'dark'} colours`}>
          {theme.dark ? '☀' : '☾'}
        </button>
        <button type="button" onClick={onHelp} aria-label="Help and keys">
          ?
        </button>
      </nav>
    </header>
  )
}

/** What a browser offers to choose from; names of configuration files have no common ending. */
function OpenButton({ onOpen }: Pick<Props, 'onOpen'>): ReactElement {
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        title="A CIB, cluster.conf, ha.cf with haresources, a scenario or a trace; or drop them anywhere"
        onClick={() => field.current?.click()}
      >
        Open
      </button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Files to open"
        onChange={(event) => {
          onOpen([...(event.target.files ?? [])])
          // The same file may be chosen again after it was mended.
          event.target.value = ''
        }}
      />
    </>
  )
}
