/** Stop and think: what will the manager decide? The card that stands before a decision, and, once it is revealed, beside it. */
import { type ReactElement, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { DecisionEntry } from '../../src/report/decisions.ts'
import type { StoryLine } from '../../src/report/story.ts'
import { Chain } from './Chain.tsx'

interface Props {
  readonly entries: readonly DecisionEntry[]
  readonly lines: readonly StoryLine[]
  /** The decision that comes next; absent where there is none any more. */
  readonly question: DecisionEntry | undefined
  /** The decision just revealed. */
  readonly revealed: DecisionEntry | undefined
  /** True where the cursor stands just before the question. */
  readonly isNow: boolean
  readonly onReveal: (entry: DecisionEntry) => void
  readonly onGo: () => void
  readonly onSeek: (at: number) => void
  readonly onEnd: () => void
}

/** Asks, waits, shows. */
export function Predict(props: Props): ReactElement {
  const { question, revealed, isNow, onGo, onEnd } = props
  const [guess, setGuess] = useState('')
  return (
    <section className="predict" aria-label="Predict" aria-live="polite">
      {question !== undefined && isNow ? (
        <Ask {...props} question={question} guess={guess} onGuess={setGuess} />
      ) : revealed !== undefined ? (
        <Answer {...props} revealed={revealed} guess={guess} />
      ) : (
        <p>
          {question === undefined
            ? 'No decision is left to predict.'
            : 'The future is hidden. The cursor will stop before the next decision.'}
        </p>
      )}
      <p className="predict-tools">
        {question !== undefined && !isNow && (
          <button
            type="button"
            onClick={() => {
              setGuess('')
              onGo()
            }}
          >
            Go on to the next decision
          </button>
        )}
        <button type="button" onClick={onEnd}>
          Stop predicting
        </button>
      </p>
    </section>
  )
}

interface AskProps extends Props {
  readonly question: DecisionEntry
  readonly guess: string
  readonly onGuess: (guess: string) => void
}

function Ask({ entries, lines, question, guess, onGuess, onReveal, onSeek }: AskProps): ReactElement {
  return (
    <>
      <h2>
        {clockText(question.at)}: {question.node} is about to decide. What will it do?
      </h2>
      <Chain entries={entries} entry={question} lines={lines} onSeek={onSeek} />
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onReveal(question)
        }}
      >
        <label>
          Your guess{' '}
          <input
            type="text"
            value={guess}
            placeholder="say what runs where afterwards, and what must come first"
            onChange={(event) => onGuess(event.target.value)}
          />
        </label>
        <button type="submit" className="go">
          Reveal
        </button>
      </form>
    </>
  )
}

function Answer({ revealed, guess }: { readonly revealed: DecisionEntry; readonly guess: string }): ReactElement {
  return (
    <>
      <h2>
        {clockText(revealed.at)}: {revealed.node} decided
      </h2>
      <ul className="answer">
        {revealed.actions.map((action) => (
          <li key={action.seq}>
            {action.text.replace(/^Actions: /, '')}
            {action.reasons
              .filter(({ text }) => !action.text.includes(text))
              .map(({ text, source }) => (
                <small key={text}>
                  {' '}
                  — {text} ({source})
                </small>
              ))}
          </li>
        ))}
      </ul>
      {guess !== '' && (
        <p>
          You said: <q>{guess}</q>
        </p>
      )}
    </>
  )
}
