/**
 * Every decision of every manager as an entry to pick; of the picked one: what was new, what is to be done and why, and the graph of its
 * transition with what has run so far. Without a pick, the last decision at the cursor is shown.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactElement, useEffect, useRef } from 'react'
import { countUpTo } from '../../src/kernel/search.ts'
import { clockText } from '../../src/kernel/time.ts'
import type { SourceFile } from '../../src/model/source.ts'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { StoryLine } from '../../src/report/story.ts'
import type { DecisionRecord } from '../../src/trace/record.ts'
import type { Transition } from '../replay/contract.ts'
import { Behind } from './Behind.tsx'
import { Chain } from './Chain.tsx'
import { TransitionGraph } from './TransitionGraph.tsx'

interface Props {
  readonly entries: readonly DecisionEntry[]
  readonly lines: readonly StoryLine[]
  /** The configuration, for managers that name what they went by and not its line; empty where reasons are asked for elsewhere. */
  readonly files: readonly SourceFile[]
  readonly shown: DecisionEntry | undefined
  readonly isPinned: boolean
  readonly transition: Transition | undefined
  /** True while transitions are worked out. */
  readonly isWaiting: boolean
  readonly at: number
  readonly selectedResource: string
  readonly onPick: (entry: DecisionEntry | undefined) => void
  readonly onSeek: (at: number) => void
  readonly onSelect: (node: string, resource: string) => void
}

/** An entry's height, as its style has it; what it would be is measured. */
const ROW = 46

/** List and detail side by side. */
export function Decisions(props: Props): ReactElement {
  const { entries, shown, isPinned, onPick } = props
  if (entries.length === 0) return <p className="empty">No manager has decided anything in this run.</p>
  return (
    <div className="decisions">
      <div className="decision-list">
        <label className="follow">
          <input
            type="checkbox"
            checked={!isPinned}
            onChange={(event) => onPick(event.target.checked ? undefined : shown)}
          />{' '}
          follow the cursor
        </label>
        <EntryList entries={entries} shown={shown} onPick={onPick} />
      </div>
      {shown === undefined ? (
        <p className="empty">Nothing has been decided yet at the cursor.</p>
      ) : (
        <Detail {...props} entry={shown} />
      )}
    </div>
  )
}

/** A virtual list: as quick with thousands of decisions as with ten. */
const EntryList = memo(function EntryList({
  entries,
  shown,
  onPick,
}: Pick<Props, 'entries' | 'onPick' | 'shown'>): ReactElement {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const current = shown === undefined ? -1 : countUpTo(entries, shown.seq, ({ seq }) => seq) - 1
  useEffect(() => {
    if (0 <= current) rows.scrollToIndex(current)
  }, [current, rows])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="entries" ref={scroller} tabIndex={0} aria-label="All decisions">
      <ol aria-label="Decisions" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const entry = entries[index]!
          return (
            <li
              key={entry.seq}
              ref={rows.measureElement}
              data-index={index}
              aria-posinset={index + 1}
              aria-setsize={entries.length}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Entry entry={entry} isShown={entry === shown} onPick={onPick} />
            </li>
          )
        })}
      </ol>
    </section>
  )
})

/** A step of the cursor changes few of them. */
const Entry = memo(function Entry({
  entry,
  isShown,
  onPick,
}: {
  readonly entry: DecisionEntry
  readonly isShown: boolean
  readonly onPick: (entry: DecisionEntry) => void
}): ReactElement {
  return (
    <button type="button" className="entry" aria-current={isShown} onClick={() => onPick(entry)}>
      <time>{clockText(entry.at)}</time> <b>{entry.node}</b>
      <span>{headOf(entry)}</span>
    </button>
  )
})

/** An entry in a few words. */
function headOf({ actions }: DecisionEntry): string {
  const [first] = actions
  if (first === undefined) return 'no resource moves'
  const more = actions.length - 1
  return `${plain(first)}${more === 0 ? '' : ` and ${more} more`}`
}

/** `Actions: Start db ( alice )` without its first word. */
function plain({ text }: DecisionRecord): string {
  return text.replace(/^Actions: /, '')
}

interface DetailProps extends Props {
  readonly entry: DecisionEntry
}

function Detail(props: DetailProps): ReactElement {
  const { entries, entry, lines, files, transition, isWaiting, at, selectedResource, onSeek, onSelect } = props
  return (
    <div className="decision-detail">
      <h3>
        {clockText(entry.at)} {entry.node} decides
        {entry.transition === undefined ? '' : `: transition ${entry.transition}`}{' '}
        <small>{transition === undefined ? '' : outcomeOf(transition, at)}</small>
      </h3>
      <Chain entries={entries} entry={entry} lines={lines} onSeek={onSeek} />
      <ul className="actions" aria-label="What is to be done">
        {entry.actions.length === 0 && <li className="empty">No resource starts, stops or moves.</li>}
        {entry.actions.map((action) => (
          <Action
            key={action.seq}
            action={action}
            files={files}
            selectedResource={selectedResource}
            onSelect={onSelect}
          />
        ))}
      </ul>
      {transition === undefined ? (
        isWaiting && <p className="empty">The graph is being worked out …</p>
      ) : (
        <TransitionGraph transition={transition} at={at} selectedResource={selectedResource} onSelect={onSelect} />
      )}
    </div>
  )
}

function Action({
  action,
  files,
  selectedResource,
  onSelect,
}: {
  readonly action: DecisionRecord
  readonly files: readonly SourceFile[]
  readonly selectedResource: string
  readonly onSelect: (node: string, resource: string) => void
}): ReactElement {
  const [about = ''] = action.about
  const isFence = /^Actions: (Fence|Shutdown)/.test(action.text)
  const id = about.replace(/:\d+$/, '')
  return (
    <li>
      <button
        type="button"
        className="line"
        aria-pressed={!isFence && id === selectedResource}
        onClick={() => (isFence ? onSelect(about, '') : onSelect(nodeIn(action.text), id))}
        title="Why: see the inspector"
      >
        {plain(action)}
      </button>
      {action.reasons
        .filter(({ text }) => !action.text.includes(text))
        .map(({ text, source }) => (
          <small key={text}>
            {text} ({source})
          </small>
        ))}
      <Behind decision={action} files={files} />
    </li>
  )
}

/** The node that an action's words end on: `Move ip ( alice -> bob )` is about bob. Empty where they name none. */
function nodeIn(text: string): string {
  return /\(\s*(?:.*\s)?(\S+)\s*\)/.exec(text)?.[1] ?? ''
}

function outcomeOf({ endedAt, hasBegun }: Transition, at: number): string {
  if (endedAt === undefined || at < endedAt) return 'under way'
  return hasBegun ? `over at ${clockText(endedAt)}` : 'obsolete before it began'
}
