/** A state chart as plain data, so that viewers can draw a machine without knowing what runs it. */

/** A machine as a picture: for state charts. */
export interface MachineChart {
  readonly id: string
  readonly initial: string
  readonly states: readonly string[]
  readonly transitions: readonly { readonly from: string; readonly event: string; readonly to: string }[]
}
