/** What a scenario expects of its run: a check by name and its arguments. */
export interface Expectation {
  readonly check: string
  readonly arguments: readonly { readonly name: string; readonly value: number | string }[]
}
