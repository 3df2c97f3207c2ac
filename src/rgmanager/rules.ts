/**
 * What RGManager knows of the stock agents, as data: parameters with their flags, actions with depths and intervals, and child tables.
 * Times are seconds, as in the agents' metadata. Source: spec rgmanager 2 and 4; parameters that the spec does not list are those
 * that the agents' published metadata require.
 */

/** One parameter of a type. */
export interface ParameterRule {
  readonly name: string
  /** `primary`: the identity, `unique` within the type. */
  readonly flags: readonly ('primary' | 'reconfig' | 'required' | 'unique')[]
  /** `type%attribute` or `attribute`: taken from the nearest ancestor. */
  readonly inherit?: string
  readonly fallback?: string
}

/** One action; only status has depths. An absent interval means that it never runs by itself. */
export interface ActionRule {
  readonly name: string
  readonly depth: number
  readonly timeout: number
  readonly interval: number | undefined
}

/** At which level children of a type start and stop. */
export interface ChildRule {
  readonly type: string
  readonly start: number
  readonly stop: number
}

/** One type of resource. */
export interface ResourceRule {
  readonly type: string
  readonly parameters: readonly ParameterRule[]
  readonly actions: readonly ActionRule[]
  readonly children: readonly ChildRule[]
  /** How often it may stand in the tree; absent: without limit. */
  readonly maxInstances?: number
  /** Stops before starts when the daemon begins or the resource is new. */
  readonly initOnAdd: boolean
  /** Stopped when it is removed from the configuration. */
  readonly destroyOnDelete: boolean
}

type Depths = readonly (readonly [depth: number, interval: number | undefined, timeout: number])[]

function actions(start: number, stop: number, status: Depths, more: readonly (readonly [string, number])[] = []) {
  return [
    { name: 'start', depth: 0, timeout: start, interval: undefined },
    { name: 'stop', depth: 0, timeout: stop, interval: undefined },
    ...status.map(([depth, interval, timeout]) => ({ name: 'status', depth, timeout, interval })),
    ...more.map(([name, timeout]) => ({ name, depth: 0, timeout, interval: undefined })),
  ]
}

/** Parameters as words: `name!` required, `name+` required and unique, `name~` reconfigurable. The first one is primary. */
function parameters(words: string, inherits: readonly (readonly [string, string])[] = []): readonly ParameterRule[] {
  const own = words.split(' ').map((word, index): ParameterRule => {
    const name = word.replace(/[!+~]$/, '')
    const flags: ParameterRule['flags'] = word.endsWith('!')
      ? ['required']
      : word.endsWith('+')
        ? ['required', 'unique']
        : word.endsWith('~')
          ? ['reconfig']
          : []
    return { name, flags: index === 0 ? ['primary', 'unique', ...flags] : flags }
  })
  return [...own, ...inherits.map(([name, inherit]) => ({ name, flags: [], inherit }))]
}

const QUICK: Depths = [
  [0, 60, 10],
  [10, 300, 30],
]
const VOLUME: Depths = [
  [0, 60, 10],
  [10, 300, 30],
  [20, 600, 30],
]

/** The levels of service.sh (spec 4). Start and stop are not mirror images: ip before smb in both. */
const SERVICE_CHILDREN: readonly ChildRule[] = [
  { type: 'lvm', start: 1, stop: 9 },
  { type: 'fs', start: 2, stop: 8 },
  { type: 'clusterfs', start: 3, stop: 7 },
  { type: 'netfs', start: 4, stop: 6 },
  { type: 'nfsexport', start: 5, stop: 5 },
  { type: 'nfsclient', start: 6, stop: 4 },
  { type: 'ip', start: 7, stop: 2 },
  { type: 'smb', start: 8, stop: 3 },
  { type: 'script', start: 9, stop: 1 },
]
const FS_CHILDREN: readonly ChildRule[] = [
  { type: 'fs', start: 1, stop: 3 },
  { type: 'clusterfs', start: 1, stop: 3 },
  { type: 'nfsexport', start: 3, stop: 1 },
]
const NFSSERVER_CHILDREN: readonly ChildRule[] = [
  { type: 'nfsclient', start: 1, stop: 2 },
  { type: 'ip', start: 2, stop: 1 },
]

const SERVICE_WORDS =
  'name domain~ autostart~ exclusive~ nfslock nfs_client_cache recovery~ depend~ depend_mode~ max_restarts~ ' +
  'restart_expire_time~'

function rule(
  type: string,
  params: readonly ParameterRule[],
  acts: readonly ActionRule[],
  more: Partial<ResourceRule> = {},
): ResourceRule {
  return { type, parameters: params, actions: acts, children: [], initOnAdd: true, destroyOnDelete: true, ...more }
}

/**
 * `nfslock` of the service reaches the agents of its file systems and addresses, which then drop and reclaim the locks of NFS clients. It
 * changes no result and no order (spec 2).
 */
const NFSLOCK = [['nfslock', 'service%nfslock']] as const
const SERVICE_NAME = [['service_name', 'service%name']] as const
const DAEMON = (type: string): ResourceRule =>
  rule(type, parameters('name config_file shutdown_wait', SERVICE_NAME), actions(0, 0, QUICK))

