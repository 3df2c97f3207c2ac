/**
 * One sentence for each primitive: why the winner won, and why not the runner-up.
 *
 * Changes nothing. Source: spec B-10.4 to B-10.6, B-11.8, B-19.
 */
import { INFINITY, STOPPED, scoreText } from '../cib/role.ts'
import { compareCapacity } from '../scheduler/utilization.ts'
import type { Choice, Resource, Worksheet } from '../scheduler/worksheet.ts'
import { targetRemark, unmanagedRemark } from './explain-contributions.ts'
import type { NodeScore, Term } from './explain-scores.ts'
import { optionSource, type Remark, remark } from './explain-sources.ts'

/** Why `resource` is where it shall be. */
export function placeVerdict(sheet: Worksheet, resource: Resource, scores: readonly NodeScore[]): Remark {
  const choice = sheet.choices?.get(resource.index)
  const { id } = resource
  if (choice?.how === 'unmanaged') return leftAlone(sheet, resource, choice)
  if (choice?.how === 'stop-all-resources') {
    const { text, origin } = optionSource(sheet.state, 'stop-all-resources', 'false')
    return { text: `${id} runs nowhere: ${text}`, origin }
  }
  if (choice?.how === 'no partner') {
    const { origin } = choice
    return remark(`${id} runs nowhere: ${origin?.id} keeps it with an instance that none of its nodes has`, origin)
  }
  const winner = scores.find(({ index }) => index === choice?.node)
  if (choice === undefined || winner === undefined) return nowhere(sheet, resource, scores)
  if (resource.assigned < 0) return remark(`${id} runs nowhere: no instance that it needs is on ${winner.node}`)
  const { text, origin } = comparison(sheet, choice, scores, winner)
  return { text: `${placed(sheet, resource, choice)}: ${text}`, origin }
}

/** Why `resource` is not on the node asked for; undefined where it is, or where more than the two scores decide. */
export function awayVerdict(
  { id, assigned }: Resource,
  scores: readonly NodeScore[],
  node: number,
): Remark | undefined {
  const here = scores.find(({ index }) => index === node)
  if (here === undefined || assigned === node) return undefined
  const [obstacle] = here.obstacles
  if (obstacle !== undefined) return remark(`${id} may not run on ${here.node}: ${obstacle.text}`, obstacle.origin)
  const winner = scores.find(({ index }) => index === assigned)
  if (winner === undefined || winner.score === here.score) return undefined
  const [gain] = differences(winner, here)
  const against = `${scoreText(here.score ?? 0)} there against ${scoreText(winner.score ?? 0)} on ${winner.node}`
  const text = `${id} does not run on ${here.node}: ${against}${gain === undefined ? '' : `, where ${gain.text}`}`
  return remark(text, gain?.origin)
}

function leftAlone(sheet: Worksheet, resource: Resource, { node }: Choice): Remark {
  const { text, origin } = unmanagedRemark(sheet, resource)
  const where = sheet.nodes[node]?.name
  const stays = where === undefined ? 'it is left alone, and runs nowhere' : `it is left where it is, on ${where}`
  const isBlocked = text.startsWith('blocked')
  return {
    text: isBlocked ? `${resource.id} is ${text}; ${stays}` : `${resource.id} is not managed (${text}): ${stays}`,
    origin,
  }
}

function nowhere(sheet: Worksheet, resource: Resource, scores: readonly NodeScore[]): Remark {
  const { id } = resource
  if (resource.nextRole === STOPPED && isToStop(sheet, resource)) {
    const { text, origin } = targetRemark(sheet, resource)
    return { text: `${id} runs nowhere: ${text}`, origin }
  }
  const common = commonBan(scores)
  if (common !== undefined) return { text: `${id} runs nowhere: ${common.text}`, origin: common.origin }
  const [first] = scores
  const shared = first?.obstacles[0]
  if (1 < scores.length && scores.every(({ obstacles }) => obstacles[0]?.text === shared?.text)) {
    return remark(`${id} runs nowhere: no node may run it (all: ${shared?.text ?? 'score below 0'})`, shared?.origin)
  }
  const each = scores.map(({ node, obstacles }) => `${node}: ${obstacles[0]?.text ?? 'score below 0'}`)
  const more = 4 < each.length ? `; and ${each.length - 3} more` : ''
  return remark(`${id} runs nowhere: no node may run it (${each.slice(0, 4 < each.length ? 3 : 4).join('; ')}${more})`)
}

/** It was to be stopped before it was placed. */
function isToStop({ contributions }: Worksheet, { index }: Resource): boolean {
  return contributions?.some(({ resource, what }) => resource === index && what === 'target-role=Stopped') === true
}

