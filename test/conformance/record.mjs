// Records what crm_simulate 2.1.5 answers to CIBs of our own: summary, scores, graph and drawing.
//
//   node test/conformance/record.mjs [NAME …]      (without names: every CIB of test/conformance/own/xml)
//
// Do it for new CIBs only: an answer that changes would be another program's. The layout is that of ../shared/conformance, so that
// `npm run conformance -- test/conformance/own` shows a table.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const own = join(dirname(fileURLToPath(import.meta.url)), 'own')
const given = process.argv.slice(2)
const names = given.length > 0 ? given : readdirSync(join(own, 'xml')).map((file) => file.replace('.xml', ''))
for (const kind of ['summary', 'scores', 'dot', 'exp']) mkdirSync(join(own, kind), { recursive: true })

for (const name of names.sort()) {
  const xml = join(own, 'xml', `${name}.xml`)
  const [exp, dot] = [join(own, 'exp', `${name}.exp`), join(own, 'dot', `${name}.dot`)]
  const summary = simulate(['-x', xml, '-S'])
  const scores = simulate(['-x', xml, '-sQ', '-G', exp, '-D', dot])
  writeFileSync(join(own, 'summary', `${name}.summary`), summary)
  writeFileSync(join(own, 'scores', `${name}.scores`), scores)
  // The feature set and the batch limit belong to the build, not to the decision.
  writeFileSync(exp, readFileSync(exp, 'utf8').replaceAll(/ (crm_feature_set|batch-limit)="[^"]*"/g, ''))
}

function simulate(words) {
  const { status, stdout, stderr } = spawnSync('crm_simulate', words, { encoding: 'utf8' })
  if (status === 0 || status === 1) return stdout
  throw new Error(`crm_simulate ${words.join(' ')}: ${status} ${stderr}`)
}
