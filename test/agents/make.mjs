// Writes src/model/stock-agents.ts: what the resource agents of Debian's packages `resource-agents` and `pacemaker-resource-agents`
// advertise of themselves. Each agent is run once with `meta-data`; names and figures are kept, no words and no code.
//
//   node test/agents/make.mjs [OCF_ROOT]        (absent: /usr/lib/ocf; then `npx biome check --write src/model/stock-agents.ts`)
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.argv[2] ?? '/usr/lib/ocf'
const out = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'src', 'model', 'stock-agents.ts')
const WIDTH = 116

const entries = ['heartbeat', 'pacemaker'].flatMap((provider) =>
  readdirSync(join(root, 'resource.d', provider))
    .sort()
    .flatMap((type) => {
      const text = metadataOf(join(root, 'resource.d', provider, type))
      return text === undefined ? [] : [entryOf(`${provider}:${type}`, text)]
    }),
)
writeFileSync(out, fileOf(entries))
console.error(`${entries.length} agents`)

function metadataOf(path) {
  try {
    accessSync(path, constants.X_OK)
  } catch {
    return undefined
  }
  if (!statSync(path).isFile()) return undefined
  const env = { PATH: process.env.PATH, OCF_ROOT: root, OCF_RESOURCE_INSTANCE: 'any' }
  const { stdout } = spawnSync(path, ['meta-data'], { env, encoding: 'utf8', timeout: 20_000 })
  return stdout?.includes('</resource-agent>') ? stdout : undefined
}

/** `NAME operation=TIMEOUT/INTERVAL^DEPTH@ROLE … fixed:PARAMETERS`, seconds; wrapped, with continuation lines indented. */
function entryOf(name, text) {
  const actions = [...text.matchAll(/<action\s([^>]*?)\/?>/g)].map((match) => attributesOf(match[1]))
  const words = actions.map(operationOf)
  if (actions.some((action) => action.get('name') === 'reload-agent')) {
    const parameters = [...text.matchAll(/<parameter\s([^>]*?)\/?>/g)].map((match) => attributesOf(match[1]))
    const fixed = parameters.filter((parameter) => parameter.get('reloadable') !== '1')
    words.push(`fixed:${fixed.map((parameter) => parameter.get('name')).join(',')}`)
  }
  const lines = [name]
  for (const word of new Set(words)) {
    if (WIDTH < lines.at(-1).length + word.length) lines.push(' ')
    lines.push(`${lines.pop()} ${word}`)
  }
  return lines.join('\n')
}

function operationOf(action) {
  const interval = secondsOf(action.get('interval') ?? '0')
  const depth = Number(action.get('depth') ?? '0')
  const role = { Master: 'Promoted', Slave: 'Unpromoted' }[action.get('role')] ?? action.get('role')
  const timeout = secondsOf(action.get('timeout') ?? '0')
  return (
    `${action.get('name')}=${timeout}` +
    (interval > 0 ? `/${interval}` : '') +
    (depth > 0 ? `^${depth}` : '') +
    (role === undefined || role === 'Started' ? '' : `@${role}`)
  )
}

function attributesOf(text) {
  return new Map([...text.matchAll(/([\w-]+)\s*=\s*"([^"]*)"/g)].map((match) => [match[1], match[2]]))
}

function secondsOf(text) {
  const match = /^\s*(\d+)\s*(ms|m|min|h)?/.exec(text)
  if (match === null) return 0
  const unit = { ms: 0.001, m: 60, min: 60, h: 3600 }[match[2]] ?? 1
  return Number(match[1]) * unit
}

function fileOf(list) {
  return `/**
 * What stock agents advertise, as facts: an agent a paragraph, \`operation=TIMEOUT/INTERVAL^DEPTH@ROLE\` in seconds (0: none is advertised),
 * and behind \`fixed:\` the parameters that a reload cannot change, where the agent can reload. Only agent-facts.ts reads this.
 *
 * Made by test/agents/make.mjs of the metadata that the agents of Debian 12 print (resource-agents 4.12.0, pacemaker-resource-agents
 * 2.1.5); not to be changed by hand.
 */
export const STOCK_AGENTS = \`
${list.join('\n')}
\`
`
}
