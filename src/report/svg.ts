/** A run as one picture: lanes for nodes and resources, states as bars, faults as flags, corruption and failures as marks. Stands alone. */
import { clockText } from '../kernel/time.ts'
import type { Trace } from '../trace/record.ts'
import { nodeSpans, resourceSpans } from './spans.ts'
import { storyLines } from './story.ts'

const WIDTH = 1200
const LABEL = 260
const LANE = 22
const TOP = 64

/** The picture as an SVG text. */
export function toSvg(trace: Trace): string {
  const { cluster, title, seed } = trace.header
  const end = Math.max(1, trace.footer.endedAt)
  const x = (at: number): number => LABEL + Math.round((at / end) * (WIDTH - LABEL - 20))
  const lanes = cluster.nodes.flatMap((node) => [
    { node, resource: '' },
    ...cluster.resources.map((spec) => ({ node, resource: spec.id })),
  ])
  const y = (node: string, resource: string): number =>
    TOP + LANE * lanes.findIndex((lane) => lane.node === node && lane.resource === resource)
  const height = TOP + LANE * lanes.length + 40
  const bar = (from: number, to: number, top: number, color: string, label: string): string =>
    `<rect x="${x(from)}" y="${top + 4}" width="${Math.max(1, x(to) - x(from))}" height="${LANE - 8}" rx="3" fill="${color}"><title>${escaped(label)}</title></rect>`
  const bars = [
    ...nodeSpans(trace)
      .filter((span) => span.state !== 'off')
      .map((span) =>
        bar(span.from, span.to, y(span.node, ''), NODE_COLORS[span.state] ?? '#999', `${span.node} ${span.state}`),
      ),
    ...resourceSpans(trace).map((span) =>
      bar(
        span.from,
        span.to,
        y(span.node, span.resource),
        STATE_COLORS.get(span.state) ?? '#c22',
        `${span.resource} ${span.state} on ${span.node}`,
      ),
    ),
  ]
  const flags = storyLines(trace)
    .filter((line) => line.tone === 'fault')
    .map(
      (line) =>
        `<line x1="${x(line.at)}" x2="${x(line.at)}" y1="${TOP - 8}" y2="${height - 36}" stroke="#b45309" stroke-dasharray="3 3"/><text x="${x(line.at) + 3}" y="${TOP - 12}" font-size="10" fill="#92400e">⚡<title>${escaped(line.text)}</title></text>`,
    )
  const labels = lanes.map(
    (lane) =>
      `<text x="${lane.resource === '' ? 8 : 22}" y="${y(lane.node, lane.resource) + 15}" font-size="12"${lane.resource === '' ? ' font-weight="bold"' : ''}>${escaped(lane.resource === '' ? lane.node : lane.resource)}</text>`,
  )
  const ticks = Array.from({ length: 7 }, (_, index) => Math.round((end * index) / 6)).map(
    (at) =>
      `<text x="${x(at)}" y="${height - 14}" font-size="10" text-anchor="middle" fill="#555">${clockText(at)}</text>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" role="img" aria-label="${escaped(title)}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="8" y="24" font-size="16" font-weight="bold">${escaped(title)}</text><text x="8" y="42" font-size="11" fill="#555">seed ${seed} · ${cluster.manager} · digest ${trace.footer.digest.slice(0, 12)}</text>`,
    ...labels,
    ...bars,
    ...flags,
    ...ticks,
    '</svg>',
  ].join('\n')
}

const NODE_COLORS: Readonly<Record<string, string>> = {
  booting: '#fcd34d',
  up: '#86efac',
  hung: '#c4b5fd',
  'shutting-down': '#fdba74',
  dead: '#fca5a5',
}
const STATE_COLORS = new Map([
  ['starting', '#93c5fd'],
  ['started', '#2563eb'],
  ['promoting', '#a78bfa'],
  ['promoted', '#6d28d9'],
  ['demoting', '#c4b5fd'],
  ['stopping', '#fdba74'],
  ['migrating', '#5eead4'],
  ['unknown', '#a3a3a3'],
  ['hung', '#7c3aed'],
])

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
