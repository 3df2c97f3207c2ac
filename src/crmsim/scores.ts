/** The text of score and utilization lines. Source: spec B-21, D-5.5, D-5.6. */
import { scoreText } from '../cib/role.ts'
import type { ScoreLine, Values } from '../scheduler/worksheet.ts'

/** One line. */
export function scoreLineText(line: ScoreLine): string {
  switch (line.kind) {
    case 'score':
      return `${line.where}: ${line.resource} allocation score on ${line.node}: ${scoreText(line.score)}`
    case 'promotion':
      return `${line.resource} promotion score on ${line.node}: ${scoreText(line.score)}`
    case 'capacity':
      return `${line.when}: ${line.node} capacity:${valuesText(line.values)}`
    case 'utilization':
      return `pcmk__finalize_assignment: ${line.resource} utilization on ${line.node}:${valuesText(line.values)}`
    case 'notice':
      return line.text
  }
}

function valuesText(values: Values): string {
  return values.map(([name, amount]) => ` ${name}=${amount}`).join('')
}
