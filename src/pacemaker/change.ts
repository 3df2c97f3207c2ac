/**
 * What one write of the CIB changes in a copy, in the words of the abort that follows. A write that changes nothing is no news: the
 * original sends no difference then. Source: spec E-5.2 (text forms), E-9.4; the recordings' logs (ids such as `status-2-.feature-set`).
 */
import { differenceBy, editConfiguration } from './edit-document.ts'
import { type CibCopy, type CibUpdate, type NodeAttributes, nodeStatusOf, pairId, transientsOf } from './store.ts'

/** A change that happened. `by`: what an abort for it names; absent where it names nothing. */
export interface CibChange {
  readonly by?: string
  /** Cluster properties are others now: the DC reads them anew (spec E-5.8). */
  readonly isProperty?: true
}

/** What `update` will change in `copy`, which it has not been applied to yet; undefined where nothing. Pure. */
export function changeBy(copy: CibCopy, update: CibUpdate): CibChange | undefined {
  switch (update.kind) {
    case 'attributes':
      return attributesBy(copy, update)
    case 'erase-attributes':
      return (nodeStatusOf(copy.status, update.node.id)?.attributes.length ?? 0) === 0
        ? undefined
        : { by: `deletion of transient_attributes[@id='${update.node.id}']` }
    case 'erase-resource':
      return { by: `deletion of lrm_resource[@id='${update.resource}']` }
    case 'erase-op':
      return recordsBy(copy, update)
    case 'op':
      return operationBy(copy, update)
    case 'configuration':
      return configurationBy(copy, update)
    default:
      return {}
  }
}

type Update<Kind extends CibUpdate['kind']> = Extract<CibUpdate, { readonly kind: Kind }>

/** The first difference is what aborts. */
function attributesBy(copy: CibCopy, { also = [], ...first }: Update<'attributes'>): CibChange | undefined {
  for (const part of [first, ...also]) {
    const change = partBy(copy, part)
    if (change !== undefined) return change
  }
  return undefined
}

function partBy({ status }: CibCopy, { node, changes }: NodeAttributes): CibChange | undefined {
  const known = transientsOf(status, node.id)
  const change = changes.find(({ name, value }) => known.get(name) !== value)
  if (change === undefined) return undefined
  const { name, value } = change
  const id = pairId(`status-${node.id}`, name)
  if (value === undefined) return { by: `deletion of nvpair[@id='${id}']` }
  const isFirst = (nodeStatusOf(status, node.id)?.attributes.length ?? 0) === 0
  return {
    by: isFirst
      ? `transient_attributes.${node.id} 'create'`
      : `${id} doing ${known.has(name) ? 'modify' : 'create'} ${name}=${value}`,
  }
}

/** Whoever forgets failures asks for the record of one whether there is one or not; a cancelled operation is told in any case. */
function recordsBy({ status }: CibCopy, { node, resource, ids }: Update<'erase-op'>): CibChange | undefined {
  const known = nodeStatusOf(status, node.id)?.history.find(({ id }) => id === resource)
  const erased = known?.ops.find(({ id }) => ids.includes(id ?? ''))
  if (erased !== undefined) return { by: `deletion of lrm_rsc_op[@id='${erased.id}']` }
  return ids.every((id) => id.endsWith('_last_failure_0')) ? undefined : {}
}

/** A patch that does not fit, or that leaves everything as it is, changes nothing. */
function configurationBy({ configuration }: CibCopy, { edits }: Update<'configuration'>): CibChange | undefined {
  const after = editConfiguration(configuration, edits)
  if (typeof after === 'string' || after === configuration) return undefined
  const isProperty = JSON.stringify(configuration.properties) !== JSON.stringify(after.properties)
  return { ...differenceBy(configuration, edits), ...(isProperty ? { isProperty } : {}) }
}

/** A recurring operation's record is there already when it fails; the record of its failure is what is new. */
function operationBy({ status }: CibCopy, { node, agent, ops }: Update<'op'>): CibChange {
  const [op] = ops
  if (op === undefined) return {}
  const told = op.intervalMs > 0 ? ops.at(-1) : op
  const known = nodeStatusOf(status, node.id)?.history.find(({ id }) => id === agent.id)
  const isNew = known?.ops.some(({ id }) => id === told?.id) !== true
  return { by: `operation ${op.operationKey} '${isNew ? 'create' : 'modify'}' on ${node.name}` }
}
