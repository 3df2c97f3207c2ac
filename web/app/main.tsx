/** Where the page begins: reads the link, lays the scenario on the table, runs it, and keeps the address bar in step. */
import '../look/tokens.css'
import '../look/page.css'
import { createRoot } from 'react-dom/client'
import { run } from '../replay/runner.ts'
import { createTable, table } from '../replay/table.ts'
import { onKey } from './keys.ts'
import { jobOf, LIBRARY } from './library.ts'
import { Page } from './page.tsx'
import { readLink, writeLink } from './url.ts'

const FIRST = 'basics/first-failover'
const link = readLink(location.hash)
const job = link.job ?? jobOf(FIRST, undefined) ?? jobOf(LIBRARY[0]?.name ?? '', undefined)
if (job === undefined) throw new Error('the page was built without scenarios')

const kept = localStorage.getItem('quorate-theme')
const prefersDark = matchMedia('(prefers-color-scheme: dark)').matches
createTable({
  job,
  run: undefined,
  status: 'running',
  progress: 0,
  problems: [],
  message: '',
  at: 0,
  seq: 0,
  playing: false,
  speed: 10,
  choice: { node: link.node, resource: link.resource },
  open: 0,
  tab: link.tab,
  dialog: 'none',
  folding: true,
  messages: false,
  theme: kept === 'dark' || kept === 'light' ? kept : prefersDark ? 'dark' : 'light',
})

let pending = 0
let written = location.hash
table().subscribe(() => {
  document.documentElement.dataset['theme'] = table().state.theme
  if (pending !== 0 || table().state.run === undefined) return
  // Browsers refuse many address changes in a short time.
  pending = window.setTimeout(() => {
    pending = 0
    written = writeLink(table().state)
    if (location.hash !== written) history.replaceState(null, '', written)
  }, 250)
})
window.addEventListener('hashchange', () => {
  if (location.hash === written) return
  const next = readLink(location.hash)
  if (next.job === undefined) return
  table().set({ choice: { node: next.node, resource: next.resource }, tab: next.tab })
  void run(next.job, next.at)
})
document.documentElement.dataset['theme'] = table().state.theme
document.addEventListener('keydown', onKey)
createRoot(document.getElementById('table')!).render(<Page />)
void run(job, link.at ?? 0)