/** Every stock type. The order is that in which definitions are looked for. */
export const RULES: readonly ResourceRule[] = [
  rule(
    'service',
    parameters(`${SERVICE_WORDS} priority~`),
    actions(
      5,
      5,
      [],
      [
        ['recover', 5],
        ['reconfig', 5],
      ],
    ),
    {
      children: SERVICE_CHILDREN,
      maxInstances: 1,
    },
  ),
  rule(
    'vm',
    parameters(`${SERVICE_WORDS} priority~ migrate~ path xmlfile snapshot status_program~`),
    actions(
      300,
      120,
      [
        [0, 30, 10],
        [10, 60, 20],
      ],
      [
        ['migrate', 600],
        ['reconfig', 10],
      ],
    ),
    { initOnAdd: false, destroyOnDelete: false, maxInstances: 1 },
  ),
  rule('script', parameters('name file+', SERVICE_NAME), actions(0, 0, [[0, 30, 0]])),
  rule(
    'ip',
    parameters('address monitor_link~ sleeptime disable_rdisc prefer_interface family', NFSLOCK),
    actions(20, 20, [
      [0, 20, 10],
      [10, 60, 20],
    ]),
    { maxInstances: 1 },
  ),
  rule(
    'fs',
    parameters(
      'name mountpoint+ device+ fstype force_unmount~ quick_status~ self_fence~ fsid force_fsck options',
      NFSLOCK,
    ),
    actions(900, 30, [
      [0, 60, 10],
      [10, 30, 30],
      [20, 60, 30],
    ]),
    { children: FS_CHILDREN, maxInstances: 1 },
  ),
  rule(
    'clusterfs',
    parameters('name mountpoint! device! fstype force_unmount~ self_fence~ fsid options', NFSLOCK),
    actions(900, 30, VOLUME),
    { children: FS_CHILDREN },
  ),
  rule('netfs', parameters('name mountpoint! host! export! fstype force_unmount~ options'), actions(900, 30, VOLUME), {
    children: FS_CHILDREN,
  }),
  rule(
    'nfsexport',
    parameters('name', [
      ['device', 'device'],
      ['path', 'mountpoint'],
      ['fsid', 'fsid'],
    ]),
    actions(5, 5, [[0, 3600, 5]], [['recover', 5]]),
    { children: [{ type: 'nfsclient', start: 1, stop: 1 }] },
  ),
  rule(
    'nfsclient',
    parameters('name target! allow_recover options', [
      ['path', 'path'],
      ['svcname', 'service%name'],
    ]),
    actions(90, 5, [[0, 60, 5]], [['recover', 90]]),
  ),
  rule(
    'nfsserver',
    parameters('name nfspath', [
      ['path', 'mountpoint'],
      ['service_name', 'service%name'],
    ]),
    actions(5, 5, [[0, 30, 5]], [['recover', 5]]),
    {
      children: NFSSERVER_CHILDREN,
    },
  ),
  rule('lvm', parameters('name vg_name! lv_name self_fence~'), actions(5, 5, [[0, 3600, 5]])),
  rule('smb', parameters('name workgroup', SERVICE_NAME), actions(0, 0, [[0, 30, 0]])),
  rule('samba', parameters('name config_file shutdown_wait', SERVICE_NAME), actions(0, 0, [[0, 30, 0]])),
  ...['apache', 'mysql', 'named', 'openldap', 'tomcat-5', 'tomcat-6'].map(DAEMON),
  rule(
    'postgres-8',
    parameters('name config_file postmaster_user shutdown_wait', SERVICE_NAME),
    actions(30, 30, QUICK),
  ),
  rule('drbd', parameters('name resource!'), actions(20, 20, [[10, 60, 20]])),
  rule(
    'oracledb',
    parameters('name user home type'),
    actions(
      900,
      90,
      [
        [0, undefined, 90],
        [10, 30, 30],
      ],
      [['recover', 990]],
    ),
  ),
  rule('SAPInstance', parameters('InstanceName'), actions(180, 240, [[0, 120, 60]])),
  rule('SAPDatabase', parameters('SID DBTYPE'), actions(1800, 1800, [[0, 120, 60]])),
]

const BY_TYPE = new Map(RULES.map((entry) => [entry.type, entry]))

/** The rule of a type, or undefined where it is no resource. */
export function ruleOf(type: string): ResourceRule | undefined {
  return BY_TYPE.get(type)
}

/** The name of the parameter that identifies a resource of this type. */
export function primaryOf(entry: ResourceRule): string {
  return entry.parameters.find((parameter) => parameter.flags.includes('primary'))!.name
}

const SECONDS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
  ['d', 86_400],
  ['w', 604_800],
  ['y', 31_536_000],
])

/** Reads a time as RGManager does: digits with an optional unit, sums allowed; a chunk with an unknown unit counts 0 (spec 1). */
export function expandTime(text: string): number {
  let total = 0
  for (const [, digits = '0', unit = ''] of text.matchAll(/(\d+)([^\d]*)/g))
    total += Number(digits) * (unit === '' ? 1 : (SECONDS.get(unit.trim().toLowerCase()) ?? 0))
  return total
}

/** The types of a parent's child table, in its order. */
export function childTypes(type: string): readonly string[] {
  return BY_TYPE.get(type)?.children.map((child) => child.type) ?? []
}
