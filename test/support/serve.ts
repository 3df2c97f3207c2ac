/** Serves the built page on a free port of this machine, for browser tests. */
import { type ChildProcess, spawn } from 'node:child_process'

/** A running server: its address, and the way to end it. */
export interface Served {
  readonly url: string
  readonly end: () => void
}

/** Starts `quorate ui` as a user would (of another build where QUORATE_CLI names one), and waits for its address. */
export function servePage(): Promise<Served> {
  const child: ChildProcess = spawn(
    process.execPath,
    [process.env['QUORATE_CLI'] ?? 'dist/node/quorate-cli.js', 'ui'],
    {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      const url = /http:\/\/\S+/.exec(chunk.toString())?.[0]
      if (url !== undefined) resolve({ url, end: () => void child.kill() })
    })
  })
}
