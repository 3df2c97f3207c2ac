/** The panels of the table: map, timeline, story or decisions or comparison, verdict and inspector. */
import { type CSSProperties, type ReactElement, useCallback, useRef, useState } from 'react'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { NamedJob } from '../replay/contract.ts'
import { Chain } from '../views/Chain.tsx'
import { ClusterMap } from '../views/ClusterMap.tsx'
import { Configuration } from '../views/Configuration.tsx'
import { Decided } from '../views/Decided.tsx'
import { Decisions } from '../views/Decisions.tsx'
import { Edge } from '../views/Edge.tsx'
import { Inspector } from '../views/Inspector.tsx'
import { Often } from '../views/Often.tsx'
import { PacemakerMap } from '../views/PacemakerMap.tsx'
import { Recoveries } from '../views/Recoveries.tsx'
import { ServicePanel } from '../views/ServiceTree.tsx'
import { type ConfigPlace, ShowPlace } from '../views/SourceLine.tsx'
import { Story } from '../views/Story.tsx'
import { Tabs } from '../views/Tabs.tsx'
import { Timeline } from '../views/Timeline.tsx'
import { Together } from '../views/Together.tsx'
import { Verdict } from '../views/Verdict.tsx'
import { Reasons } from '../views/Why.tsx'
import type { LinkState } from './link.ts'
import { type BesideState, pickOf } from './use-beside.ts'
import type { Bench, TableRun } from './use-laboratory.ts'
import { useLayout } from './use-layout.ts'
import type { Often as Many } from './use-often.ts'
import { useTransitions, useWhy } from './use-reasons.ts'
import { decisionFor, type Table } from './use-table.ts'

interface Props {
  readonly table: Table
  readonly bench: Bench
  readonly link: LinkState
  readonly dark: boolean
  /** Several runs on one time axis, where that is what is looked at. */
  readonly beside: BesideState
  /** Many seeds, and what they would be run of. */
  readonly often: Many
  readonly jobs: readonly NamedJob[]
  readonly change: (part: Partial<LinkState>) => void
  readonly seek: (at: number) => void
  /** Says which stretch of time is looked at. */
  readonly look: (view: LinkState['view']) => void
}

/** The whole table below the head. */
export function Panels(props: Props): ReactElement {
  const { change } = props
  const show = useCallback((place: ConfigPlace) => change({ tab: 'config', place }), [change])
  return (
    <ShowPlace value={show}>
      {props.beside.mode === 'alone' ? <OneRun {...props} /> : <SeveralRuns {...props} />}
    </ShowPlace>
  )
}

/** Every variant, or the kept run and the one on the table, under one another. */
function SeveralRuns({ table, link, dark, beside, seek, look, change }: Props): ReactElement {
  const { against } = link
  const isPair = beside.mode === 'pair'
  const current = isPair ? 'compare' : 'variants'
  const alone = { tab: 'story', decision: 0, node: '', resource: '' } as const
  return (
    <main className="table together">
      <Tabs
        label="What is shown"
        tabs={tabsOf(table, link)}
        current={current}
        onChange={(name) => change({ tab: name })}
      >
        {isPair && (
          <button type="button" className="plain link" onClick={() => change({ against: undefined, tab: 'story' })}>
            Forget what was kept
          </button>
        )}
      </Tabs>
      <div className="together-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {table.question !== undefined ? (
          <p className="empty">What others do is hidden until everything is revealed: stop predicting first.</p>
        ) : beside.isSame ? (
          <p className="empty">
            This run is kept. Fork, edit, or choose another seed or manager: what changes is shown here, on one time
            axis.
          </p>
        ) : beside.runs === undefined ? (
          <p className="empty">
            {beside.isWaiting ? 'All of them are being run …' : 'Not run: cancelled, or one of them cannot be run.'}
          </p>
        ) : (
          <Together
            runs={beside.runs}
            at={link.at}
            dark={dark}
            span={link.view}
            onSpan={look}
            drawn={link.drawn}
            onDraw={(drawn) => change({ drawn })}
            onSeek={seek}
            onAlone={(key, place) =>
              change({
                ...alone,
                ...(place === undefined ? {} : { tab: 'config', place }),
                ...(isPair ? (key === '' ? against : {}) : { variant: key }),
              })
            }
          />
        )}
      </div>
    </main>
  )
}

