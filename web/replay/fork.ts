/** A scenario's text with one more step on its timeline. Everything else stays as it was written, comments included. */

/** A step as it will be written: names and values in their order. Lists are written as lists. */
export type StepFields = readonly (readonly [name: string, value: StepValue])[]

export type StepValue = number | string | readonly string[] | readonly (readonly string[])[]

/** Adds a step behind the others; makes a timeline where there is none. */
export function addStep(text: string, fields: StepFields): string {
  const lines = text.split('\n')
  const at = lines.findIndex((line) => /^timeline:/.test(line))
  if (at < 0) {
    const before = lines.findIndex((line) => /^(expect|variants):/.test(line))
    const end = before < 0 ? lengthOf(lines) : before
    return [...lines.slice(0, end), 'timeline:', stepLine('  ', fields), ...lines.slice(end)].join('\n')
  }
  if (!/^timeline:\s*(#.*)?$/.test(lines[at]!)) return withFlow(lines, at, fields)
  const end = endOf(lines, at)
  const indent = /^(\s*)- /.exec(lines.slice(at + 1, end).find((line) => /^\s*- /.test(line)) ?? '')?.[1] ?? '  '
  return [...lines.slice(0, end), stepLine(indent, fields), ...lines.slice(end)].join('\n')
}

/** `timeline: []`, or a list in one line: the step comes before its end. */
function withFlow(lines: readonly string[], at: number, fields: StepFields): string {
  const line = lines[at]!
  const body = /^timeline:\s*\[(.*)\]\s*$/.exec(line)?.[1]?.trim()
  const made = body === undefined || body === '' ? '' : `${body}, `
  return [...lines.slice(0, at), `timeline: [${made}${flow(fields)}]`, ...lines.slice(at + 1)].join('\n')
}

/** The line behind the last step: blank lines and comments behind it belong to what follows. */
function endOf(lines: readonly string[], at: number): number {
  let end = at + 1
  for (let index = at + 1; index < lines.length; index++) {
    const line = lines[index]!
    if (/^\s*(#.*)?$/.test(line)) continue
    if (!/^(\s+|- )/.test(line)) break
    end = index + 1
  }
  return end
}

/** The number of lines without the empty one behind the last line's end. */
function lengthOf(lines: readonly string[]): number {
  return lines.at(-1) === '' ? lines.length - 1 : lines.length
}

function stepLine(indent: string, fields: StepFields): string {
  return `${indent}- ${flow(fields)}`
}

function flow(fields: StepFields): string {
  return `{ ${fields.map(([name, value]) => `${name}: ${scalar(value)}`).join(', ')} }`
}

function scalar(value: StepValue | readonly string[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return `[${value.map(scalar).join(', ')}]`
  return /^[A-Za-z0-9][\w.-]*$/.test(value) && !OTHERWISE.test(value) ? value : JSON.stringify(value)
}

/** Words that YAML reads as something else than a text. */
const OTHERWISE = /^([\d.]+(e\d+)?|0x[\da-f]+|true|false|null|yes|no|on|off)$/i
