/**
 * Why here, why this: what decided where a resource runs, the score of every node as the terms that add up to it, and the way to each
 * action, each with the line of the configuration behind it. Says what the worker found; knows no rules.
 */
import type { ReactElement, ReactNode } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { Said, Why, WhyAction, WhyResource, WhyScore, WhyTerm } from '../replay/contract.ts'
import { SourceLine } from './SourceLine.tsx'

interface Props {
  readonly answer: Why | undefined
  readonly isWaiting: boolean
  readonly entry: DecisionEntry
  /** The node on screen: of several instances, the one that is there comes first. */
  readonly node: string
  readonly onSeek: (at: number) => void
  /** What led to the decision. */
  readonly children: ReactNode
}

const INFINITY = 1_000_000

/** The answer about a resource, or about a node where none is asked for. */
export function Reasons({ answer, isWaiting, entry, node, onSeek, children }: Props): ReactElement {
  return (
    <section className="why-here" aria-label="Why" aria-busy={isWaiting}>
      <h3>
        Why{' '}
        <button type="button" className="plain link" onClick={() => onSeek(entry.at)}>
          at the decision of {clockText(entry.at)}
        </button>
      </h3>
      {children}
      {answer === undefined ? (
        <p className="empty">{isWaiting ? 'Being worked out …' : 'This decision knows nothing of it.'}</p>
      ) : (
        <Answer answer={answer} node={node} />
      )}
    </section>
  )
}

function Answer({ answer, node }: { readonly answer: Why; readonly node: string }): ReactElement {
  const isHere = ({ runsOn, node: next }: WhyResource): boolean => next === node || runsOn.includes(node)
  const sorted = [...answer.resources].sort((a, b) => Number(isHere(b)) - Number(isHere(a)))
  const [first, ...others] = sorted
  return (
    <>
      {answer.nodes.map((entry) => (
        <div key={entry.node}>
          <Told said={entry.verdict} file={answer.file} isLoud />
          {entry.state
            .filter((said) => !isSaid(said, entry.verdict))
            .map((said) => (
              <Told key={said.text} said={said} file={answer.file} />
            ))}
          <Actions actions={entry.actions} verdicts={[entry.verdict]} file={answer.file} />
          {entry.resources.length > 0 && (
            <ul className="happenings">
              {entry.resources.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )}
        </div>
      ))}
      {first !== undefined && <Instance resource={first} file={answer.file} />}
      {others.map((resource) => (
        <details key={resource.id}>
          <summary>{resource.verdict.text}</summary>
          <Instance resource={resource} file={answer.file} />
        </details>
      ))}
    </>
  )
}

function Instance({ resource, file }: { readonly resource: WhyResource; readonly file: string }): ReactElement {
  const { verdict, notes, scores, promotion, actions } = resource
  return (
    <div className="instance">
      <Told said={verdict} file={file} isLoud />
      {promotion !== undefined && <Told said={promotion.verdict} file={file} isLoud />}
      {notes.map((note) => (
        <Told key={note.text} said={note} file={file} />
      ))}
      <Actions
        actions={actions}
        verdicts={promotion === undefined ? [verdict] : [verdict, promotion.verdict]}
        file={file}
      />
      <h4>Score of each node for {resource.id}</h4>
      <ul className="scores">
        {scores.map((score) => (
          <Score key={score.node} score={score} isChosen={score.node === resource.node} file={file} />
        ))}
        {promotion !== undefined && (
          <li>
            <details open={promotion.terms.length < 4}>
              <summary>
                <b>promotion</b> <output>{scoreText(promotion.score)}</output>
              </summary>
              <Terms terms={promotion.terms} file={file} />
            </details>
          </li>
        )}
      </ul>
    </div>
  )
}

function Score({
  score,
  isChosen,
  file,
}: {
  readonly score: WhyScore
  readonly isChosen: boolean
  readonly file: string
}): ReactElement {
  const further = score.obstacles.filter(({ text }) => !score.terms.some((term) => term.text === text))
  return (
    <li data-chosen={isChosen}>
      <details open={isChosen || score.obstacles.length > 0}>
        <summary>
          <span aria-hidden="true">{isChosen ? '➜' : score.obstacles.length > 0 ? '✕' : ' '}</span> <b>{score.node}</b>{' '}
          <output>{score.score === undefined ? 'none' : scoreText(score.score)}</output>{' '}
          <small>{isChosen ? 'chosen' : score.obstacles.length > 0 ? 'may not run it' : ''}</small>
        </summary>
        {further.map((said) => (
          <Told key={said.text} said={said} file={file} />
        ))}
        <Terms terms={score.terms} file={file} />
        {score.terms.length === 0 && further.length === 0 && <p className="empty">nothing speaks for or against it</p>}
      </details>
    </li>
  )
}

function Terms({ terms, file }: { readonly terms: readonly WhyTerm[]; readonly file: string }): ReactElement {
  return (
    <ul className="terms">
      {terms.map((term, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: terms are a fixed list; two may say the same
        <li key={index} data-counts={term.counts}>
          <output>
            {term.how === 'set' ? '=' : term.amount < 0 ? '' : '+'}
            {scoreText(term.amount)}
          </output>
          <div>
            <Told said={term} file={file} />
            {!term.counts && <small>counts no more: a later term sets the score</small>}
            {term.parts.length > 0 && <Terms terms={term.parts} file={file} />}
          </div>
        </li>
      ))}
    </ul>
  )
}

function Actions({
  actions,
  verdicts,
  file,
}: {
  readonly actions: readonly WhyAction[]
  /** What stands above already is not said again. */
  readonly verdicts: readonly Said[]
  readonly file: string
}): ReactElement | null {
  if (actions.length === 0) return null
  return (
    <ul className="why-actions">
      {actions.map(({ title, isBlocked, because, before }) => (
        <li key={title} data-blocked={isBlocked}>
          <b>{title}</b>
          <ol className="because" aria-label="Because">
            {because
              .filter((said) => !verdicts.some((verdict) => isSaid(said, verdict)))
              .map((said) => (
                <li key={said.text}>
                  <Told said={said} file={file} prefix="because" />
                </li>
              ))}
          </ol>
          {before.length > 0 && (
            <details>
              <summary>
                after {before.length === 1 ? 'one step' : `${before.length} steps`}: {before.at(-1)!.text}
              </summary>
              <ol className="steps">
                {before.map((said) => (
                  <li key={said.text}>
                    <Told said={said} file={file} />
                  </li>
                ))}
              </ol>
            </details>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What stands above already is not said again. */
function isSaid({ text }: Said, verdict: Said): boolean {
  return verdict.text.includes(text.replace(/^unclean: /, ''))
}

interface ToldProps {
  readonly said: Said
  readonly file: string
  readonly prefix?: string
  readonly isLoud?: boolean
}

/** A sentence, and the line of the configuration behind it. */
function Told({ said, file, prefix = '', isLoud = false }: ToldProps): ReactElement {
  return (
    <div className="told" data-loud={isLoud}>
      {prefix === '' ? '' : `${prefix} `}
      {said.text}
      {said.line > 0 && <SourceLine file={file} line={said.line} source={said.source} />}
    </div>
  )
}

/** As administrators write scores. */
function scoreText(score: number): string {
  if (INFINITY <= score) return 'INFINITY'
  return score <= -INFINITY ? '-INFINITY' : String(score)
}
