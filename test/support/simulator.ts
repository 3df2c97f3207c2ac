/** What commands that run many scenarios need of the simulator; bundled by `bundled.mjs`. */
export { judge } from '../../src/checks/catalogue.ts'
export { loadScenario } from '../../src/cli/load.ts'
export { toTimeline } from '../../src/report/timeline.ts'
export { simulate } from '../../src/run/simulate.ts'
