/** Types of drop-in-sets.mjs. */
export interface Targets {
  readonly node: string
  readonly last: string
  readonly resource: string
  readonly lastResource: string
  readonly active: string
  readonly ticket: string
}

export interface OptionSet {
  readonly name: string
  readonly args: (targets: Targets) => readonly string[]
  readonly files: readonly string[]
  readonly source: 'file' | 'stdin' | 'bzip'
}

export function targetsOf(text: string): Targets
export const OPTION_SETS: readonly OptionSet[]
