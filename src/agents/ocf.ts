/**
 * OCF agents: named parameters in the environment, the return codes of seeds 002 and 004, roles by the monitor's code. Whether a code is
 * a failure is for the cluster manager to say, by what it expected; this file knows no expectations. What a stock agent does not
 * advertise it does not have (`stock.ts`).
 */
import type { LifecycleState } from '../model/lifecycle.ts'
import * as ocf from '../model/ocf.ts'
import type { OperationName } from '../model/operation.ts'
import { agentText, type ResourceSpec } from '../model/resource.ts'
import type { AgentCall, AgentFamily, AgentPlan } from './contract.ts'
import { type Dialect, planBy } from './standard.ts'
import { hasOperation, knowsRoles } from './stock.ts'

const DIALECT: Dialect = {
  report: (state, spec) => ({ rc: monitorCode(state, spec.promotable), output: '' }),
  describe: (spec, operation) => (operation === 'meta-data' ? metadata(spec) : ''),
  missing: ocf.OCF_ERR_INSTALLED,
  unimplemented: ocf.OCF_ERR_UNIMPLEMENTED,
  failure: ocf.OCF_ERR_GENERIC,
  notRunning: ocf.OCF_NOT_RUNNING,
  operations: new Set<OperationName>([
    ...(['start', 'stop', 'monitor', 'promote', 'demote', 'notify', 'reload'] as const),
    ...(['migrate_to', 'migrate_from', 'meta-data', 'validate-all'] as const),
  ]),
}

/** OCF agents. */
export const OCF_FAMILY: AgentFamily = {
  class: 'ocf',
  about: 'Open Cluster Framework agents; the cluster passes parameters by name and reads the return code.',
  callText: (spec, operation) => `${agentText(spec.agent)} ${operation}`,
  plan: (given) => {
    const { agent, promotable } = given.spec
    const call = promotable && !knowsRoles(agent) ? { ...given, spec: { ...given.spec, promotable: false } } : given
    if (!hasOperation(agent, call.operation) && call.misbehaviour?.kind !== 'missing')
      return { rc: DIALECT.unimplemented, output: '', hangs: false }
    const plan: { -readonly [Key in keyof AgentPlan]: AgentPlan[Key] } = planBy(DIALECT, call)
    const tells = promotionScore(call, plan)
    if (tells !== undefined) plan.tells = tells
    return plan
  },
}

/** The scores that promotable agents give themselves: as the `Stateful` of Pacemaker's own lab does (spec E-5.7). */
const SCORES = new Map<OperationName, string | undefined>([
  ['start', '5'],
  ['promote', '10'],
  ['demote', '5'],
  ['stop', undefined],
])

/** A promotable agent that has done its work tells how well it could be promoted here; one that failed tells nothing. */
function promotionScore({ spec, operation, state }: AgentCall, { rc }: AgentPlan): AgentPlan['tells'] {
  if (!spec.promotable) return undefined
  // Instances of an anonymous clone are one service of one name here; each of a unique one has a score of its own (spec B-16.2).
  const name = `master-${spec.id}`
  if (rc === ocf.OCF_OK && SCORES.has(operation)) return { name, value: SCORES.get(operation) }
  if (operation !== 'monitor') return undefined
  if (state === 'promoted' && rc === ocf.OCF_RUNNING_PROMOTED) return { name, value: '10' }
  return state === 'started' && rc === ocf.OCF_OK ? { name, value: '5' } : undefined
}

/** What a monitor returns in each true state (seed 004, Table 10.10). */
function monitorCode(state: LifecycleState, promotable: boolean): number {
  switch (state) {
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'migrating':
      return ocf.OCF_NOT_RUNNING
    case 'started':
    case 'promoting':
    case 'hung':
      return ocf.OCF_OK
    case 'promoted':
    case 'demoting':
    case 'hung-promoted':
      return promotable ? ocf.OCF_RUNNING_PROMOTED : ocf.OCF_OK
    case 'failed-promoted':
      return promotable ? ocf.OCF_FAILED_PROMOTED : ocf.OCF_ERR_GENERIC
    case 'failed':
    case 'stuck':
    case 'unknown':
      return ocf.OCF_ERR_GENERIC
  }
}

/** The least that `meta-data` must print: name, parameters as configured, and the actions there are. */
function metadata(spec: ResourceSpec): string {
  const parameters = spec.parameters.map(({ name }) => `<parameter name="${attribute(name)}"/>`).join('')
  const actions = [...DIALECT.operations]
    .filter((name) => hasOperation(spec.agent, name))
    .map((name) => `<action name="${name}"/>`)
    .join('')
  return (
    `<resource-agent name="${attribute(spec.agent.type)}"><parameters>${parameters}</parameters>` +
    `<actions>${actions}</actions></resource-agent>\n`
  )
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
