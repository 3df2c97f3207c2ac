/** A row of tabs: arrow keys move between them, as readers of the screen expect. */
import type { KeyboardEvent, ReactElement, ReactNode } from 'react'

interface Props<Name extends string> {
  readonly label: string
  readonly tabs: readonly { readonly name: Name; readonly title: string }[]
  readonly current: Name
  readonly onChange: (name: Name) => void
  /** What else stands in the row. */
  readonly children?: ReactNode
}

/** The tabs; their panel has the id `tab-panel`. */
export function Tabs<Name extends string>({ label, tabs, current, onChange, children }: Props<Name>): ReactElement {
  const pressed = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const at = tabs.findIndex(({ name }) => name === current)
    const next = tabs[(at + step + tabs.length) % tabs.length]!
    onChange(next.name)
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus()
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className="tabs-row">
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={pressed}>
        {tabs.map(({ name, title }) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === current}
            aria-controls="tab-panel"
            tabIndex={name === current ? 0 : -1}
            onClick={() => onChange(name)}
          >
            {title}
          </button>
        ))}
      </div>
      {children}
    </div>
  )
}
