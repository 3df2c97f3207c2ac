/** The laboratory table: one run, one cursor, and every view of them. All state that a link carries lives here. */
import { type CSSProperties, type ReactElement, useCallback, useEffect, useMemo, useState } from 'react'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import { Chain } from '../views/Chain.tsx'
import { ClusterMap } from '../views/ClusterMap.tsx'
import { Decisions } from '../views/Decisions.tsx'
import { Edge } from '../views/Edge.tsx'
import { Editor } from '../views/Editor.tsx'
import { Help } from '../views/Help.tsx'
import { Inspector } from '../views/Inspector.tsx'
import { LibraryShelves } from '../views/Library.tsx'
import { PacemakerMap } from '../views/PacemakerMap.tsx'
import { Recoveries } from '../views/Recoveries.tsx'
import { Story } from '../views/Story.tsx'
import { Tabs } from '../views/Tabs.tsx'
import { Timeline } from '../views/Timeline.tsx'
import { Transport } from '../views/Transport.tsx'
import { Verdict } from '../views/Verdict.tsx'
import { Reasons } from '../views/Why.tsx'
import { type Jump, targetOf } from './jumps.ts'
import { keyAction } from './keys.ts'
import type { Library } from './library.ts'
import { type LinkState, NOTHING, readLink, writeLink } from './link.ts'
import { Top } from './Top.tsx'
import { useAddress } from './use-address.ts'
import { type Bench, useLaboratory } from './use-laboratory.ts'
import { useLayout } from './use-layout.ts'
import { usePlay } from './use-play.ts'
import { useTransitions, useWhy } from './use-reasons.ts'
import { type Table, useTable } from './use-table.ts'
import { useTheme } from './use-theme.ts'

export type Panel = 'editor' | 'library' | 'none'

const FIRST = 'basics/first-failover'

/** The whole page. */
export function App({ library }: { readonly library: Library }): ReactElement {
  const bench = useLaboratory()
  const theme = useTheme()
  const [link, setLink] = useState(() => readLink(window.location.hash))
  const [panel, setPanel] = useState<Panel>('none')
  const [help, setHelp] = useState(false)

  const id = link.scenario === '' ? FIRST : link.scenario
  const entry = library.shelves.find((item) => item.name === id)
  const text = link.text ?? entry?.text ?? ''
  const files = useMemo(() => library.filesFor(id.includes('/') ? id : FIRST), [library, id])
  const { start, run } = bench
  useEffect(() => start({ name: `${id}.yaml`, text, files, seed: link.seed }), [start, id, text, files, link.seed])

  const table = useTable(run, link)
  const end = table?.trace.footer.endedAt ?? 0
  const move = useCallback(
    (passed: number) => setLink((before) => ({ ...before, at: Math.min(before.at + passed, end) })),
    [end],
  )
  const play = usePlay(move, end <= link.at)

  useAddress(writeLink(link))
  useEffect(() => {
    const changed = (): void => setLink(readLink(window.location.hash))
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])

  const change = useCallback((part: Partial<LinkState>) => setLink((before) => ({ ...before, ...part })), [])
  const seek = useCallback((instant: number) => change({ at: Math.max(0, Math.round(instant)) }), [change])
  const jump = (wanted: Jump): void => {
    const target = table === undefined ? undefined : targetOf(table, wanted)
    if (target !== undefined) seek(target)
  }
  const share = (): void => void navigator.clipboard?.writeText(window.location.href).catch(() => undefined)

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
    setLink({ ...NOTHING, scenario, tab: link.tab })
  }

  return (
    <div className="page">
      <Top
        title={table?.trace.header.title ?? entry?.title ?? 'a scenario of your own'}
        question={entry?.question ?? ''}
        seed={table?.trace.header.seed ?? link.seed ?? 1}
        panel={panel}
        theme={theme}
        onPanel={setPanel}
        onSeed={(seed) => change({ seed, decision: 0 })}
        onShare={share}
        onHelp={() => setHelp(true)}
      />
      <Status bench={bench} isEditing={panel === 'editor'} />
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
      {table !== undefined && (
        <Panels table={table} bench={bench} link={link} dark={theme.dark} change={change} seek={seek} />
      )}
      <Transport at={table?.at ?? 0} end={end} play={play} onSeek={seek} onJump={jump} />
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  )
}

function Status({ bench, isEditing }: { readonly bench: Bench; readonly isEditing: boolean }): ReactElement {
  const problems = isEditing ? 0 : bench.problems.length
  return (
    <p className="status" role="status">
      {bench.running
        ? `Running … ${Math.round(100 * bench.progress)} %`
        : bench.failure !== ''
          ? `A fault of Quorate: ${bench.failure}`
          : problems > 0
            ? `${problems} problem(s) in the scenario: open Edit`
            : ''}
      {bench.running && (
        <button type="button" onClick={bench.cancel}>
          Cancel
        </button>
      )}
    </p>
  )
}

