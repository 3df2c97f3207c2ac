/** The page begins here. The scenarios come in a chunk of their own, beside the page's code. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../look/page.css'
import '../look/parts.css'
import '../look/reasons.css'
import '../look/recovery.css'
import '../look/config.css'
import '../look/narrow.css'
import '../look/together.css'
import { App } from './App.tsx'
import { readAddress } from './packing.ts'

const root = document.getElementById('table')
void Promise.all([import('./shelves.ts'), readAddress(window.location.hash)]).then(([{ LIBRARY }, initial]) => {
  if (root === null) return
  createRoot(root).render(
    <StrictMode>
      <App library={LIBRARY} initial={initial} />
    </StrictMode>,
  )
})
