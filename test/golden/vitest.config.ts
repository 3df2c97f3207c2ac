/** How `npm run golden` runs the golden digests: with the other engine and without a trace for every seed. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: { include: ['test/golden/*.test.ts'], env: { QUORATE_GOLDEN: 'whole' }, testTimeout: 120_000 },
})
