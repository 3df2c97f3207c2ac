/** Random primitives with their operations, options and parameters, and what histories need to know of them. */
import type { Draw } from './draw.ts'
import { type Features, resourceId } from './features.ts'
import { type Attributes, el, pairs, type Tree } from './tree.ts'

/** A recurring monitor. */
export interface FuzzMonitor {
  readonly intervalMs: number
  readonly role: string | undefined
}

/** A primitive as configured. */
export interface FuzzPrimitive {
  readonly id: string
  readonly class: string
  readonly provider: string | undefined
  readonly type: string
  readonly monitors: readonly FuzzMonitor[]
  readonly mayMigrate: boolean
  readonly tree: Tree
}

/** Where a primitive stands. */
export interface PrimitivePlace {
  readonly isPromotable: boolean
  readonly isInGroup: boolean
  readonly isInClone: boolean
  /** A guest node of this name runs in it. */
  readonly guest?: string | undefined
}

/** Where a primitive stands that is nobody's member. */
export const ALONE: PrimitivePlace = { isPromotable: false, isInGroup: false, isInClone: false }

/** Draws a primitive that has this id. */
export function drawPrimitive(draw: Draw, features: Features, id: string, place: PrimitivePlace): FuzzPrimitive {
  const usesTemplate = features.hasTemplates && !place.isPromotable && draw.chance(35)
  const kind = usesTemplate ? DUMMY : drawAgent(draw, place)
  const monitors = drawMonitors(draw, place)
  const mayMigrate = features.hasMigration && draw.chance(60)
  const tree = el(
    'primitive',
    usesTemplate ? { id, template: TEMPLATE } : { id, ...kind },
    pairs('meta_attributes', `${id}-meta`, {
      ...drawMeta(draw, features, place),
      ...guestMeta(draw, place, mayMigrate),
    }),
    pairs('instance_attributes', `${id}-params`, drawParameters(draw, features)),
    features.hasRules && draw.chance(15) && ruledParameters(draw, id),
    operations(draw, features, id, monitors, place),
    features.hasUtilization && pairs('utilization', `${id}-use`, drawUse(draw)),
  )
  return { id, ...kind, monitors, mayMigrate, tree }
}

/** The template of random CIBs. */
export const TEMPLATE = 'T1'

const DUMMY = { class: 'ocf', provider: 'pacemaker', type: 'Dummy' }

/** A template with an operation and options of its own. */
export function drawTemplate(draw: Draw): Tree {
  const role = draw.maybe(20, () => 'Started')
  return el(
    'template',
    { id: TEMPLATE, ...DUMMY },
    pairs('meta_attributes', 'T1-meta', {
      'resource-stickiness': draw.maybe(40, () => draw.pick(['5', '500'])),
      priority: draw.maybe(20, () => 4),
    }),
    pairs('instance_attributes', 'T1-params', { fake: draw.maybe(30, () => '9') }),
    el(
      'operations',
      {},
      el('op', { id: 'T1-monitor', name: 'monitor', interval: '10s', timeout: '44s', role }),
      draw.chance(40) && el('op', { id: 'T1-start', name: 'start', interval: '0', timeout: '55s' }),
    ),
  )
}

function ruledParameters(draw: Draw, id: string): Tree {
  const rule = el(
    'rule',
    { id: `${id}-rule`, score: '1' },
    el('expression', { id: `${id}-expression`, attribute: '#uname', operation: 'eq', value: draw.pick(['n1', 'n2']) }),
  )
  return el(
    'instance_attributes',
    { id: `${id}-ruled`, score: draw.pick([1, 10]) },
    rule,
    el('nvpair', { id: `${id}-ruled-fake`, name: 'fake', value: '7' }),
  )
}

function drawAgent(draw: Draw, { isPromotable }: PrimitivePlace): Pick<FuzzPrimitive, 'class' | 'provider' | 'type'> {
  if (isPromotable) return { class: 'ocf', provider: 'pacemaker', type: 'Stateful' }
  return draw.weighted([
    [80, { class: 'ocf', provider: 'pacemaker', type: 'Dummy' }],
    [10, { class: 'systemd', provider: undefined, type: 'httpd' }],
    [10, { class: 'lsb', provider: undefined, type: 'script' }],
  ])
}

function drawMonitors(draw: Draw, { isPromotable }: PrimitivePlace): readonly FuzzMonitor[] {
  const monitors: FuzzMonitor[] = []
  if (draw.chance(65)) monitors.push({ intervalMs: 10_000, role: drawRole(draw, isPromotable) })
  if (isPromotable && draw.chance(60)) monitors.push({ intervalMs: 15_000, role: draw.pick(['Master', 'Promoted']) })
  if (draw.chance(5)) monitors.push({ intervalMs: 30_000, role: 'Stopped' })
  if (draw.chance(5)) monitors.push({ intervalMs: 60_000, role: undefined })
  return monitors
}

function drawRole(draw: Draw, isPromotable: boolean): string | undefined {
  if (!isPromotable) return draw.maybe(8, () => 'Started')
  return draw.maybe(60, () => draw.pick(['Slave', 'Unpromoted', 'Started']))
}

/** Scores as administrators write them. */
export function drawScore(draw: Draw): string {
  return draw.weighted([
    [30, () => 'INFINITY'],
    [20, () => '-INFINITY'],
    [30, () => String(draw.pick([1, 5, 10, 50, 100, 200, 1000]))],
    [12, () => String(-draw.pick([1, 5, 10, 50, 100, 1000]))],
    [4, () => '0'],
    [2, () => draw.pick(['+INFINITY', '500000', '999999', '-999999', '1000000'])],
  ])()
}

