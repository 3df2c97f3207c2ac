/** Finds the Chromium that browser tests drive: the one that is named, or Debian's, or the user's. */
import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The browser's path, or undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['QUORATE_CHROMIUM']
  return named ?? PLACES.find((path) => existsSync(path))
}

/** How it is started: without a display, without a sandbox (tests run as root), and without asking anything of the network. */
export const CHROMIUM_ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
