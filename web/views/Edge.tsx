/** The edge between two panels: dragged, or moved by arrow keys; a double click puts it back. */
import { type KeyboardEvent, type PointerEvent, type ReactElement, useRef } from 'react'

interface Props {
  readonly name: string
  /** The panel's size in pixels, for readers of the screen. */
  readonly size: number
  readonly direction: 'column' | 'row'
  /** 1 where the panel grows to the right or downwards, −1 where it grows the other way. */
  readonly sign: 1 | -1
  readonly onResize: (by: number) => void
  readonly onReset: () => void
}

const STEP = 24

/** A separator that has focus. */
export function Edge({ name, size, direction, sign, onResize, onReset }: Props): ReactElement {
  const last = useRef<number | undefined>(undefined)
  const along = (event: PointerEvent): number => (direction === 'column' ? event.clientX : event.clientY)
  const pressed = (event: KeyboardEvent): void => {
    const [less, more] = direction === 'column' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    if (event.key === less) onResize(-STEP * sign)
    else if (event.key === more) onResize(STEP * sign)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule does not move; this separator does
    <div
      className="panel-edge"
      data-direction={direction}
      role="separator"
      tabIndex={0}
      aria-label={name}
      aria-orientation={direction === 'column' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      onKeyDown={pressed}
      onDoubleClick={onReset}
      onPointerDown={(event) => {
        last.current = along(event)
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (last.current === undefined) return
        onResize((along(event) - last.current) * sign)
        last.current = along(event)
      }}
      onPointerUp={() => {
        last.current = undefined
      }}
    />
  )
}
