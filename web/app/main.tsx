/** The page begins here. The scenarios come in a chunk of their own, beside the page's code. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../look/page.css'
import '../look/parts.css'
import '../look/reasons.css'
import '../look/config.css'
import '../look/narrow.css'
import '../look/together.css'
import { App } from './App.tsx'

const root = document.getElementById('table')
void import('./shelves.ts').then(({ LIBRARY }) => {
  if (root === null) return
  createRoot(root).render(
    <StrictMode>
      <App library={LIBRARY} />
    </StrictMode>,
  )
})
