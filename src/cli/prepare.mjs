// Makes a fresh clone ready: installs the packages, builds, and finds a Chromium. Runs before `npm start` and `npm test`.
//
//   node src/cli/prepare.mjs [build] [browser]
//
// Uses nothing but Node, because on a fresh clone there is nothing else. Does only what is missing: packages when the lock file
// changed, a build when a source is newer than the last one, a browser when none is found.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const wanted = new Set(process.argv.slice(2))

requireNode(20, 19)
installPackages()
if (wanted.has('build')) build()
if (wanted.has('browser')) findBrowser()

function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  fail(
    `Quorate needs Node ${major}.${minor} or newer; this is ${process.versions.node}. Install it from your distribution or nodejs.org.`,
  )
}

function installPackages() {
  const stamp = join(root, 'node_modules', '.quorate-lock')
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  say('installing packages …')
  run(
    'npm',
    ['ci', '--include=dev', '--no-audit', '--no-fund'],
    'npm could not install the packages. Is the npm registry reachable from here?',
  )
  writeFileSync(stamp, lock)
}

function build() {
  const stamp = join(root, 'dist', '.built')
  const sources = ['src', 'web', 'scenarios', 'test/bench', 'package-lock.json'].map((name) => newest(join(root, name)))
  if (existsSync(stamp) && Math.max(...sources) < statSync(stamp).mtimeMs) return
  const started = new Date()
  run(process.execPath, [join(root, 'src', 'cli', 'build.mjs')], 'the build failed')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, `${started.toISOString()}\n`)
}

function newest(path) {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function findBrowser() {
  const known = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ]
  if (process.env.QUORATE_CHROMIUM || known.some((path) => existsSync(path))) return
  const advice =
    'The browser tests need Chromium: install it (Debian: apt-get install chromium), or set QUORATE_CHROMIUM to its path.'
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return say(`${advice} They are skipped now.`)
  say('installing Chromium for the browser tests …')
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] }
  spawnSync('apt-get', ['update', '-qq'], quiet)
  const installed = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet)
  if (installed.status !== 0) say(`${advice} They are skipped now.`)
}

function run(command, args, complaint) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (result.status !== 0) fail(complaint)
}

function say(text) {
  process.stderr.write(`quorate: ${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(2)
}
