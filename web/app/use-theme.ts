/** Light or dark: the reader's system decides until the reader does. */
import { useCallback, useState } from 'react'

const STORED = 'quorate-theme'

/** The theme in force and the way to turn it. The tokens change before the next render, because the canvas reads them while it renders. */
export function useTheme(): { readonly dark: boolean; readonly toggle: () => void } {
  const [dark, setDark] = useState(() => {
    const stored = window.localStorage.getItem(STORED)
    return put(stored === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : stored === 'dark')
  })
  const toggle = useCallback(() => {
    window.localStorage.setItem(STORED, dark ? 'light' : 'dark')
    setDark(put(!dark))
  }, [dark])
  return { dark, toggle }
}

function put(dark: boolean): boolean {
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  return dark
}