/** What bans every node that is in the table. */
function commonBan(scores: readonly NodeScore[]): Term | undefined {
  const [first, ...others] = scores.filter(({ score }) => score !== undefined)
  return first?.terms.find(
    ({ text, noted, amount, counts }) =>
      counts &&
      noted !== 'node not available' &&
      amount <= -INFINITY &&
      others.every(({ terms }) => terms.some((term) => term.text === text)),
  )
}

function placed({ nodes }: Worksheet, { id }: Resource, { current, node }: Choice): string {
  const to = nodes[node]!.name
  if (current === node) return `${id} stays on ${to}`
  return current < 0 ? `${id} shall run on ${to}` : `${id} moves from ${nodes[current]!.name} to ${to}`
}

function comparison(sheet: Worksheet, choice: Choice, scores: readonly NodeScore[], winner: NodeScore): Remark {
  const others = scores.filter(({ obstacles, index }) => index !== winner.index && obstacles.length === 0)
  const [second] = others
  if (second === undefined) return onlyOne(scores, winner, choice)
  const [top, next] = [winner.score ?? 0, second.score ?? 0]
  if (top === next) {
    const rivals = others.filter(({ score }) => score === top)
    const [rival = second] = rivals.sort((left, right) => choice.counts[left.index]! - choice.counts[right.index]!)
    const why = tie(sheet, choice, winner, rival)
    return remark(`equal scores of ${scoreText(top)} there and on ${namesOf(others, top)}; ${why}`)
  }
  const gains = differences(winner, second)
  const why = gains.map(({ text }) => text).join(', ')
  const text = `${scoreText(top)} there against ${scoreText(next)} on ${namesOf(others, next)}${why === '' ? '' : `; ${why}`}`
  return gains.length === 1 ? { text, origin: gains[0]!.origin } : remark(text)
}

function namesOf(others: readonly NodeScore[], score: number): string {
  const names = others.filter((other) => (other.score ?? 0) === score).map(({ node }) => node)
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`
}

function onlyOne(scores: readonly NodeScore[], winner: NodeScore, { current }: Choice): Remark {
  const others = scores.filter(({ index }) => index !== winner.index)
  if (others.length === 0) return remark('there is no other node')
  const left = others.find(({ index }) => index === current) ?? (others.length === 1 ? others[0] : undefined)
  if (left === undefined) return remark('it is the only node that may run it')
  const [why] = left.obstacles
  return remark(
    `it is the only node that may run it; ${left.node} may not: ${why?.text ?? 'its score is below 0'}`,
    why?.origin,
  )
}

/** What the winner has and the runner-up has not, the largest first, two at most. */
function differences(winner: NodeScore, second: NodeScore): readonly Remark[] {
  const gains = new Map<string, number>()
  const add = ({ terms }: NodeScore, sign: number): void => {
    for (const { text, amount, counts } of terms) if (counts) gains.set(text, (gains.get(text) ?? 0) + sign * amount)
  }
  add(winner, 1)
  add(second, -1)
  const ahead = [...gains].filter(([, amount]) => 0 < amount).sort(([, left], [, right]) => right - left)
  return ahead.slice(0, 2).map(([text, amount]) => {
    const own = winner.terms.find((term) => term.text === text && 0 < term.amount)
    const term = own ?? second.terms.find((other) => other.text === text)
    const told = own === undefined ? `takes ${scoreText(amount)} on ${second.node}` : `adds ${scoreText(amount)}`
    return remark(`${text} ${told}`, term?.origin)
  })
}

function tie(sheet: Worksheet, choice: Choice, winner: NodeScore, second: NodeScore): string {
  const { how, current, counts } = choice
  const here = current === winner.index
  if (how === 'preferred') return here ? 'it is already there' : 'a migration there is under way'
  if (how === 'most capacity') return 'no node has enough free capacity, and this one has most'
  const [own, other] = [counts[winner.index]!, counts[second.index]!]
  if (how === 'stays') return 'it is already there, which counts for more than fewer resources elsewhere'
  const { placementStrategy } = sheet.options
  const [free, freeThere] = [choice.capacities[winner.index]!, choice.capacities[second.index]!]
  const isFreer = compareCapacity({ capacity: free }, { capacity: freeThere }) < 0
  if (placementStrategy === 'balanced' && isFreer) return 'more capacity is free there'
  if (placementStrategy !== 'minimal') {
    if (own < other) return `fewer resources are placed there so far (${own} against ${other})`
    if (here) return 'equally many resources are placed there so far, and it is already there'
    return `equally many resources are placed there so far (${own}), and its name comes first`
  }
  return 'its name comes first (placement-strategy=minimal)'
}
