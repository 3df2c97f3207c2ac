/**
 * Gives the operations of a random status the digests that the configuration of now has, so that most of what runs need not be
 * restarted. Uses Quorate's own digests: a wrong one shows as a restart that the reference tool decides and Quorate does not.
 */
import { compareDigests, type DigestCache } from '../../src/cib/digests.ts'
import { readCib } from '../../src/cib/read.ts'
import type { ClusterState, ResourceState } from '../../src/cib/state.ts'
import { unpackCluster } from '../../src/cib/unpack.ts'
import type { Draw } from './draw.ts'
import type { Features } from './features.ts'
import { NOW } from './results.ts'
import { type Tree, treeText, withChildren } from './tree.ts'

interface Digesting {
  readonly draw: Draw
  readonly features: Features
  readonly state: ClusterState
}

/** The same CIB with digests; where Quorate cannot read it, as it was. */
export function withDigests(draw: Draw, features: Features, tree: Tree): Tree {
  const { value } = readCib(treeText(tree), 'cib.xml')
  if (value === undefined) return tree
  const digesting = { draw, features, state: unpackCluster(value, NOW) }
  const children = tree.children.map((child) =>
    child.name === 'status' ? mapChildren(child, 'node_state', (node) => ofNode(digesting, node)) : child,
  )
  return withChildren(tree, children)
}

function mapChildren(tree: Tree, name: string, change: (child: Tree) => Tree): Tree {
  return withChildren(
    tree,
    tree.children.map((child) => (child.name === name ? change(child) : child)),
  )
}

function ofNode(digesting: Digesting, node: Tree): Tree {
  const uname = node.attributes.get('uname') ?? ''
  return mapChildren(node, 'lrm', (lrm) =>
    mapChildren(lrm, 'lrm_resources', (all) =>
      mapChildren(all, 'lrm_resource', (entry) => {
        const resource = resourceOf(digesting.state, entry.attributes.get('id') ?? '')
        if (resource === undefined) return entry
        return mapChildren(entry, 'lrm_rsc_op', (op) => withDigest(digesting, uname, resource, op))
      }),
    ),
  )
}

function resourceOf({ resources }: ClusterState, id: string): ResourceState | undefined {
  return resources.find((resource) => resource.id === id) ?? resources.find(({ xmlId }) => xmlId === id)
}

function withDigest({ draw, features, state }: Digesting, uname: string, resource: ResourceState, op: Tree): Tree {
  const node = state.nodes.find((other) => other.uname === uname)
  if (node === undefined || op.attributes.has('op-digest') || !draw.chance(93)) return op
  const forced = features.hasDigests && draw.chance(25) ? draw.pick([' state ', ' fake ', ' state fake ']) : undefined
  const cache: DigestCache = new Map()
  const [operation, intervalMs] = [op.attributes.get('operation'), Number(op.attributes.get('interval'))]
  const forcing = forced === undefined ? {} : { opForceRestart: forced, opRestartDigest: 'x' }
  compareDigests({ state, cache, resource, node, op: { operation, intervalMs, ...forcing } })
  const [digests] = [...cache.values()].flatMap((ofNode) => [...ofNode.values()])
  const attributes = new Map(op.attributes)
  const isChanged = forced !== undefined && draw.chance(40)
  attributes.set('op-digest', isChanged ? '0123456789abcdef0123456789abcdef' : digests!.all)
  if (forced !== undefined) attributes.set('op-force-restart', forced)
  if (digests!.restart !== undefined) attributes.set('op-restart-digest', digests!.restart)
  if (features.hasDigests && draw.chance(30)) {
    attributes.set('op-secure-params', ' passwd ')
    attributes.set('op-secure-digest', digests!.secure)
  }
  return { ...op, attributes }
}
