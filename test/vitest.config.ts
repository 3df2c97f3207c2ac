/**
 * How the tests run: from the repository's root, after a build, with two workers where there are two cores.
 *
 * Files that only compute share the modules of their worker: nothing in them outlives a test, and to import the simulator afresh for each
 * of a hundred files would cost more than many of them. Browser tests start processes and keep to themselves. What takes longest begins
 * first, or one worker would end alone.
 */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const BROWSER = 'test/browser/**/*.test.ts'
const LONGEST = ['test/golden/digests.test.ts', 'test/scenarios/pacemaker-shipped.test.ts', 'test/browser/page.test.ts']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean => LONGEST.some((name) => moduleId.endsWith(name))
    const sorted = await super.sort(files)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    maxWorkers: Math.min(2, availableParallelism()),
    reporters: ['default'],
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'computed', include: ['test/**/*.test.ts'], exclude: [BROWSER], isolate: false } },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