/** The run on the table alone. */
function OneRun(props: Props): ReactElement {
  const { table, bench, link, dark, seek, look, change } = props
  const { trace, run, frame, at } = table
  const { layout, resize, reset } = useLayout()
  const [large, setLarge] = useState(false)
  const timeline = useRef<HTMLElement>(null)
  const { node, resource } = link
  const decision = decisionFor(table, node)
  const why = useWhy({ run, ask: bench.ask, entry: decision, node, resource })
  const select = useCallback(
    (chosenNode: string, chosen: string) => change({ node: chosenNode, resource: chosen }),
    [change],
  )
  const map = { shape: trace.header.cluster, frame, selectedNode: node, selectedResource: resource, onSelect: select }
  const edge = (name: string, which: keyof typeof layout, direction: 'column' | 'row', sign: 1 | -1): ReactElement => (
    <Edge
      {...{ name, direction, sign }}
      size={layout[which] ?? timeline.current?.offsetHeight ?? 0}
      onResize={(by) => resize(which, by, timeline.current?.offsetHeight ?? 0)}
      onReset={() => reset(which)}
    />
  )
  // What is chosen is what the reader asks about: it comes first.
  const isChosen = node !== '' || resource !== ''
  const isPacemaker = trace.header.cluster.manager === 'pacemaker'
  const inspector = (
    <Inspector table={table} charts={bench.charts} node={node} resource={resource} onClose={() => select('', '')}>
      {!isPacemaker && <Decided table={table} node={node} resource={resource} onSeek={seek} />}
      {decision !== undefined && isPacemaker && run.files.length === 0 && (
        <p className="empty">Scores are worked out from the scenario, and this trace came without it.</p>
      )}
      {decision !== undefined && isPacemaker && 0 < run.files.length && (
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
    '--top': layout.top === undefined ? 'fit-content(46vh)' : `minmax(0, ${layout.top}px)`,
  } as CSSProperties
  return (
    <main className="table" data-large={large} data-tab={link.tab} style={sizes}>
      <section className="panel map" aria-label="Cluster map">
        {isPacemaker ? <PacemakerMap {...map} beliefs={table.beliefs} /> : <ClusterMap {...map} />}
      </section>
      {edge('Width of the cluster map', 'left', 'column', 1)}
      <section className="panel timeline" ref={timeline} aria-label="Timeline">
        <Timeline
          trace={trace}
          lines={table.lines}
          at={at}
          isBlind={table.question !== undefined}
          dark={dark}
          span={link.view}
          onSpan={look}
          drawn={link.drawn}
          onDraw={(drawn) => change({ drawn })}
          selectedNode={node}
          selectedResource={resource}
          onSeek={seek}
          onSelect={select}
        />
      </section>
      {edge('Height of the timeline', 'top', 'row', 1)}
      <section className="panel story" aria-label="Story and decisions">
        <Below {...props} select={select}>
          <button type="button" className="large" aria-pressed={large} onClick={() => setLarge(!large)}>
            {large ? 'smaller' : 'larger'}
          </button>
        </Below>
      </section>
      {edge('Width of verdict and inspector', 'right', 'column', -1)}
      <section className="panel side" aria-label="Verdict and inspector">
        {isChosen && inspector}
        {table.question === undefined ? (
          <>
            <Verdict verdicts={run.expected} invariants={run.invariants} footer={trace.footer} onSeek={seek} />
            <Recoveries recoveries={table.recoveries} at={at} onSeek={seek} />
          </>
        ) : (
          <p className="empty">Verdict and recovery times are hidden until everything is revealed.</p>
        )}
        {!isChosen && inspector}
      </section>
    </main>
  )
}

const STORY = { name: 'story', title: 'Story' } as const
const DECISIONS = { name: 'decisions', title: 'Decisions' } as const
const SERVICE = { name: 'service', title: 'Service tree' } as const
const CONFIG = { name: 'config', title: 'Configuration' } as const
const OFTEN = { name: 'often', title: 'How often' } as const
const VARIANTS = { name: 'variants', title: 'All variants' } as const
const COMPARE = { name: 'compare', title: 'Compare' } as const

function tabsOf({ run }: Table, { against }: LinkState) {
  return [
    STORY,
    DECISIONS,
    // A trace alone has no trees; its tab says why.
    ...(0 < run.trees.length || isBare(run) ? [SERVICE] : []),
    CONFIG,
    ...(0 < run.files.length ? [OFTEN] : []),
    ...(0 < run.variants.length ? [VARIANTS] : []),
    ...(against === undefined ? [] : [COMPARE]),
  ]
}

/** True for a trace of RGManager's that came without its configuration. */
function isBare({ trace, files }: TableRun): boolean {
  return files.length === 0 && trace.header.cluster.manager === 'rgmanager'
}

interface BelowProps extends Props {
  readonly select: (node: string, resource: string) => void
  readonly children: ReactElement
}

/** The tabs below the timeline. While predicting they end at the cursor. */
function Below(props: BelowProps): ReactElement {
  const { table, bench, link, change, seek, select, children } = props
  const { trace, run, decision, at, seq, question } = table
  const tabs = tabsOf(table, link)
  const tab = tabs.find(({ name }) => name === link.tab)?.name ?? 'story'
  const transitions = useTransitions(run, bench.ask, tab === 'decisions')
  const pick = useCallback(
    (entry: DecisionEntry | undefined) =>
      change(entry === undefined ? { decision: 0 } : { decision: entry.seq, at: entry.at }),
    [change],
  )
  const isBlind = question !== undefined
  /** Why an action: the inspector says it, which may be far below. */
  const ask = useCallback(
    (node: string, resource: string) => {
      select(node, resource)
      window.setTimeout(() => document.querySelector('.inspector')?.scrollIntoView({ block: 'nearest' }))
    },
    [select],
  )
  return (
    <>
      <Tabs label="Below the timeline" tabs={tabs} current={tab} onChange={(name) => change({ tab: name })}>
        {children}
      </Tabs>
      <div className="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'story' && (
          <Story trace={trace} lines={isBlind ? table.lines.slice(0, seq) : table.lines} seq={seq} onSeek={seek} />
        )}
        {tab === 'decisions' && (
          <Decisions
            entries={isBlind ? table.decisions.filter(({ first }) => first <= seq) : table.decisions}
            lines={table.lines}
            files={trace.header.cluster.manager === 'pacemaker' ? [] : run.files}
            shown={decision}
            isPinned={table.isPinned}
            transition={transitions.value?.find((entry) => entry.seq === decision?.seq)}
            isWaiting={transitions.isWaiting}
            at={at}
            selectedResource={link.resource}
            onPick={pick}
            onSeek={seek}
            onSelect={ask}
          />
        )}
        {tab === 'service' && run.trees.length === 0 && (
          <p className="empty">
            What is nested in what, limits of restarts and depths of status checks stand in cluster.conf, and a trace
            does not hold it. Open the scenario of this trace to see the tree.
          </p>
        )}
        {tab === 'service' && 0 < run.trees.length && (
          <ServicePanel
            trace={trace}
            frame={table.frame}
            trees={run.trees}
            charts={bench.charts}
            selectedNode={link.node}
            selectedResource={link.resource}
            onSelect={select}
            onSeek={seek}
          />
        )}
        {tab === 'often' && (
          <Often
            often={props.often}
            jobs={props.jobs}
            onPick={(name, seed) => change({ ...pickOf(name, link), seed, decision: 0 })}
          />
        )}
        {tab === 'config' && (
          <Configuration files={run.files} place={link.place} onPlace={(place) => change({ place })} />
        )}
      </div>
    </>
  )
}
