/**
 * The simulator's command line: `quorate simulate` and the drop-in for crm_simulate are both this one function.
 *
 * Words in, texts to standard output and error, an exit code out. What the work needs is loaded when it is known to be needed.
 * Source: spec D-1, D-11, D-12 and probes of 2.1.5.
 */
import { VERSION } from '../run/version.ts'
import type { SimulateFlags, SimulateOption } from './simulate-options.ts'
import type { Profile } from './simulate-profile.ts'
import type { Message, Outcome } from './simulate-run.ts'
import { readWords } from './simulate-words.ts'

/** How the command was called. */
export interface Call {
  /** The name by which help and XML output call it. */
  readonly program: string
  readonly words: readonly string[]
  readonly options: readonly SimulateOption[]
  /** Take what goes to standard output and to standard error. */
  readonly print: (text: string) => void
  readonly complain: (text: string) => void
}

/** Runs the command and returns its exit code. */
export async function simulateCommand(call: Call): Promise<number> {
  const words = readWords(call.words, call.options)
  switch (words.kind) {
    case 'error':
      call.complain(`crm_simulate: ${words.text}\n`)
      return 64
    case 'help': {
      const { helpText } = await import('./simulate-help.ts')
      call.print(helpText(call.program, call.options, words.group))
      return 0
    }
    case 'flags':
      return run(call, words.flags)
  }
}

async function run(call: Call, flags: SimulateFlags): Promise<number> {
  const { outputAs = 'text', outputTo = '-', batch } = flags
  if (batch !== undefined) return (await import('./simulate-batch.ts')).simulateBatch(batch, flags.out ?? '.')
  if (outputAs !== 'text' && outputAs !== 'xml' && outputAs !== 'none') {
    call.complain(`Error creating output format ${outputAs}: Unknown output format\n`)
    return 105
  }
  const { openOutput } = await import('./simulate-files.ts')
  const output = openOutput(outputTo, call.print)
  if (typeof output !== 'function') {
    call.complain(`Error creating output format (null): ${output.words}\n`)
    return output.code
  }
  const shown = await produce(flags)
  for (const { text, isOutput } of shown.messages) if (!isOutput || outputAs === 'text') call.complain(`${text}\n`)
  output(await render(shown, { call, flags, outputAs }))
  return shown.code
}

/** What is to be shown, whatever the format. */
type Shown =
  | { readonly kind: 'version'; readonly code: number; readonly messages: readonly Message[] }
  | ({ readonly kind: 'profile' } & Profile)
  | ({ readonly kind: 'run' } & Outcome)

async function produce(flags: SimulateFlags): Promise<Shown> {
  if (flags.version === true) return { kind: 'version', code: 0, messages: [] }
  if (flags.profile !== undefined) {
    const { runProfile } = await import('./simulate-profile.ts')
    return { kind: 'profile', ...(await runProfile(flags)) }
  }
  const { runOnce } = await import('./simulate-run.ts')
  return { kind: 'run', ...(await runOnce(flags)) }
}

interface Form {
  readonly call: Call
  readonly flags: SimulateFlags
  readonly outputAs: 'text' | 'xml' | 'none'
}

async function render(shown: Shown, { call, flags, outputAs }: Form): Promise<string> {
  if (outputAs === 'none') return ''
  if (outputAs === 'xml') return renderXml(shown, call, flags)
  switch (shown.kind) {
    case 'version':
      return `Quorate ${VERSION}\nBehaves as crm_simulate of Pacemaker 2.1.5\n`
    case 'profile':
      return (await import('./simulate-profile.ts')).profileText(shown, flags)
    case 'run':
      return (await import('./simulate-run.ts')).outcomeText(shown, flags)
  }
}

async function renderXml(shown: Shown, { program, words }: Call, flags: SimulateFlags): Promise<string> {
  const { outcomeXml, profileXml, versionXml } = await import('./simulate-xml.ts')
  const envelope = {
    request: [program, ...words].join(' '),
    code: shown.code,
    errors: shown.messages.flatMap(({ text, isOutput }) => (isOutput ? [text] : [])),
  }
  switch (shown.kind) {
    case 'version':
      return versionXml(envelope)
    case 'profile':
      return profileXml(shown, envelope)
    case 'run':
      return outcomeXml(shown, flags, envelope)
  }
}
