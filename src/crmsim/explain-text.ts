/**
 * Explanations as text for a terminal, at most 100 columns wide.
 *
 * Colours are the caller's: it hands in functions that paint. Changes nothing.
 */
import { scoreText } from '../cib/role.ts'
import type { AskedResource, Explanation, ResourceExplanation } from './explain.ts'
import type { ActionExplanation } from './explain-actions.ts'
import type { NodeExplanation } from './explain-node.ts'
import type { Promotion } from './explain-promotion.ts'
import type { NodeScore, Term } from './explain-scores.ts'
import type { Remark } from './explain-sources.ts'

const WIDTH = 100

/** How words are painted; by default not at all. */
export interface Paint {
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const plain = (text: string): string => text
export const NO_PAINT: Paint = { strong: plain, faint: plain, good: plain, bad: plain }

/** The whole answer. `file` is the name that lines are quoted with. */
export function explanationText(explanation: Explanation, file: string, paint: Paint = NO_PAINT): string {
  const { resource, primitives, node, nodes } = explanation
  const page = new Page(file, paint)
  if (node !== undefined) page.node(node)
  else if (resource === undefined) {
    const actions = [...nodes, ...primitives].flatMap((each) => each.actions)
    for (const each of nodes) if (each.actions.length === 0) page.sentence(each.verdict)
    if (actions.length === 0) page.write('Nothing is to be started, stopped or moved.')
    page.actions(actions, 0)
  } else {
    if (1 < primitives.length || resource.id !== primitives[0]?.id) page.heading(resource, primitives)
    for (const each of primitives) page.primitive(each)
  }
  return `${page.lines.join('\n').trim()}\n`
}

/** Lines as they are written. */
class Page {
  readonly lines: string[] = []
  readonly #file: string
  readonly #paint: Paint

  constructor(file: string, paint: Paint) {
    this.#file = file
    this.#paint = paint
  }

