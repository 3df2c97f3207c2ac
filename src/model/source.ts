/** One text file of a user's configuration. */
export interface SourceFile {
  /** As the user knows it, say `ha.cf`. */
  readonly name: string
  readonly text: string
}
