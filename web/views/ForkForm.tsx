/** What if: one more fault or command at the instant of the cursor. What came before stays as it was, so that both runs can be compared. */
import { type FormEvent, type ReactElement, useState } from 'react'
import { clockText } from '../../src/kernel/time.ts'
import type { ClusterShape } from '../../src/model/cluster.ts'
import type { ParameterSpec, WordSpec } from '../../src/model/vocabulary.ts'
import type { StepFields, StepValue } from '../replay/fork.ts'

interface Props {
  readonly shape: ClusterShape
  readonly words: readonly WordSpec[]
  readonly at: number
  /** True where a variant is on the table: its names are not those of the scenario's text. */
  readonly isVariant: boolean
  readonly onFork: (fields: StepFields) => void
  readonly onClose: () => void
}

const COMMAND = 'command'

/** A form with the fields that the chosen fault takes. */
export function ForkForm({ shape, words, at, isVariant, onFork, onClose }: Props): ReactElement {
  const [chosen, setChosen] = useState('node-crash')
  const word = words.find(({ name }) => name === chosen)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    onFork(fieldsOf(new FormData(event.currentTarget), word, Math.round(at)))
  }
  if (isVariant)
    return (
      <section className="panel fork" aria-label="Fork">
        <p className="empty">A variant cannot be forked: choose the scenario itself first.</p>
      </section>
    )
  return (
    <section className="panel fork" aria-label="Fork">
      <form onSubmit={submit}>
        <h2>What if, at {clockText(Math.round(at))} …</h2>
        <label>
          happens{' '}
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value={COMMAND}>an administrator types a command</option>
            {words.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        {word === undefined ? (
          <>
            <Choice name="on" label="on" options={shape.nodes} />
            <label>
              command <input type="text" name={COMMAND} required placeholder="standby alice" />
            </label>
          </>
        ) : (
          word.parameters.map((parameter) => (
            <Parameter key={`${word.name} ${parameter.name}`} parameter={parameter} shape={shape} />
          ))
        )}
        {word?.lasting === true && (
          <label>
            for <input type="text" name="for" placeholder="to the end" size={8} />
          </label>
        )}
        <button type="submit" className="go">
          Fork
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
        {word !== undefined && <small>{word.about}</small>}
      </form>
    </section>
  )
}

function Choice({
  name,
  label,
  options,
  title,
  isOptional = false,
}: {
  readonly name: string
  readonly label: string
  readonly options: readonly string[]
  readonly title?: string
  readonly isOptional?: boolean
}): ReactElement {
  return (
    <label title={title}>
      {label}{' '}
      <select name={name} required={!isOptional}>
        {isOptional && <option value="">–</option>}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    </label>
  )
}

function Parameter({
  parameter,
  shape,
}: {
  readonly parameter: ParameterSpec
  readonly shape: ClusterShape
}): ReactElement {
  const { name, type, required, about, choices } = parameter
  const options = choices ?? optionsFor(type, shape)
  if (type === 'link') {
    const ends = [...new Set(shape.media.flatMap(({ members }) => members))]
    return (
      <>
        <Choice name={name} label={name} options={ends} title={about} />
        <Choice name={name} label="and" options={[...ends].reverse()} title={about} />
      </>
    )
  }
  if (options !== undefined)
    return <Choice name={name} label={name} options={options} title={about} isOptional={!required} />
  const example = type === 'sides' ? shape.nodes.join(' | ') : ''
  return (
    <label title={about}>
      {name}{' '}
      <input
        type="text"
        name={name}
        required={required}
        defaultValue={example}
        placeholder={type === 'duration' ? '30s' : type}
        size={Math.max(8, example.length)}
      />
    </label>
  )
}

function optionsFor(type: ParameterSpec['type'], shape: ClusterShape): readonly string[] | undefined {
  switch (type) {
    case 'node':
      return shape.nodes
    case 'resource':
      return shape.resources.map(({ id }) => id)
    case 'device':
      return shape.fenceDevices.map(({ id }) => id)
    case 'medium':
      return shape.media.map(({ id }) => id)
    case 'process':
      return shape.processes
    case 'storage':
      return shape.storage.map(({ id }) => id)
    case 'chance':
    case 'duration':
    case 'link':
    case 'number':
    case 'sides':
    case 'text':
      return undefined
  }
}

function fieldsOf(data: FormData, word: WordSpec | undefined, at: number): StepFields {
  const read = (name: string): string => String(data.get(name) ?? '').trim()
  const start = ['at', `${at}ms`] as const
  if (word === undefined) return [start, [COMMAND, read(COMMAND)], ['on', read('on')]]
  const given = word.parameters.flatMap(({ name, type }): readonly (readonly [string, StepValue])[] => {
    if (type === 'link') return [[name, data.getAll(name).map(String)]]
    const value = read(name)
    return value === '' ? [] : [[name, toValue(type, value)]]
  })
  const lasts = word.lasting ? read('for') : ''
  return [start, ['fault', word.name], ...given, ...(lasts === '' ? [] : [['for', lasts] as const])]
}

/** `n1 | n2, n3` are two sides. */
function toValue(type: ParameterSpec['type'], value: string): StepValue {
  if (type === 'sides') return value.split('|').map((side) => side.split(/[\s,]+/).filter((name) => name !== ''))
  if (type === 'number' || type === 'chance') return Number.isFinite(Number(value)) ? Number(value) : value
  return value
}
