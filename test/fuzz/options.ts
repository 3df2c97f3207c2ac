/** Random cluster options, resource defaults and operation defaults. */
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import { type Attributes, el, pairs, type Tree } from './tree.ts'

/** The `crm_config` section. */
export function drawClusterOptions(draw: Draw, features: Features): Tree {
  const often = features.hasOptions ? 10 : 2
  const values: Attributes = {
    'stonith-enabled': features.hasFencing ? draw.maybe(70, () => 'true') : 'false',
    'no-quorum-policy': draw.maybe(12 + often, () => draw.pick(['stop', 'freeze', 'ignore', 'suicide', 'demote'])),
    'symmetric-cluster': draw.maybe(often, () => draw.pick(['false', 'false', 'true'])),
    'stop-all-resources': draw.maybe(often / 3, () => 'true'),
    'maintenance-mode': draw.maybe(often / 3, () => 'true'),
    'start-failure-is-fatal': draw.maybe(often, () => draw.pick(['false', 'true'])),
    'stop-orphan-resources': draw.maybe(often, () => draw.pick(['false', 'true'])),
    'stop-orphan-actions': draw.maybe(often, () => draw.pick(['false', 'true'])),
    'remove-after-stop': draw.maybe(often / 2, () => 'true'),
    'enable-startup-probes': draw.maybe(often / 2, () => 'false'),
    'startup-fencing': draw.maybe(often, () => 'false'),
    'concurrent-fencing': draw.maybe(often, () => draw.pick(['false', 'true'])),
    'stonith-action': draw.maybe(often, () => draw.pick(['off', 'reboot', 'poweroff'])),
    'stonith-timeout': draw.maybe(often, () => '120s'),
    'priority-fencing-delay': draw.maybe(often, () => draw.pick(['30', '15s'])),
    'have-watchdog': draw.maybe(often / 2, () => draw.pick(['true', 'false'])),
    'stonith-watchdog-timeout': draw.maybe(often / 3, () => draw.pick(['10', '0', '-1'])),
    'shutdown-lock': draw.maybe(often * 2, () => 'true'),
    'shutdown-lock-limit': draw.maybe(often / 2, () => draw.pick(['60min', '10000h'])),
    'cluster-delay': draw.maybe(often / 2, () => '30s'),
    'batch-limit': draw.maybe(often / 2, () => '10'),
    'cluster-name': draw.maybe(5, () => 'a'),
    'placement-strategy': features.hasUtilization
      ? draw.pick(['default', 'utilization', 'minimal', 'balanced'])
      : draw.maybe(2, () => draw.pick(['utilization', 'minimal', 'balanced'])),
    ...healthOptions(draw, features),
  }
  const id = 'cib-bootstrap-options'
  return el('crm_config', {}, pairs('cluster_property_set', id, values))
}

function healthOptions(draw: Draw, features: Features): Attributes {
  if (!features.hasHealth) return {}
  return {
    'node-health-strategy': draw.pick(['migrate-on-red', 'only-green', 'progressive', 'custom', 'none']),
    'node-health-base': draw.maybe(30, () => draw.pick(['10', '-5', '0'])),
    'node-health-green': draw.maybe(25, () => '20'),
    'node-health-yellow': draw.maybe(25, () => '-3'),
    'node-health-red': draw.maybe(25, () => '-100'),
  }
}

/** The `rsc_defaults` section, mostly absent. */
export function drawResourceDefaults(draw: Draw, features: Features): Tree | undefined {
  if (!draw.chance(features.hasOptions ? 60 : 25)) return undefined
  const values: Attributes = {
    'resource-stickiness': draw.maybe(70, () => draw.pick(['1', '100', '1000', 'INFINITY', '0'])),
    'migration-threshold': draw.maybe(20, () => draw.pick(['1', '3', '5000'])),
    'failure-timeout': draw.maybe(8, () => draw.pick(['60s', '0'])),
    'allow-migrate': draw.maybe(features.hasMigration ? 25 : 0, () => 'true'),
    'target-role': draw.maybe(3, () => draw.pick(['Started', 'Stopped'])),
    'is-managed': draw.maybe(2, () => 'false'),
    priority: draw.maybe(5, () => '3'),
  }
  const rule = draw.chance(features.hasRules ? 40 : 3) ? [defaultsRule(draw)] : []
  const set = pairs('meta_attributes', 'rsc-options', values, ...rule)
  return set === undefined ? undefined : el('rsc_defaults', {}, set)
}

function defaultsRule(draw: Draw): Tree {
  const date = el('date_expression', {
    id: 'rsc-options-date',
    operation: draw.pick(['gt', 'lt']),
    [draw.pick(['start', 'end'])]: '2023-01-01',
  })
  const isGreater = date.attributes.get('operation') === 'gt'
  const isFit = isGreater === date.attributes.has('start')
  const resource = el('rsc_expression', { id: 'rsc-options-rsc', class: 'ocf', type: draw.maybe(50, () => 'Dummy') })
  return el('rule', { id: 'rsc-options-rule' }, isFit ? date : resource)
}

/** The `op_defaults` section, mostly absent. */
export function drawOperationDefaults(draw: Draw, features: Features): Tree | undefined {
  if (!draw.chance(features.hasOptions ? 40 : 12)) return undefined
  const values: Attributes = {
    timeout: draw.maybe(70, () => draw.pick(['30s', '120'])),
    'on-fail': draw.maybe(12, () => draw.pick(['ignore', 'block', 'standby', 'fence', 'demote', 'stop'])),
    'record-pending': draw.maybe(15, () => draw.pick(['true', 'false'])),
    interval: draw.maybe(2, () => '0'),
    'start-delay': draw.maybe(2, () => '3s'),
    requires: draw.maybe(2, () => 'nothing'),
  }
  const rule = draw.chance(features.hasRules ? 30 : 3)
    ? [
        el(
          'rule',
          { id: 'op-options-rule' },
          el('op_expression', {
            id: 'op-options-op',
            name: draw.pick(['monitor', 'start']),
            interval: draw.maybe(30, () => '10s'),
          }),
        ),
      ]
    : []
  const set = pairs('meta_attributes', 'op-options', values, ...rule)
  return set === undefined ? undefined : el('op_defaults', {}, set)
}
