// The option sets in which the drop-in is held against crm_simulate: what is asked of each CIB, and which files come of it.

// What a CIB offers to name in options; made-up names where it has none.
export function targetsOf(text) {
  const names = (pattern) => [...text.matchAll(pattern)].map((match) => match[1])
  const nodes = names(/<node\b[^>]*?\suname="([^"]+)"/g)
  const resources = names(/<primitive\b[^>]*?\sid="([^"]+)"/g)
  const tickets = names(/<rsc_ticket\b[^>]*?\sticket="([^"]+)"/g)
  const histories = names(/<lrm_resource\b[^>]*?\sid="([^"]+)"/g)
  return {
    node: nodes[0] ?? 'nobody',
    last: nodes.at(-1) ?? 'nobody',
    resource: resources[0] ?? 'nothing',
    lastResource: resources.at(-1) ?? 'nothing',
    active: histories.at(-1) ?? 'nothing',
    ticket: tickets[0] ?? 'ticketA',
  }
}

const FILE = ['-x', 'cib.xml']
const XML = '--output-as=xml'
const fails = ({ resource, lastResource, node, last }) =>
  [resource, lastResource].flatMap((id) =>
    ['start', 'stop', 'promote', 'monitor'].flatMap((task) => [
      '-F',
      `${id}_${task}_0@${id === resource ? node : last}=1`,
    ]),
  )
const events = ({ node, last, active, ticket }) => [
  ...['-u', 'newcomer', '-d', last, '-f', node, '-q', '0', '-w', '1', '-g', ticket],
  ...['-i', `${active}_monitor_10000@${node}=7`],
]

// Each: name, the arguments for a CIB's targets, files that are made, and how the CIB comes in.
const SETS = [
  ['status', () => FILE],
  ['simulate', () => ['-S', ...FILE]],
  ['scores', () => ['-SsU', ...FILE]],
  ['scores-only', () => ['-s', '-xcib.xml']],
  ['sections', () => ['-R', '-A', '-c', ...FILE]],
  ['sections-after', () => ['-SAc', ...FILE]],
  ['plain-sections', () => ['-SAcs', ...FILE]],
  ['fancy', () => ['-SsUAc', '--text-fancy', ...FILE]],
  ['node-down', ({ last }) => ['-S', '-d', last, ...FILE]],
  ['node-up', ({ node }) => ['-S', '--node-up', node, '-u', 'newcomer', ...FILE]],
  ['node-fail', ({ node }) => ['-S', `--node-fail=${node}`, ...FILE]],
  ['inject', ({ active, node }) => ['-S', '-c', '-i', `${active}_monitor_0@${node}=1`, ...FILE]],
  ['op-fail', (targets) => ['-c', ...fails(targets), ...FILE]],
  ['tickets', ({ ticket }) => ['-S', '-g', ticket, '-r', 'other', '-b', 'third', '-e', ticket, ...FILE]],
  ['revoke', ({ ticket }) => ['-S', '-r', ticket, ...FILE]],
  ['quorum', () => ['-S', '-q', 'false', '-w', 'true', ...FILE]],
  ['in-place', () => ['-X', ...FILE], ['cib.xml']],
  ['in-place-events', (targets) => ['-X', ...events(targets), ...FILE], ['cib.xml']],
  ['saved', (targets) => ['-S', ...events(targets), '-I', 'in.xml', '-O', 'out.xml', ...FILE], ['in.xml', 'out.xml']],
  ['saved-fails', (targets) => [...fails(targets), '-O', 'out.xml', ...FILE], ['out.xml']],
  ['saved-status', () => ['-I', 'in.xml', '-O', 'out.xml', ...FILE], ['in.xml', 'out.xml']],
  ['graphs', () => ['-G', 'graph.xml', '-D', 'graph.dot', ...FILE], ['graph.xml', 'graph.dot']],
  ['graphs-all', () => ['-Gg.xml', '-S', '-aDg.dot', ...FILE], ['g.xml', 'g.dot']],
  ['time', () => ['-S', '-t', '2024-02-29 12:00:00Z', ...FILE]],
  ['quiet', () => ['-SQ', ...FILE]],
  ['quiet-scores', () => ['-sSQ', ...FILE]],
  ['stdin', () => ['-Sp'], [], 'stdin'],
  ['stdin-default', () => ['-R', '--output-to=out.txt'], ['out.txt'], 'stdin'],
  ['bzip', () => ['-S', '-x', 'cib.xml.bz2'], [], 'bzip'],
  ['none', () => ['-S', '--output-as', 'none', ...FILE]],
  ['xml-status', () => [XML, ...FILE]],
  ['xml', () => ['-S', XML, ...FILE]],
  ['xml-all', () => ['-SAcsU', XML, ...FILE]],
  ['xml-scores', () => ['-sA', XML, ...FILE]],
  ['xml-utilization', () => ['-Uc', XML, ...FILE]],
  ['xml-events', (targets) => ['-SAc', ...events(targets), XML, ...FILE]],
  ['xml-fails', (targets) => ['-c', ...fails(targets), XML, ...FILE]],
  ['xml-quiet', () => ['-SQ', XML, ...FILE]],
]

export const OPTION_SETS = SETS.map(([name, args, files = [], source = 'file']) => ({ name, args, files, source }))
