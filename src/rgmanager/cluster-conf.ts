/**
 * cluster.conf: nodes, quorum and ring, fencing, failover domains and the tree of services. Several files are versions of one
 * configuration: the first is that at boot, the others are loaded one by one by `cman_tool version -r`. Source: spec rgmanager 1, 12, 14.
 */
import { hasErrors, type Problem, type Reading } from '../model/problem.ts'
import type { SourceFile } from '../model/source.ts'
import type {
  ClusterNode,
  FailoverDomain,
  FenceDevice,
  FenceStep,
  RgConfig,
  RgmanagerConfig,
  RgSwitches,
} from './config.ts'
import { type Definitions, readShared } from './definitions.ts'
import { readQuorumd } from './quorumd.ts'
import { expandTime } from './rules.ts'
import { buildServices } from './tree.ts'
import { isOn, numberOf } from './words.ts'
import { childOf, childrenOf, type Element, parseXml } from './xml.ts'

const TOKEN = 10_000
const STATUS_POLL = 10_000

/** Reads the files; the value is there when no problem is an error. */
export function readClusterConf(files: readonly SourceFile[], switches: RgSwitches): Reading<RgmanagerConfig> {
  const problems: Problem[] = []
  const roots = files.map((file) => {
    const parsed = parseXml(file.text, file.name)
    problems.push(...parsed.problems)
    if (parsed.value !== undefined && parsed.value.name !== 'cluster')
      problems.push(at(file.name, parsed.value, 'error', `the root is <${parsed.value.name}>, not <cluster>`, ''))
    return { file: file.name, root: parsed.value }
  })
  const [first] = roots
  if (first?.root === undefined || hasErrors(problems)) return { value: undefined, problems }
  const value = build(first.file, first.root, problems)
  const names = value.nodes.map((node) => node.name)
  const versions = roots.map(({ file, root }) => readRm(file, root!, { nodes: names, switches, problems }))
  for (let index = 1; index < versions.length; index++)
    if (versions[index]!.version <= versions[index - 1]!.version)
      problems.push(
        at(
          roots[index]!.file,
          roots[index]!.root!,
          'error',
          'config_version does not rise',
          'cman takes only a higher one',
        ),
      )
  if (versions[0]!.disabled)
    problems.push(
      at(first.file, first.root, 'warning', 'rgmanager is disabled: no service will run', 'remove disabled="1"'),
    )
  return { value: hasErrors(problems) ? undefined : { ...value, versions, switches }, problems }
}

type Base = Omit<RgmanagerConfig, 'switches' | 'versions'>

function at(
  file: string,
  { line, column }: Pick<Element, 'column' | 'line'>,
  severity: Problem['severity'],
  what: string,
  advice: string,
): Problem {
  return { severity, file, line, column, what, advice }
}

function build(file: string, root: Element, problems: Problem[]): Base {
  const fenceDevices = readFenceDevices(root)
  const nodes = readNodes(file, root, fenceDevices, problems)
  const cman = childOf(root, 'cman')
  const totem = childOf(root, 'totem')
  const daemon = childOf(root, 'fence_daemon')
  const votes = nodes.reduce((sum, node) => sum + node.votes, 0)
  const twoNode = isOn(cman?.attributes.get('two_node') ?? '0')
  if (twoNode && nodes.length !== 2)
    problems.push(at(file, cman!, 'error', `two_node="1" with ${nodes.length} nodes`, 'it is for exactly two nodes'))
  const quorumDisk = readQuorumd(file, childOf(root, 'quorumd'), { nodes: nodes.length, votes, twoNode }, problems)
  const token = numberOf(totem, 'token', TOKEN)
  return {
    clusterName: root.attributes.get('name') ?? '',
    nodes,
    rings: childrenOf(childOf(root, 'clusternodes'), 'clusternode').some((node) => childOf(node, 'altname')) ? 2 : 1,
    expectedVotes: numberOf(cman, 'expected_votes', votes + (quorumDisk?.votes ?? 0)),
    twoNode,
    token,
    consensus: numberOf(totem, 'consensus', consensusOf(token, nodes.length)),
    postFailDelay: 1000 * numberOf(daemon, 'post_fail_delay', 0),
    postJoinDelay: 1000 * numberOf(daemon, 'post_join_delay', 6),
    cleanStart: isOn(daemon?.attributes.get('clean_start') ?? '0'),
    fenceDevices,
    quorumDisk,
  }
}

