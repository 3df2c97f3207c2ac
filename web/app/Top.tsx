/** The head of the page: title and question, and what can be done with the whole table. */
import { type ReactElement, useState } from 'react'
import type { Panel } from './App.tsx'

interface Props {
  readonly title: string
  readonly question: string
  readonly seed: number
  readonly panel: Panel
  readonly theme: { readonly dark: boolean; readonly toggle: () => void }
  readonly onPanel: (panel: Panel) => void
  readonly onSeed: (seed: number) => void
  readonly onShare: () => void
  readonly onHelp: () => void
}

/** Title and buttons. */
export function Top({ title, question, seed, panel, theme, onPanel, onSeed, onShare, onHelp }: Props): ReactElement {
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
        {toggle('editor', 'Edit')}
        <label className="seed">
          seed <input type="number" value={seed} onChange={(event) => onSeed(Math.trunc(Number(event.target.value)))} />
        </label>
        <button type="button" onClick={() => onSeed(seed + 1)}>
          Another seed
        </button>
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
