/** The built command line, as a user calls it. */
import { spawnSync } from 'node:child_process'

/** Exit code, standard output and standard error of one call. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Calls `quorate` with these words. */
export function quorate(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/node/quorate-cli.js', ...args], {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
  })
  return { code: status, out: stdout, err: stderr }
}