/** Meta-attributes that any resource may have. */
export function drawMeta(
  draw: Draw,
  features: Features,
  { isPromotable }: Pick<PrimitivePlace, 'isPromotable'>,
): Attributes {
  const often = features.hasOptions ? 2 : 1
  const roles = isPromotable
    ? ['Started', 'Stopped', 'Master', 'Slave', 'Promoted', 'Unpromoted']
    : ['Started', 'Stopped']
  return {
    'target-role': draw.maybe(8 * often, () => draw.pick(roles)),
    'is-managed': draw.maybe(5 * often, () => draw.pick(['false', 'false', 'true'])),
    maintenance: draw.maybe(2 * often, () => draw.pick(['true', 'false'])),
    'resource-stickiness': draw.maybe(12, () => draw.pick(['0', '1', '100', 'INFINITY', '-1', '-INFINITY'])),
    priority: draw.maybe(8 * often, () => draw.int(-2, 10)),
    'migration-threshold': draw.maybe(features.hasFailures ? 30 : 3, () => draw.pick(['1', '2', '3', 'INFINITY', '0'])),
    'failure-timeout': draw.maybe(features.hasFailures ? 15 : 2, () => draw.pick(['60s', '10min', '1000', '0'])),
    'multiple-active': draw.maybe(6 * often, () => draw.pick(['stop_start', 'stop_only', 'block', 'stop_unexpected'])),
    requires: draw.maybe(5 * often, () => draw.pick(['nothing', 'quorum', 'fencing', 'unfencing'])),
    critical: draw.maybe(4 * often, () => draw.pick(['false', 'true'])),
    'allow-unhealthy-nodes': draw.maybe(features.hasHealth ? 30 : 0, () => draw.pick(['true', 'false'])),
    'restart-type': draw.maybe(2, () => draw.pick(['restart', 'ignore'])),
    container: draw.maybe(features.hasContainers ? 25 : 0, () => resourceId(features, 'r', draw.int(1, 2))),
  }
}

function guestMeta(draw: Draw, { guest }: PrimitivePlace, mayMigrate: boolean): Attributes {
  return {
    'allow-migrate': mayMigrate ? 'true' : undefined,
    'remote-node': guest,
    'remote-allow-migrate': guest === undefined ? undefined : draw.maybe(15, () => 'false'),
    'remote-connect-timeout': guest === undefined ? undefined : draw.maybe(10, () => '30s'),
  }
}

function drawParameters(draw: Draw, features: Features): Attributes {
  return {
    state: draw.maybe(15, () => '/run/x'),
    passwd: draw.maybe(features.hasDigests ? 15 : 2, () => 'secret'),
    fake: draw.maybe(features.hasDigests ? 40 : 4, () => draw.pick(['1', '2'])),
  }
}

function drawUse(draw: Draw): Attributes {
  return {
    cpu: draw.maybe(75, () => draw.int(0, 4)),
    memory: draw.maybe(40, () => draw.int(0, 4) * 256),
  }
}

const ON_FAIL: Readonly<Record<string, readonly string[]>> = {
  monitor: ['ignore', 'block', 'stop', 'restart', 'fence', 'standby', 'demote', 'restart-container'],
  start: ['ignore', 'block', 'stop', 'restart', 'fence', 'standby'],
  stop: ['ignore', 'block', 'fence', 'standby', 'stop'],
  promote: ['ignore', 'block', 'stop', 'demote', 'fence', 'standby'],
  demote: ['ignore', 'block', 'fence', 'standby', 'demote'],
  migrate_to: ['block', 'fence', 'ignore'],
  migrate_from: ['block', 'fence', 'stop'],
}

function operations(
  draw: Draw,
  features: Features,
  id: string,
  monitors: readonly FuzzMonitor[],
  { isPromotable }: PrimitivePlace,
): Tree | undefined {
  const onFail = (name: string): string | undefined =>
    draw.maybe(features.hasFailures ? 25 : 4, () => draw.pick(ON_FAIL[name]!))
  const recurring = monitors.map(({ intervalMs, role }) =>
    el('op', {
      id: `${id}-monitor-${intervalMs}`,
      name: 'monitor',
      interval: draw.pick([`${intervalMs / 1000}s`, `${intervalMs / 1000}`, `${intervalMs}ms`]),
      role,
      timeout: draw.maybe(30, () => draw.pick(['20s', '30', '1min'])),
      'on-fail': onFail('monitor'),
      enabled: draw.maybe(3, () => draw.pick(['false', 'true'])),
    }),
  )
  const names = [
    'start',
    'stop',
    ...(isPromotable ? ['promote', 'demote'] : []),
    ...(features.hasMigration ? ['migrate_to', 'migrate_from'] : []),
  ]
  const others = names
    .filter(() => draw.chance(18))
    .map((name) =>
      el(
        'op',
        {
          id: `${id}-${name}-0`,
          name,
          interval: draw.pick(['0', '0s']),
          timeout: draw.maybe(60, () => draw.pick(['60s', '100', '90000ms'])),
          'on-fail': onFail(name),
          'start-delay': draw.maybe(3, () => '5s'),
        },
        draw.chance(features.hasOptions ? 15 : 2) &&
          pairs('meta_attributes', `${id}-${name}-meta`, {
            'on-fail': draw.maybe(50, () => draw.pick(ON_FAIL[name]!)),
            timeout: draw.maybe(50, () => '77'),
          }),
      ),
    )
  const all = [...recurring, ...others]
  return all.length === 0 ? undefined : el('operations', {}, all)
}