/** Two nodes: a fifth of the token, from 0.2 to 2 s; more nodes: token and 2 s (spec 14). */
function consensusOf(token: number, nodes: number): number {
  return nodes === 2 ? Math.min(2000, Math.max(200, Math.round(token / 5))) : token + 2000
}

function readFenceDevices(root: Element): readonly FenceDevice[] {
  return childrenOf(childOf(root, 'fencedevices'), 'fencedevice').flatMap((element) => {
    const name = element.attributes.get('name')
    return name === undefined ? [] : [{ name, agent: element.attributes.get('agent') ?? 'fence_unknown' }]
  })
}

function readNodes(
  file: string,
  root: Element,
  devices: readonly FenceDevice[],
  problems: Problem[],
): readonly ClusterNode[] {
  const elements = childrenOf(childOf(root, 'clusternodes'), 'clusternode')
  const nodes = elements.flatMap((element, index): readonly ClusterNode[] => {
    // A command of a scenario names its node in lower case; host names know no case either.
    const name = element.attributes.get('name')?.toLowerCase()
    if (name === undefined) {
      problems.push(at(file, element, 'error', 'this clusternode has no name', 'write name="…"'))
      return []
    }
    if (!element.attributes.has('nodeid'))
      problems.push(at(file, element, 'warning', `${name} has no nodeid: ${index + 1} is taken`, 'write nodeid="…"'))
    const methods = readMethods(file, root, element, devices, problems)
    if (methods.length === 0)
      problems.push(
        at(file, element, 'warning', `${name} has no fence method: when it dies, everything stands still for ever`, ''),
      )
    return [{ name, id: numberOf(element, 'nodeid', index + 1), votes: numberOf(element, 'votes', 1), methods }]
  })
  for (const [index, node] of nodes.entries()) {
    const twin = nodes.findIndex((other) => other.name === node.name || other.id === node.id)
    if (twin < index)
      problems.push(at(file, elements[index]!, 'error', `${node.name} (id ${node.id}) stands here twice`, 'rename it'))
  }
  if (nodes.length === 0) problems.push(at(file, root, 'error', 'there are no cluster nodes', 'add <clusternodes>'))
  return nodes
}

function readMethods(
  file: string,
  root: Element,
  node: Element,
  devices: readonly FenceDevice[],
  problems: Problem[],
): readonly (readonly FenceStep[])[] {
  return childrenOf(childOf(node, 'fence'), 'method').flatMap((method) => {
    const steps = childrenOf(method, 'device').map((element): FenceStep | undefined => {
      const device = element.attributes.get('name') ?? ''
      if (devices.some((entry) => entry.name === device)) return toStep(root, element, device)
      problems.push(at(file, element, 'warning', `there is no fence device "${device}": this method is left out`, ''))
      return undefined
    })
    return steps.length === 0 || steps.includes(undefined) ? [] : [steps as FenceStep[]]
  })
}

/** Attributes of the device count for its every use; those of the use come first. */
function toStep(root: Element, use: Element, device: string): FenceStep {
  const shared = childrenOf(childOf(root, 'fencedevices'), 'fencedevice').find(
    (el) => el.attributes.get('name') === device,
  )
  const value = (name: string): string | undefined => use.attributes.get(name) ?? shared?.attributes.get(name)
  const word = value('action') ?? value('option') ?? 'reboot'
  return {
    device,
    action: word === 'off' || word === 'on' ? word : 'reboot',
    delay: 1000 * expandTime(value('delay') ?? '0'),
  }
}