  /** Writes wrapped text; later lines stand under `hang` blanks. */
  write(text: string, { indent = 0, hang = indent, style = plain }: WriteOptions = {}): void {
    for (const line of wrap(text, indent, hang)) {
      this.lines.push(style(line.replaceAll(PLACE, (place) => this.#paint.faint(place))))
    }
  }

  heading({ id, kind, scores }: AskedResource, primitives: readonly ResourceExplanation[]): void {
    const count = primitives.length === 1 ? 'one primitive' : `${primitives.length} primitives`
    const places = primitives.map((each) => `${each.id} ${each.node === undefined ? 'nowhere' : `on ${each.node}`}`)
    this.write(`${id} is a ${kind} of ${count}: ${places.join(', ')}.`, { hang: 2, style: this.#paint.strong })
    if (0 < scores.length) this.write(`Scores of ${id} itself:`, { indent: 2 })
    this.#scores(scores, undefined)
  }

  sentence(told: Remark): void {
    this.write(this.#sentence(told), { hang: 2, style: this.#paint.strong })
  }

  primitive({ verdict, notes, node, scores, promotion, actions, others }: ResourceExplanation): void {
    this.write('')
    this.write(this.#sentence(verdict), { hang: 2, style: this.#paint.strong })
    for (const each of notes) this.write(this.#sentence(each), { indent: 2, hang: 4 })
    this.#scores(scores, node)
    if (promotion !== undefined) this.#promotion(promotion)
    this.actions(actions.map((action) => withoutVerdict(action, verdict)))
    if (actions.length === 0) this.write('Nothing is to be started, stopped or moved.', { indent: 2 })
    if (0 < others.length) this.write(`Besides: ${others.join(', ')}.`, { indent: 2, hang: 4 })
  }

  #scores(scores: readonly NodeScore[], chosen: string | undefined): void {
    const groups = grouped(scores, chosen)
    const names = groups.map((group) => namesText(group.map(({ node }) => node)))
    const width = Math.max(0, ...names.map(({ length }) => length).filter((length) => length <= NAMES_WIDTH))
    for (const [at, group] of groups.entries()) this.#nodeScore(group[0]!, names[at]!, width)
  }

  /** What keeps the resource away is told once: as the node's state, or as the terms that say so. */
  #nodeScore({ score, terms, obstacles }: NodeScore, name: string, width: number): void {
    const style = obstacles.length === 0 ? this.#paint.good : this.#paint.bad
    const [first, ...others] = obstacles.filter(({ text }) => !terms.some((term) => term.text === text))
    const amount = score === undefined ? 'none' : scoreText(score)
    const isLong = width < name.length
    if (isLong) this.write(name, { indent: 2, style })
    const head = `${(isLong ? '' : name).padEnd(width)}  ${amount.padStart(9)}`
    const reason = first === undefined ? '' : `: ${this.#withPlace(first)}`
    const note = obstacles.length === 0 ? '' : `  may not run it${reason}`
    this.write(`${head}${note}`, { indent: 2, hang: width + 15, style })
    for (const other of others) this.write(`also ${this.#withPlace(other)}`, { indent: width + 15, style })
    this.#terms(terms, width + 4)
  }

  /** Amounts in a column under the score that they add up to. */
  #terms(terms: readonly Term[], indent: number): void {
    for (const term of terms) {
      const sign = term.how === 'set' ? '=' : term.amount < 0 ? '' : '+'
      const dead = term.counts ? '' : ' – counts no more, see below'
      const amount = `${sign}${scoreText(term.amount)}`.padStart(9)
      const text = `${term.how === 'set' ? 'set: ' : ''}${this.#withPlace(term)}${dead}`
      this.write(`${amount}  ${text}`, { indent, hang: indent + 11, style: term.counts ? plain : this.#paint.faint })
      this.#terms(term.parts, indent + 4)
    }
  }

  #promotion({ node, score, terms, verdict }: Promotion): void {
    this.write(this.#sentence(verdict), { indent: 2, hang: 4, style: this.#paint.strong })
    this.write(`${node}  ${scoreText(score).padStart(9)}  promotion score`, { indent: 4 })
    this.#terms(terms, node.length + 6)
  }

  actions(actions: readonly ActionExplanation[], indent = 2): void {
    for (const { title, isBlocked, because, before } of actions) {
      this.write(title, { indent, style: isBlocked ? this.#paint.bad : this.#paint.good })
      const options = { indent: indent + 2, hang: indent + 10 }
      for (const reason of because) this.write(`because ${this.#withPlace(reason)}`, options)
      if (before !== undefined) this.#steps(before, options)
    }
  }

  /** The last steps are the nearest. */
  #steps(before: readonly Remark[], options: WriteOptions): void {
    const left = Math.max(0, before.length - STEPS_MAX)
    for (const [at, step] of before.slice(left).entries()) {
      const head = 0 < at ? 'then' : 0 < left ? `after ${left} other steps` : 'first'
      this.write(`${head} ${step.text}${this.#by(step)}`, options)
    }
  }

  node({ verdict, state, actions, resources }: NodeExplanation): void {
    this.write(this.#sentence(verdict), { hang: 2, style: this.#paint.strong })
    for (const each of state) if (!isSaid(each, verdict)) this.write(this.#withPlace(each), { indent: 2, hang: 4 })
    this.actions(actions.map((action) => withoutVerdict(action, verdict)))
    for (const text of resources) this.write(text, { indent: 2, hang: 4 })
  }

  #by({ origin }: Remark): string {
    if (origin.id === '') return ''
    return ` (by ${origin.id}${origin.line === 0 ? '' : `, ${this.#file}:${origin.line}`})`
  }

  #withPlace({ text, origin }: Remark): string {
    return origin.line === 0 ? text : `${text} (${this.#file}:${origin.line})`
  }

  #sentence(told: Remark): string {
    return `${this.#withPlace(told)}.`
  }
}

const STEPS_MAX = 12
const NAMES_WIDTH = 20
const NAMES_MAX = 8

const PLACE = /\([^() ]+:[0-9]+\)/g

/** The verdict stands above already. */
function withoutVerdict(action: ActionExplanation, verdict: Remark): ActionExplanation {
  return { ...action, because: action.because.filter((reason) => !isSaid(reason, verdict)) }
}

function isSaid({ text }: Remark, verdict: Remark): boolean {
  return verdict.text.includes(text.replace(/^unclean: /, ''))
}

interface WriteOptions {
  readonly indent?: number
  readonly hang?: number
  readonly style?: (text: string) => string
}

function namesText(names: readonly string[]): string {
  if (names.length <= NAMES_MAX) return names.join(', ')
  return `${names.slice(0, NAMES_MAX - 2).join(', ')} and ${names.length - NAMES_MAX + 2} others`
}

/** Nodes that have the same score for the same reasons go together; the chosen one stands alone. */
function grouped(scores: readonly NodeScore[], chosen: string | undefined): readonly (readonly NodeScore[])[] {
  const groups = new Map<string, NodeScore[]>()
  for (const each of scores) {
    const { node, score, terms, obstacles } = each
    const reasons = [terms.map(({ text, amount }) => [text, amount]), obstacles.map(({ text }) => text)]
    const key = JSON.stringify([node === chosen, score, reasons])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [each])
    else known.push(each)
  }
  return [...groups.values()]
}

/** Words in lines; a word that is too long stands alone. */
function wrap(text: string, indent: number, hang: number): readonly string[] {
  const lines: string[] = []
  let line = ' '.repeat(indent)
  let isEmpty = true
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const next = isEmpty ? line + word : `${line} ${word}`
    if (WIDTH < next.length && !isEmpty) {
      lines.push(line)
      line = ' '.repeat(hang) + word
    } else line = next
    isEmpty = false
  }
  return [...lines, line.trimEnd()]
}
