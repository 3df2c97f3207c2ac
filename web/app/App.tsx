/** The laboratory table: one run, one cursor, and every view of them. All state that a link carries lives here. */
import { type ReactElement, useCallback, useEffect, useMemo, useState } from 'react'
import { storyLines } from '../../src/report/story.ts'
import { Frames, lastSeqAt } from '../../src/trace/frames.ts'
import { ClusterMap } from '../views/ClusterMap.tsx'
import { Editor } from '../views/Editor.tsx'
import { Help } from '../views/Help.tsx'
import { Inspector } from '../views/Inspector.tsx'
import { Library } from '../views/Library.tsx'
import { Story } from '../views/Story.tsx'
import { Timeline } from '../views/Timeline.tsx'
import { Transport } from '../views/Transport.tsx'
import { Verdict } from '../views/Verdict.tsx'
import { keyAction } from './keys.ts'
import { jobOf, LIBRARY } from './library.ts'
import { readLink, writeLink } from './link.ts'
import { useAddress } from './use-address.ts'
import { useLaboratory } from './use-laboratory.ts'
import { useTheme } from './use-theme.ts'

type Panel = 'editor' | 'library' | 'none'

const FIRST = 'basics/first-failover'

/** The whole page. */
export function App(): ReactElement {
  const bench = useLaboratory()
  const theme = useTheme()
  const [link, setLink] = useState(() => readLink(window.location.hash))
  const [panel, setPanel] = useState<Panel>('none')
  const [help, setHelp] = useState(false)
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(10)
  const [shared, setShared] = useState(false)

  const id = link.scenario === '' ? FIRST : link.scenario
  const entry = LIBRARY.find((item) => item.name === id)
  const text = link.text ?? entry?.text ?? ''
  const files = useMemo(() => (jobOf(id, undefined) ?? jobOf(FIRST, undefined))?.files ?? [], [id])
  const { start, run } = bench
  useEffect(
    () =>
      start({
        name: `${id}.yaml`,
        text,
        files,
        seed: link.seed,
      }),
    [start, id, text, files, link.seed],
  )

  const trace = run?.trace
  const frames = useMemo(() => (trace === undefined ? undefined : new Frames(trace)), [trace])
  const lines = useMemo(() => (trace === undefined ? [] : storyLines(trace)), [trace])
  const end = trace?.footer.endedAt ?? 0
  const at = Math.min(link.at, end)
  const frame = useMemo(() => frames?.at(at), [frames, at])
  const seq = trace === undefined ? 0 : lastSeqAt(trace.records, at)

  useAddress(writeLink(link))
  useEffect(() => {
    const changed = (): void => setLink(readLink(window.location.hash))
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])

  const seek = useCallback(
    (instant: number) => setLink((before) => ({ ...before, at: Math.max(0, Math.round(instant)) })),
    [],
  )
  const select = useCallback(
    (node: string, resource: string) => setLink((before) => ({ ...before, node, resource })),
    [],
  )

  useEffect(() => {
    if (!playing) return undefined
    let last = window.performance.now()
    let handle = 0
    const step = (now: number): void => {
      const passed = (now - last) * speed
      last = now
      setLink((before) => {
        const next = before.at + passed
        if (end <= next) setPlaying(false)
        return { ...before, at: Math.min(next, end) }
      })
      handle = window.requestAnimationFrame(step)
    }
    handle = window.requestAnimationFrame(step)
    return () => window.cancelAnimationFrame(handle)
  }, [playing, speed, end])

  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const action = keyAction(event)
      if (action === undefined) return
      event.preventDefault()
      switch (action) {
        case 'play':
          return setPlaying((before) => !before)
        case 'help':
          return setHelp((before) => !before)
        case 'search':
          return document.getElementById('story-search')?.focus()
        case 'share':
          return void share()
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

  function jump(
    action: 'decision-back' | 'decision-on' | 'event-back' | 'event-on' | 'fault-on' | 'violation-on',
  ): void {
    const wanted = (kind: string): boolean =>
      action.startsWith('decision')
        ? kind === 'decision'
        : action === 'fault-on'
          ? kind === 'fault' || kind === 'command'
          : true
    const violations = [...(run?.expected ?? []), ...(run?.invariants ?? [])].flatMap((verdict) =>
      verdict.violations.map((violation) => violation.at),
    )
    const instants =
      action === 'violation-on'
        ? violations.sort((a, b) => a - b)
        : lines.filter((line) => wanted(line.kind)).map((line) => line.at)
    const target = action.endsWith('back')
      ? instants.findLast((instant) => instant < at)
      : instants.find((instant) => at < instant)
    if (target !== undefined) seek(target)
  }

  async function share(): Promise<void> {
    await navigator.clipboard?.writeText(window.location.href).catch(() => undefined)
    setShared(true)
    window.setTimeout(() => setShared(false), 2000)
  }

  const open = (scenario: string): void => {
    setPlaying(false)
    setPanel('none')
    setLink({ scenario, seed: undefined, at: 0, node: '', resource: '', text: undefined })
  }
  const seed = trace?.header.seed ?? link.seed ?? 1

  return (
    <div className="page">
      <header className="top">
        <h1>
          <span className="brand">Quorate</span> {trace?.header.title ?? entry?.title ?? 'a scenario of your own'}
        </h1>
        <p className="question">{entry?.question}</p>
        <nav className="tools" aria-label="Table">
          <button
            type="button"
            aria-expanded={panel === 'library'}
            onClick={() => setPanel(panel === 'library' ? 'none' : 'library')}
          >
            Library
          </button>
          <button
            type="button"
            aria-expanded={panel === 'editor'}
            onClick={() => setPanel(panel === 'editor' ? 'none' : 'editor')}
          >
            Edit
          </button>
          <label className="seed">
            seed{' '}
            <input
              type="number"
              value={seed}
              onChange={(event) => setLink({ ...link, seed: Math.trunc(Number(event.target.value)), at: link.at })}
            />
          </label>
          <button type="button" onClick={() => setLink({ ...link, seed: seed + 1 })}>
            Another seed
          </button>
          <button type="button" onClick={() => void share()}>
            {shared ? 'Link copied' : 'Share'}
          </button>
          <button type="button" onClick={theme.toggle} aria-label={`Use the ${theme.dark ? 'light' : 'dark'} colours`}>
            {theme.dark ? '☀' : '☾'}
          </button>
          <button type="button" onClick={() => setHelp(true)} aria-label="Help and keys">
            ?
          </button>
        </nav>
      </header>
      <p className="status" role="status">
        {bench.running
          ? `Running … ${Math.round(100 * bench.progress)} %`
          : bench.failure !== ''
            ? `A fault of Quorate: ${bench.failure}`
            : bench.problems.length > 0 && panel !== 'editor'
              ? `${bench.problems.length} problem(s) in the scenario: open Edit`
              : ''}
        {bench.running && (
          <button type="button" onClick={bench.cancel}>
            Cancel
          </button>
        )}
      </p>
      {panel === 'library' && <Library current={id} onOpen={open} />}
      {panel === 'editor' && (
        <Editor
          key={id}
          text={text}
          files={files}
          problems={bench.problems}
          onRun={(edited) => setLink({ ...link, text: edited === entry?.text ? undefined : edited })}
        />
      )}
      {trace !== undefined && frame !== undefined && run !== undefined && (
        <main className="table">
          <section className="panel map" aria-label="Cluster map">
            <ClusterMap
              shape={trace.header.cluster}
              frame={frame}
              selectedNode={link.node}
              selectedResource={link.resource}
              onSelect={select}
            />
          </section>
          <section className="panel timeline" aria-label="Timeline">
            <Timeline
              trace={trace}
              lines={lines}
              at={at}
              dark={theme.dark}
              selectedNode={link.node}
              selectedResource={link.resource}
              onSeek={seek}
              onSelect={select}
            />
          </section>
          <section className="panel story" aria-label="Story">
            <Story trace={trace} lines={lines} seq={seq} onSeek={seek} />
          </section>
          <section className="panel side" aria-label="Verdict and inspector">
            <Verdict verdicts={run.expected} invariants={run.invariants} footer={trace.footer} onSeek={seek} />
            <Inspector trace={trace} frame={frame} charts={bench.charts} node={link.node} resource={link.resource} />
          </section>
        </main>
      )}
      <Transport
        at={at}
        end={end}
        playing={playing}
        speed={speed}
        onPlay={() => setPlaying(!playing)}
        onSpeed={setSpeed}
        onSeek={seek}
        onJump={jump}
      />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  )
}