interface PanelsProps {
  readonly table: Table
  readonly bench: Bench
  readonly link: LinkState
  readonly dark: boolean
  readonly change: (part: Partial<LinkState>) => void
  readonly seek: (at: number) => void
}

const TABS = [
  { name: 'story', title: 'Story' },
  { name: 'decisions', title: 'Decisions' },
] as const

/** Map, timeline, story or decisions, verdict and inspector. */
function Panels({ table, bench, link, dark, change, seek }: PanelsProps): ReactElement {
  const { trace, run, frame, decision, at } = table
  const { layout, resize, reset } = useLayout()
  const [large, setLarge] = useState(false)
  const { node, resource, tab } = link
  const transitions = useTransitions(run, bench.ask, tab === 'decisions')
  const why = useWhy({ run, ask: bench.ask, entry: decision, node, resource })
  const select = useCallback(
    (chosenNode: string, chosen: string) => change({ node: chosenNode, resource: chosen }),
    [change],
  )
  const pick = (entry: DecisionEntry | undefined): void =>
    change(entry === undefined ? { decision: 0 } : { decision: entry.seq, at: entry.at })
  const map = { shape: trace.header.cluster, frame, selectedNode: node, selectedResource: resource, onSelect: select }
  const edge = (name: string, which: keyof typeof layout, direction: 'column' | 'row', sign: 1 | -1): ReactElement => (
    <Edge
      {...{ name, direction, sign }}
      size={layout[which]}
      onResize={(by) => resize(which, by)}
      onReset={() => reset(which)}
    />
  )
  // What is chosen is what the reader asks about: it comes first.
  const isChosen = node !== '' || resource !== ''
  const inspector = (
    <Inspector table={table} charts={bench.charts} node={node} resource={resource} onClose={() => select('', '')}>
      {decision !== undefined && trace.header.cluster.manager === 'pacemaker' && (
        <Reasons answer={why.value} isWaiting={why.isWaiting} entry={decision} node={node} onSeek={seek}>
          <Chain entries={table.decisions} entry={decision} lines={table.lines} onSeek={seek} />
        </Reasons>
      )}
    </Inspector>
  )
  // Custom properties are no names that React's types know.
  const sizes = {
    '--left': `${layout.left}px`,
    '--right': `${layout.right}px`,
    '--top': `${layout.top}px`,
  } as CSSProperties
  return (
    <main className="table" data-large={large} style={sizes}>
      <section className="panel map" aria-label="Cluster map">
        {trace.header.cluster.manager === 'pacemaker' ? (
          <PacemakerMap {...map} beliefs={table.beliefs} />
        ) : (
          <ClusterMap {...map} />
        )}
      </section>
      {edge('Width of the cluster map', 'left', 'column', 1)}
      <section className="panel timeline" aria-label="Timeline">
        <Timeline
          trace={trace}
          lines={table.lines}
          at={at}
          dark={dark}
          selectedNode={node}
          selectedResource={resource}
          onSeek={seek}
          onSelect={select}
        />
      </section>
      {edge('Height of the timeline', 'top', 'row', 1)}
      <section className="panel story" aria-label="Story and decisions">
        <Tabs label="Below the timeline" tabs={TABS} current={tab} onChange={(name) => change({ tab: name })}>
          <button type="button" className="large" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? 'smaller' : 'larger'}
          </button>
        </Tabs>
        <div className="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          {tab === 'story' ? (
            <Story trace={trace} lines={table.lines} seq={table.seq} onSeek={seek} />
          ) : (
            <Decisions
              entries={table.decisions}
              lines={table.lines}
              shown={decision}
              isPinned={table.isPinned}
              transition={transitions.value?.find(({ seq }) => seq === decision?.seq)}
              isWaiting={transitions.isWaiting}
              at={at}
              selectedResource={resource}
              onPick={pick}
              onSeek={seek}
              onSelect={select}
            />
          )}
        </div>
      </section>
      {edge('Width of verdict and inspector', 'right', 'column', -1)}
      <section className="panel side" aria-label="Verdict and inspector">
        {isChosen && inspector}
        <Verdict verdicts={run.expected} invariants={run.invariants} footer={trace.footer} onSeek={seek} />
        <Recoveries recoveries={table.recoveries} at={at} onSeek={seek} />
        {!isChosen && inspector}
      </section>
    </main>
  )
}
