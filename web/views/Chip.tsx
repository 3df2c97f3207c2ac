/** One service on one node, as a button: sign, name, state in a word, and what else must be seen at once. */
import type { ReactElement } from 'react'
import type { Sign } from './signs.ts'

interface Props {
  readonly sign: Sign
  readonly name: string
  /** What it is an instance of; empty where it is none. */
  readonly holder?: string
  readonly word: string
  /** Failures counted, as they are shown; empty where there are none. */
  readonly count?: string
  /** What is believed instead, where it is something else. */
  readonly differs?: string
  /** Left alone by the manager. */
  readonly isDashed?: boolean
  readonly isPressed: boolean
  readonly title: string
  readonly onClick: () => void
}

/** A list item with the button in it. */
export function Chip(props: Props): ReactElement {
  const { sign, name, holder = '', word, count = '', differs = '', isDashed = false, isPressed, title, onClick } = props
  return (
    <li>
      <button
        type="button"
        className="chip"
        data-differs={differs !== ''}
        data-dashed={isDashed}
        aria-pressed={isPressed}
        title={title}
        onClick={onClick}
      >
        <span className={`sign ${sign.color}`} aria-hidden="true">
          {sign.shape}
        </span>
        <span className="chip-name">
          {name}
          {holder !== '' && <small> {holder}</small>}
        </span>
        {count !== '' && <span className="count">{count}</span>}
        <small>
          {word}
          {differs !== '' && <em> {differs}</em>}
        </small>
      </button>
    </li>
  )
}
