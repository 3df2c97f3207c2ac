/** The laboratory table: one run, one cursor, and every view of them. All state that a link carries lives here. */
import { type ReactElement, useCallback, useEffect, useMemo, useState } from 'react'
import { hasErrors, problemText } from '../../src/model/problem.ts'
import { isQuestion } from '../../src/report/decisions.ts'
import { addStep, type StepFields } from '../replay/fork.ts'
import { Editor } from '../views/Editor.tsx'
import { ForkForm } from '../views/ForkForm.tsx'
import { Help } from '../views/Help.tsx'
import { LibraryShelves } from '../views/Library.tsx'
import { Predict } from '../views/Predict.tsx'
import { Transport } from '../views/Transport.tsx'
import { type Jump, targetOf } from './jumps.ts'
import { keyAction } from './keys.ts'
import { type Library, questionOf } from './library.ts'
import { type LinkState, NOTHING } from './link.ts'
import { Panels } from './Panels.tsx'
import { readAddress, writeAddress } from './packing.ts'
import { type Panel, Top } from './Top.tsx'
import { useAddress } from './use-address.ts'
import { jobsOf, keptOf, useBeside } from './use-beside.ts'
import { type Bench, useLaboratory } from './use-laboratory.ts'
import { useOften } from './use-often.ts'
import { isTrace, useOpening } from './use-opening.ts'
import { usePlay } from './use-play.ts'
import { limitOf, useTable } from './use-table.ts'
import { useTheme } from './use-theme.ts'

const FIRST = 'basics/first-failover'

interface Props {
  readonly library: Library
  /** What the address holds when the page opens. */
  readonly initial: LinkState
}

/** The whole page. */
export function App({ library, initial }: Props): ReactElement {
  const bench = useLaboratory()
  const theme = useTheme()
  const [link, setLink] = useState(initial)
  const [panel, setPanel] = useState<Panel>('none')
  const [help, setHelp] = useState(false)

  const id = link.scenario === '' ? FIRST : link.scenario
  const entry = library.shelves.find((item) => item.name === id)
  const text = link.text ?? entry?.text ?? ''
  const isUnknown = link.text === undefined && entry === undefined && !isTrace(id)
  const files = useMemo(() => library.filesFor(id.includes('/') ? id : FIRST), [library, id])
  const { start, run } = bench
  const { seed, variant } = link
  useEffect(() => {
    if (!isTrace(id) && !isUnknown) start({ name: `${id}.yaml`, text, files, seed, variant })
  }, [start, id, isUnknown, text, files, seed, variant])

  const table = useTable(run, link)
  const beside = useBeside({ run, link: { ...link, scenario: id }, ask: bench.ask, library, isRunning: bench.running })
  const together = beside.runs
  const often = useOften()
  const jobs = useMemo(
    () => (run === undefined ? [] : jobsOf(run, { ...link, scenario: id }, library)),
    [run, link, id, library],
  )
  const end = together?.end ?? table?.trace.footer.endedAt ?? 0
  const limit = table?.question === undefined ? end : limitOf(table)
  const move = useCallback(
    (passed: number) => setLink((before) => ({ ...before, at: Math.min(before.at + passed, limit) })),
    [limit],
  )
  const play = usePlay(move, limit <= link.at)

  useAddress(link)
  useEffect(() => {
    const changed = (): void => void readAddress(window.location.hash).then(setLink)
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])

  const change = useCallback((part: Partial<LinkState>) => setLink((before) => ({ ...before, ...part })), [])
  const seek = useCallback(
    (instant: number) => change({ at: Math.max(0, Math.min(Math.round(instant), limit)) }),
    [change, limit],
  )
  const look = useCallback((view: LinkState['view']) => change({ view }), [change])
  const jump = (wanted: Jump): void => {
    const target =
      table === undefined ? undefined : targetOf({ ...table, at: Math.min(link.at, end) }, wanted, together)
    if (target !== undefined) seek(target)
  }
  const share = (): void =>
    void writeAddress(link).then((fragment) =>
      navigator.clipboard?.writeText(new URL(fragment, window.location.href).href).catch(() => undefined),
    )
  const title =
    table?.trace.header.title ?? entry?.title ?? (isUnknown ? 'an unknown scenario' : 'a scenario of your own')
  const shownSeed = table?.trace.header.seed ?? seed ?? 1
  const own = keptOf({ ...link, scenario: id })
  const keep = (): void => change({ against: own, tab: 'compare' })
  const fork = (fields: StepFields): void => {
    play.stop()
    setPanel('none')
    change({ text: addStep(text, fields), against: own, decision: 0, predict: false, tab: 'compare' })
  }

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const action = keyAction(event)
      if (action === undefined) return
      event.preventDefault()
      switch (action) {
        case 'play':
          return play.toggle()
        case 'help':
          return setHelp((before) => !before)
        case 'decisions':
          return change({ tab: link.tab === 'decisions' ? 'story' : 'decisions' })
        case 'predict':
          return change({ predict: !link.predict, decision: 0 })
        case 'compare':
          return keep()
        case 'fork':
          return setPanel((before) => (before === 'fork' ? 'none' : 'fork'))
        case 'search':
          change({ tab: 'story' })
          return void window.setTimeout(() => document.getElementById('story-search')?.focus())
        case 'share':
          return share()
        case 'home':
          return seek(0)
        case 'end':
          return seek(end)
        case 'zoom-in':
        case 'zoom-out':
        case 'fit':
          window.dispatchEvent(new CustomEvent('timeline-zoom', { detail: action }))
          return
        default:
          return jump(action)
      }
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  })

  const open = (scenario: string): void => {
    play.stop()
    setPanel('none')
    setLink({ ...NOTHING, scenario, tab: link.tab, predict: link.predict })
  }
  const opening = useOpening({
    bench,
    library,
    show: (state) => {
      play.stop()
      setPanel('none')
      setLink(state)
    },
  })
  const isAsking = table?.question !== undefined && table.at === table.question.at - 1

  return (
    // Files may be dropped wherever there is a page; by keyboard they are opened with the button.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className="page"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        opening.open([...event.dataTransfer.files])
      }}
    >
      <Top
        title={title}
        question={entry === undefined ? questionOf(text) : entry.question}
        seed={shownSeed}
        panel={panel}
        theme={theme}
        variants={run?.variants ?? []}
        variant={variant}
        manager={table?.trace.header.cluster.manager ?? ''}
        file={{ name: id.replaceAll('/', '-'), trace: table?.trace, text }}
        isAll={beside.mode === 'variants'}
        onVariant={(name) =>
          change({
            variant: name,
            decision: 0,
            node: '',
            resource: '',
            ...(beside.mode === 'variants' ? { tab: 'story' } : {}),
          })
        }
        onAll={() => change({ tab: 'variants' })}
        hasScenario={!isTrace(id)}
        onOpen={opening.open}
        onPanel={setPanel}
        onSeed={(wanted) => change({ seed: wanted, decision: 0 })}
        onKeep={keep}
        onShare={share}
        onHelp={() => setHelp(true)}
      />
      <Status bench={bench} notice={opening.notice} isEditing={panel === 'editor'} onEdit={() => setPanel('editor')} />
      {isTrace(id) && table === undefined && (
        <p className="empty">This address is of a trace that was opened from a file. Open the file again to see it.</p>
      )}
      {isUnknown && (
        <p className="empty" role="status">
          This address is of the scenario “{id}”, which the library does not have: it may have been renamed.
          {table !== undefined && ' The last run stays on the table.'}{' '}
          <button type="button" onClick={() => setPanel('library')}>
            Choose another
          </button>
        </p>
      )}
      {panel === 'library' && <LibraryShelves shelves={library.shelves} current={id} onOpen={open} />}
      {panel === 'editor' && (
        <Editor
          key={id}
          text={text}
          files={files}
          problems={bench.problems}
          onRun={(edited) => change({ text: edited === entry?.text ? undefined : edited, decision: 0 })}
        />
      )}
      {panel === 'fork' && table !== undefined && (
        <ForkForm
          shape={table.trace.header.cluster}
          words={bench.faults}
          at={table.at}
          isVariant={variant !== ''}
          onFork={fork}
          onClose={() => setPanel('none')}
        />
      )}
      {link.predict && table !== undefined && (
        <Predict
          entries={table.decisions}
          lines={table.lines}
          question={table.question}
          revealed={table.decision !== undefined && isQuestion(table.decision) ? table.decision : undefined}
          isNow={isAsking}
          onReveal={(decision) => change({ at: decision.at, tab: 'decisions', decision: 0 })}
          onGo={() => seek(limit)}
          onSeek={seek}
          onEnd={() => change({ predict: false })}
        />
      )}
      {table !== undefined && (
        <Panels
          table={table}
          bench={bench}
          link={link}
          dark={theme.dark}
          beside={beside}
          often={often}
          jobs={jobs}
          change={change}
          seek={seek}
          look={look}
        />
      )}
      <Transport
        at={Math.min(link.at, end)}
        end={end}
        play={play}
        predict={link.predict}
        onPredict={() => change({ predict: !link.predict, decision: 0 })}
        onSeek={seek}
        onJump={jump}
      />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  )
}