function readRm(
  file: string,
  root: Element,
  {
    nodes,
    switches,
    problems,
  }: { readonly nodes: readonly string[]; readonly switches: RgSwitches; readonly problems: Problem[] },
): RgConfig {
  const rm = childOf(root, 'rm')
  const isCentral =
    switches.centralProcessing === 'file'
      ? isOn(rm?.attributes.get('central_processing') ?? '0')
      : switches.centralProcessing === 'true'
  const poll = rm?.attributes.get('status_poll_interval')
  const seconds = poll === undefined ? 0 : expandTime(poll)
  if (poll !== undefined && seconds < 1)
    problems.push(at(file, rm!, 'warning', `status_poll_interval="${poll}" is ignored: 10 s are taken`, ''))
  const domains = readDomains(file, rm, nodes, problems)
  const definitions: Definitions = { file, all: [], problems }
  readShared(definitions, childOf(rm, 'resources'))
  const services = rm === undefined ? [] : buildServices(definitions, rm)
  for (const service of services) checkService(file, service, domains, services, problems)
  refuseScripts(file, rm, isCentral, problems)
  return {
    version: numberOf(root, 'config_version', 1),
    services,
    domains,
    statusInterval: seconds < 1 ? STATUS_POLL : 1000 * seconds,
    statusChildMax: numberOf(rm, 'status_child_max', 0),
    throttling: 1000 * numberOf(rm, 'transition_throttling', 5),
    centralProcessing: isCentral,
    disabled: isOn(rm?.attributes.get('disabled') ?? '0'),
  }
}

/**
 * Event scripts of one's own are programs in S-Lang, of which only the default one's behaviour is known (spec 16): with central processing
 * a run would not be what the cluster does. In default mode nobody calls them.
 */
function refuseScripts(file: string, rm: Element | undefined, isCentral: boolean, problems: Problem[]): void {
  for (const event of childrenOf(childOf(rm, 'events'), 'event')) {
    const name = event.attributes.get('name') ?? 'event'
    if (isCentral)
      problems.push(
        at(
          file,
          event,
          'error',
          `${name} is an S-Lang script, which is not run here`,
          'remove it: the default script acts',
        ),
      )
    else problems.push(at(file, event, 'warning', `${name} is never called without central_processing="1"`, ''))
  }
  for (const entry of childOf(rm, 'resource-defaults')?.children ?? [])
    problems.push(at(file, entry, 'warning', `defaults of ${entry.name} are not read`, 'write them in each resource'))
}

function checkService(
  file: string,
  { id, line, domain, depend }: RgConfig['services'][number],
  domains: readonly FailoverDomain[],
  services: RgConfig['services'],
  problems: Problem[],
): void {
  const place = { line, column: 0 }
  if (domain !== undefined && !domains.some((entry) => entry.name === domain))
    problems.push(at(file, place, 'warning', `${id}: there is no failover domain "${domain}": any node will do`, ''))
  if (depend !== undefined && !services.some((entry) => entry.id === depend))
    problems.push(at(file, place, 'warning', `${id} depends on ${depend}, which does not exist: it never starts`, ''))
}

function readDomains(
  file: string,
  rm: Element | undefined,
  nodes: readonly string[],
  problems: Problem[],
): readonly FailoverDomain[] {
  return childrenOf(childOf(rm, 'failoverdomains'), 'failoverdomain').flatMap((element): readonly FailoverDomain[] => {
    const name = element.attributes.get('name')
    if (name === undefined) return []
    const ordered = isOn(element.attributes.get('ordered') ?? '0')
    const members = childrenOf(element, 'failoverdomainnode').flatMap((member) => {
      const node = (member.attributes.get('name') ?? '').toLowerCase()
      if (!nodes.includes(node)) {
        problems.push(at(file, member, 'warning', `there is no node "${node}": this member is left out`, ''))
        return []
      }
      const priority = numberOf(member, 'priority', 0)
      // Priority counts only where the domain is ordered; out of 1 to 100 it is 0, the most preferred (spec 12).
      return [{ node, priority: ordered && 1 <= priority && priority <= 100 ? priority : 0 }]
    })
    return [
      {
        name,
        ordered,
        restricted: isOn(element.attributes.get('restricted') ?? '0'),
        nofailback: isOn(element.attributes.get('nofailback') ?? '0'),
        members,
      },
    ]
  })
}
