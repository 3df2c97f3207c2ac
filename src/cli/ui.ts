/** Serves the built page from this machine only. The page itself needs no server but one that hands out files. */
import { spawn } from 'node:child_process'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, note } from './console.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
}
const DEFAULT_PORT = 4173

/** Serves until interrupted. Takes the next free port where PORT is not given and the default is taken. */
export function uiCommand(): void {
  const root = findPage()
  const wanted = process.env['PORT']
  const port = wanted === undefined ? DEFAULT_PORT : Number(wanted)
  if (!Number.isInteger(port) || port < 0 || 65_535 < port)
    throw new CommandError(`PORT must be a port number, not "${wanted}"`)
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent((request.url ?? '/').split('?')[0]!)).replace(/^(\.\.[/\\])+/, '')
    const file = join(root, path === '/' ? 'index.html' : path)
    if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found')
      return
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'cache-control': 'no-cache',
    })
    createReadStream(file).pipe(response)
  })
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE' && wanted === undefined) server.listen(0, '127.0.0.1')
    else {
      note(`cannot serve on port ${port}: ${error.message}; choose another with PORT=…`)
      process.exitCode = 2
    }
  })
  server.on('listening', () => {
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/`
    process.stdout.write(`Quorate: ${url}\n`)
    note('Ctrl+C ends it.')
    openBrowser(url)
  })
  server.listen(port, '127.0.0.1')
}

function findPage(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  const found = [join(here, '..', 'web'), join(here, '..', '..', 'web')].find((path) =>
    existsSync(join(path, 'index.html')),
  )
  if (found === undefined) throw new CommandError('the page is not built; run `npm run build`')
  return found
}

/** Opens a browser where there is somebody to see it; silence anywhere else. */
function openBrowser(url: string): void {
  if (process.env['CI'] !== undefined || !process.stdout.isTTY) return
  const command =
    process.platform === 'darwin'
      ? 'open'
      : process.platform === 'win32'
        ? 'explorer'
        : process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
          ? 'xdg-open'
          : undefined
  if (command === undefined) return
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
