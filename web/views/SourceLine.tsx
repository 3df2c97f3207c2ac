/** A line of the configuration behind something that is said: quoted, and a click away from its place in the file. */
import { createContext, type ReactElement, useContext } from 'react'

/** A line of one of the run's files, from 1. */
export interface ConfigPlace {
  readonly file: string
  readonly line: number
}

/** Shows a line of the configuration. Given once for all views, since lines are named deep inside of reasons. */
export const ShowPlace = createContext<(place: ConfigPlace) => void>(() => {})

/** The line, as a button that goes to it. */
export function SourceLine({ file, line, source }: ConfigPlace & { readonly source: string }): ReactElement {
  const show = useContext(ShowPlace)
  return (
    <button
      type="button"
      className="plain source"
      title={`Go to line ${line} of ${file}: ${source}`}
      onClick={() => show({ file, line })}
    >
      <code>
        <u>
          {file}:{line}
        </u>{' '}
        <span>{source}</span>
      </code>
    </button>
  )
}
