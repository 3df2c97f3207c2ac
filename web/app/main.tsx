/** The page begins here. */
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../look/page.css'
import '../look/parts.css'
import { App } from './App.tsx'

const root = document.getElementById('table')
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