interface StatusProps {
  readonly bench: Bench
  /** What became of opened files, where they could not be opened. */
  readonly notice: string
  readonly isEditing: boolean
  readonly onEdit: () => void
}

/** What is going on, or wrong. */
function Status({ bench, notice, isEditing, onEdit }: StatusProps): ReactElement {
  const { running, asked, failure, problems } = bench
  const isLong = useLasting(!running && 0 < asked)
  if (isLong)
    return (
      <p className="status" role="status">
        Being worked out …
        <button type="button" onClick={bench.cancel}>
          Cancel
        </button>
      </p>
    )
  if (running)
    return (
      <p className="status" role="status">
        Running … {Math.round(100 * bench.progress)} %
        <button type="button" onClick={bench.cancel}>
          Cancel
        </button>
      </p>
    )
  if (bench.isCancelled && notice === '')
    return (
      <p className="status" role="status">
        Cancelled before it ended:{' '}
        {bench.run === undefined ? 'there is no run to show.' : 'the run before stays on the table.'}
        <button type="button" onClick={bench.again}>
          Run again
        </button>
      </p>
    )
  const [first] = problems
  const isWrong = failure === '' && notice === '' && first !== undefined && !isEditing
  return (
    <p className="status" role="status">
      {failure !== '' ? `A fault of Quorate: ${failure}` : notice}
      {isWrong && (
        <>
          {hasErrors(problems)
            ? `This does not run${bench.run === undefined ? '' : '; the last good run stays on the table'}. `
            : ''}
          {problemText(first)}
          {problems.length > 1 && ` (and ${problems.length - 1} more)`}
          <button type="button" onClick={onEdit}>
            Show in the editor
          </button>
        </>
      )}
    </p>
  )
}

/** True once something has gone on for a while: what is over at once needs no words. */
function useLasting(isOn: boolean): boolean {
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    if (!isOn) {
      setLong(false)
      return undefined
    }
    const handle = window.setTimeout(() => setLong(true), LONG_MS)
    return () => window.clearTimeout(handle)
  }, [isOn])
  return isOn && isLong
}

const LONG_MS = 600
