/**
 * What fence agents advertise by their metadata: which actions they have, whether `on` is for the target itself, whether it belongs to a
 * node's start (automatic unfencing). An agent that is not here has every action and no peculiarity.
 *
 * Source: each agent of Debian 12's fence-agents 4.12.1, run once with `-o metadata`; only those that lack or add something are listed.
 */

/** What a fencer can ask a device for. */
export type DeviceAction = 'list' | 'off' | 'on' | 'reboot' | 'status'

/** What one agent advertises. */
export interface FenceAgentFacts {
  readonly actions: ReadonlySet<DeviceAction>
  /** `on` works only where it is meant for: on the target itself. */
  readonly isOnTarget: boolean
  /** A node must be unfenced by it before anything runs there. */
  readonly unfences: boolean
}

const ALL: readonly DeviceAction[] = ['list', 'off', 'on', 'reboot', 'status']
const ORDINARY: FenceAgentFacts = { actions: new Set(ALL), isOnTarget: false, unfences: false }

function without(...lacking: readonly DeviceAction[]): FenceAgentFacts {
  return { ...ORDINARY, actions: new Set(ALL.filter((action) => !lacking.includes(action))) }
}

/** One machine behind one address: there is nothing to list. */
const ONE_MACHINE = [
  ...[
    'alom',
    'amt',
    'drac',
    'dummy',
    'idrac',
    'ilo',
    'ilo2',
    'ilo3',
    'ilo3_ssh',
    'ilo4',
    'ilo4_ssh',
    'ilo5',
    'ilo5_ssh',
  ],
  ...['ilo_mp', 'ilo_ssh', 'imm', 'ipmilan', 'ipmilanplus', 'powerman', 'redfish', 'rsa', 'rsb', 'vmware'],
]
/** They cut a node off from its storage, and let it in again when it starts. */
const FABRIC = ['brocade', 'cisco_mds', 'compute', 'ifmib', 'sanbox2']
const RESERVATIONS = ['mpath', 'scsi']

const FACTS: ReadonlyMap<string, FenceAgentFacts> = new Map([
  ...ONE_MACHINE.map((name) => [`fence_${name}`, without('list')] as const),
  ...FABRIC.map((name) => [`fence_${name}`, { ...without('reboot'), unfences: true }] as const),
  ...RESERVATIONS.map(
    (name) => [`fence_${name}`, { ...without('list', 'reboot'), isOnTarget: true, unfences: true }] as const,
  ),
  ['fence_heuristics_ping', without('list', 'status')],
  ['fence_kdump', without('list', 'on', 'reboot', 'status')],
  ['fence_ovh', without('status')],
  ['fence_rcd_serial', without('list', 'off', 'on', 'status')],
])

/** The facts of an agent by its type, `fence_ipmilan`. */
export function fenceFactsOf(type: string): FenceAgentFacts {
  return FACTS.get(type) ?? ORDINARY
}
