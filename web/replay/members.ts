/**
 * A Pacemaker cluster at an instant, as its nodes see it: partitions, quorum, DC, what nodes are told to do, fail counts. A function of
 * a frame and of the beliefs of a trace; no rules of the manager stand here, only readings.
 */
import type { ClusterShape } from '../../src/model/cluster.ts'
import type { LifecycleState } from '../../src/model/lifecycle.ts'
import type { BelievedRole } from '../../src/report/beliefs.ts'
import type { Frame } from '../../src/trace/frames.ts'

/** Nodes that see one another, and what they hold in common. */
export interface Partition {
  readonly members: readonly string[]
  readonly hasQuorum: boolean
  /** Empty where none leads. */
  readonly dc: string
}

/** What can be said of a node beside its power. */
export interface NodeMark {
  readonly word: 'DC' | 'maintenance' | 'no quorum' | 'standby' | 'UNCLEAN'
  readonly tone: 'accent' | 'bad' | 'odd' | 'warn'
}

/** Failures of one resource on one node. */
export interface FailCount {
  readonly count: number
  /** Which operation failed how often. */
  readonly text: string
}

const INFINITY = 1_000_000

/** The members of a node's ring as it sees it, itself first in the cluster's order. */
export function ringOf(frame: Frame, shape: ClusterShape, name: string): readonly string[] {
  const node = frame.nodes.get(name)
  if (node === undefined || node.state !== 'up' || node.processes.get(frame.daemon) === undefined) return []
  return shape.nodes.filter((other) => other === name || isMember(node.views.get(other)))
}

function isMember(view: string | undefined): boolean {
  return view !== undefined && view !== 'dead'
}

/** Every partition that somebody sees. Two nodes that disagree stand in two. */
export function partitionsOf(frame: Frame, shape: ClusterShape): readonly Partition[] {
  const found = new Map<string, Partition>()
  for (const name of shape.nodes) {
    const members = ringOf(frame, shape, name)
    const key = members.join(' ')
    if (members.length === 0) continue
    const beliefs = frame.nodes.get(name)!.beliefs
    const known = found.get(key)
    const dc = beliefs.get('DC') ?? ''
    found.set(key, {
      members,
      hasQuorum: (known?.hasQuorum ?? false) || beliefs.get('quorum') === 'acquired',
      dc: known !== undefined && known.dc !== '' ? known.dc : dc === 'none' ? '' : dc,
    })
  }
  return [...found.values()]
}

/** Whose beliefs tell of a node: the DC's in whose partition it is, else its own, else any DC's. */
export function tellerOf(frame: Frame, shape: ClusterShape, name: string): ReadonlyMap<string, string> {
  const partitions = partitionsOf(frame, shape)
  const own = partitions.find(({ members }) => members.includes(name))
  const lead = own ?? partitions.find(({ dc }) => dc !== '')
  const beliefs = (node: string | undefined) => (node === undefined ? undefined : frame.nodes.get(node)?.beliefs)
  return beliefs(lead?.dc) ?? beliefs(own === undefined ? lead?.members[0] : name) ?? new Map()
}

/** What a node is told, and whether its neighbours want it gone. */
export function marksOf(
  frame: Frame,
  partition: Partition | undefined,
  name: string,
  { teller, isUnclean }: { readonly teller: ReadonlyMap<string, string>; readonly isUnclean: boolean },
): readonly NodeMark[] {
  const isOn = (what: string): boolean =>
    isTrue(teller.get(`setting ${what} of ${name}`)) || isTrue(teller.get(`attribute ${what} of ${name}`))
  const marks: NodeMark[] = []
  if (frame.nodes.get(name)?.beliefs.get('DC') === name) marks.push({ word: 'DC', tone: 'accent' })
  if (isUnclean) marks.push({ word: 'UNCLEAN', tone: 'bad' })
  if (partition !== undefined && !partition.hasQuorum) marks.push({ word: 'no quorum', tone: 'bad' })
  if (isOn('standby')) marks.push({ word: 'standby', tone: 'warn' })
  if (isOn('maintenance') || isTrue(teller.get('option maintenance-mode')))
    marks.push({ word: 'maintenance', tone: 'odd' })
  return marks
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && ['1', 'on', 'true', 'y', 'yes'].includes(value.toLowerCase())
}

/** Failures by resource on a node. */
export function failCountsOf(teller: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, FailCount> {
  const found = new Map<string, FailCount>()
  for (const [about, value] of teller) {
    const match = /^attribute fail-count-(.+)#(\w+)_(\d+) of (.+)$/.exec(about)
    if (match === null || match[4] !== name || value === '' || value === '0') continue
    const resource = match[1]!
    const count = value === 'INFINITY' ? INFINITY : Number(value)
    const words = `${match[2]} ${countText(count)}`
    const known = found.get(resource)
    found.set(resource, {
      count: Math.min(INFINITY, (known?.count ?? 0) + count),
      text: known === undefined ? words : `${known.text}, ${words}`,
    })
  }
  return found
}

/** A fail count as administrators read it. */
export function countText(count: number): string {
  return INFINITY <= count ? '∞' : String(count)
}

/** Attributes of a node: name, value, and whether they outlive it. */
export function attributesOf(
  teller: ReadonlyMap<string, string>,
  name: string,
): readonly { readonly name: string; readonly value: string; readonly isKept: boolean }[] {
  return [...teller].flatMap(([about, value]) => {
    const match = /^(attribute|setting) (\S+) of (.+)$/.exec(about)
    if (match === null || match[3] !== name || value === '') return []
    return [{ name: match[2]!, value, isKept: match[1] === 'setting' }]
  })
}

/** What is told of a resource or of what it is part of: `disabled`, `unmanaged`; empty where nothing is. */
export function orderOf(teller: ReadonlyMap<string, string>, ids: readonly string[]): string {
  const read = (name: string): string | undefined =>
    ids.map((id) => teller.get(`meta ${name} of ${id}`)).find((value) => value !== undefined && value !== '')
  const managed = read('is-managed')
  if (isTrue(read('maintenance')) || isTrue(teller.get('option maintenance-mode'))) return 'maintenance'
  if (managed !== undefined && !isTrue(managed)) return 'unmanaged'
  const role = read('target-role')
  if (role === 'Stopped') return 'disabled'
  return role === 'Unpromoted' || role === 'Slave' ? 'not to be promoted' : ''
}

/** A resource and everything that holds it: group, clone. */
export function lineageOf(shape: ClusterShape, id: string): readonly string[] {
  const above = [...shape.groups, ...(shape.clones ?? [])].filter(({ resources }) => resources.includes(id))
  return [id, ...above.map((holder) => holder.id)]
}

/** True where the cluster holds a service for something that it is not; work under way is no difference. */
export function roleDiffers(role: BelievedRole, state: LifecycleState): boolean {
  switch (state) {
    case 'started':
      return role !== 'started'
    case 'promoted':
      return role !== 'promoted'
    case 'stopped':
      return role === 'started' || role === 'promoted'
    case 'failed':
    case 'failed-promoted':
    case 'hung':
    case 'hung-promoted':
    case 'stuck':
    case 'unknown':
      return role !== 'failed'
    case 'demoting':
    case 'migrating':
    case 'promoting':
    case 'starting':
    case 'stopping':
      return false
  }
}
