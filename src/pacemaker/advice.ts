/**
 * Advice on a CIB that is right but may not do as its author thinks: timeouts below what an agent advertises as its minimum, operations
 * and roles that an agent does not have. Only stock agents are judged. Pacemaker itself never says this and never acts on it: its timeout
 * is the operation's, else that of op_defaults, else 20 s. Source: issue 5, item 2; spec A (operations), model/agent-facts.ts.
 */
import type { Configuration, NvSet, OpConfig, PrimitiveConfig, ResourceConfig } from '../cib/configuration.ts'
import { readCib } from '../cib/read.ts'
import { isTrue, timeoutMs } from '../cib/values.ts'
import { advertisedFor, advertises, factsOf } from '../model/agent-facts.ts'
import type { Problem } from '../model/problem.ts'
import { type AgentRef, agentText } from '../model/resource.ts'
import type { SourceFile } from '../model/source.ts'
import { clusterAdvice } from './advice-cluster.ts'
import { primitivesOf } from './devices.ts'

/** Warnings on the CIB among a scenario's files; none where it cannot be read. */
export function adviceOn(file: SourceFile): readonly Problem[] {
  const configuration = readCib(file.text, file.name).value?.configuration
  if (configuration === undefined) return []
  const warn = (place: { readonly line: number; readonly column: number }, what: string, advice: string): Problem => ({
    severity: 'warning',
    file: file.name,
    line: place.line,
    column: place.column,
    what,
    advice,
  })
  const hasRoles = (resource: ResourceConfig): boolean =>
    resource.kind === 'clone' && (resource.element === 'master' || isTrue(valueIn(resource.meta, 'promotable')))
  const ofAgents = configuration.resources.flatMap((resource) =>
    primitivesOf(resource).flatMap((primitive) => {
      const agent = agentOf(primitive)
      if (agent === undefined) return []
      return [
        ...timeoutAdvice(configuration, primitive, agent, warn),
        ...(hasRoles(resource) && factsOf(agent)?.promotable === false
          ? [
              warn(
                primitive,
                `${resource.id} is promotable, but ${agentText(agent)} advertises no promote and demote`,
                'take an agent that knows roles, or a clone without promotable=true',
              ),
            ]
          : []),
      ]
    }),
  )
  return [...clusterAdvice(configuration, warn), ...ofAgents]
}

/** Makes a warning. */
export type Warn = (place: { readonly line: number; readonly column: number }, what: string, advice: string) => Problem

function timeoutAdvice(
  configuration: Configuration,
  primitive: PrimitiveConfig,
  agent: AgentRef,
  warn: Warn,
): readonly Problem[] {
  const fallback = valueIn(configuration.opMetaDefaults, 'timeout')
  const configured = primitive.ops.flatMap((op): readonly Problem[] => {
    if (advertises(agent, op.name) === false)
      return [
        warn(
          op,
          `${primitive.id}: ${agentText(agent)} advertises no ${op.name}`,
          'leave the operation out: the agent answers that it is not implemented',
        ),
      ]
    const timeout = attributeOf(op, 'timeout') ?? valueIn(op.meta, 'timeout')
    return tooShort(op, op, timeout)
  })
  const named = new Set(primitive.ops.map(({ name }) => name))
  const others = ['start', 'stop'].filter((name) => !named.has(name))
  return [...configured, ...others.flatMap((name) => tooShort(primitive, { name }, undefined))]

  function tooShort(
    place: { readonly line: number; readonly column: number },
    op: Pick<OpConfig, 'name'> & Partial<OpConfig>,
    own: string | undefined,
  ): readonly Problem[] {
    const role = op.attributes === undefined ? undefined : attributeOf(op as OpConfig, 'role')
    const least = advertisedFor(agent, op.name, MODERN.get(role ?? '') ?? role)?.timeout ?? 0
    const timeout = timeoutMs(own ?? fallback)
    if (least <= timeout) return []
    const source = own !== undefined ? '' : fallback !== undefined ? ' (from op_defaults)' : ' (the default)'
    return [
      warn(
        place,
        `${primitive.id}: ${op.name} may take ${timeout / 1000} s${source}, ${agentText(agent)} advertises ${least / 1000} s at least`,
        `write timeout="${least / 1000}s"`,
      ),
    ]
  }
}

const MODERN = new Map([
  ['Master', 'Promoted'],
  ['Slave', 'Unpromoted'],
])

function agentOf({ class: agentClass, provider, type }: PrimitiveConfig): AgentRef | undefined {
  return agentClass === 'ocf' && provider !== undefined && type !== undefined
    ? { class: 'ocf', provider, type }
    : undefined
}

function attributeOf(op: OpConfig, name: string): string | undefined {
  return op.attributes.find(([key]) => key === name)?.[1]
}

/** The value outside rules. */
function valueIn(sets: readonly NvSet[], name: string): string | undefined {
  return sets
    .filter(({ rules }) => rules.length === 0)
    .flatMap(({ pairs }) => pairs)
    .find((pair) => pair.name === name)?.value
}
