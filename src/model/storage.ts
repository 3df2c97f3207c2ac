/** Which data a resource opens: what must not be open on two nodes at once. Only agents that hold data themselves are listed. */
import type { StorageShape } from './cluster.ts'
import type { ResourceSpec } from './resource.ts'

/** One disk, volume or volume group. */
export interface StorageUse {
  readonly id: string
  /** True for what several nodes may have open at once. */
  readonly concurrent: boolean
}

/** File systems made to be mounted on several nodes. */
const CLUSTER_FILE_SYSTEMS = new Set([
  'ceph',
  'cephfs',
  'cifs',
  'gfs',
  'gfs2',
  'glusterfs',
  'lustre',
  'nfs',
  'nfs4',
  'ocfs2',
])

/** What `spec` opens, or undefined where it opens nothing of its own (an address, a daemon). */
export function storageOf(spec: ResourceSpec): StorageUse | undefined {
  const parameter = (name: string, position: string): string | undefined =>
    spec.parameters.find((entry) => entry.name === name || entry.name === position)?.value
  if (spec.agent.type === 'Filesystem') {
    const device = parameter('device', '1')
    const type = parameter('fstype', '3') ?? ''
    return device === undefined ? undefined : { id: device, concurrent: CLUSTER_FILE_SYSTEMS.has(type) }
  }
  if (spec.agent.class === 'rgmanager') return rgmanagerUse(spec.agent.type, parameter)
  if (spec.agent.type === 'LVM') {
    const group = parameter('volgrpname', '1')
    return group === undefined ? undefined : { id: `volume group ${group}`, concurrent: false }
  }
  return undefined
}

/** The agents of cluster.conf: a file system by its device, a volume group, or one volume of it. */
function rgmanagerUse(
  type: string,
  parameter: (name: string, position: string) => string | undefined,
): StorageUse | undefined {
  const device = parameter('device', '')
  if (type === 'fs' || type === 'clusterfs')
    return device === undefined ? undefined : { id: device, concurrent: type === 'clusterfs' }
  if (type !== 'lvm') return undefined
  const group = parameter('vg_name', '')
  const volume = parameter('lv_name', '')
  if (group === undefined) return undefined
  return { id: volume === undefined ? `volume group ${group}` : `volume ${group}/${volume}`, concurrent: false }
}

/** All that resources open, each with whom it is used by. O(resources). */
export function toStorage(specs: readonly ResourceSpec[]): readonly StorageShape[] {
  const found = new Map<string, { readonly concurrent: boolean; readonly usedBy: string[] }>()
  for (const spec of specs) {
    const use = storageOf(spec)
    if (use === undefined) continue
    const known = found.get(use.id)
    if (known === undefined) found.set(use.id, { concurrent: use.concurrent, usedBy: [spec.id] })
    else known.usedBy.push(spec.id)
  }
  return [...found].map(([id, entry]) => ({ id, ...entry }))
}
