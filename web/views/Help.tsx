/** The keys, in a dialog that Escape closes. */
import { type ReactElement, useEffect, useRef } from 'react'
import { KEYS } from '../app/keys.ts'

/** A modal list of keys. */
export function Help({ onClose }: { readonly onClose: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-label="Keys" onClose={onClose}>
      <h2>Keys</h2>
      <dl>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>
        One run lies on the table, and one cursor is shared by map, timeline, story and inspector. The address holds
        everything: share it.
      </p>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  )
}
