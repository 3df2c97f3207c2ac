/** Light or dark: the reader's system decides until the reader does. */
import { useCallback, useEffect, useState } from 'react'

const STORED = 'quorate-theme'

/** The theme in force and the way to turn it. */
export function useTheme(): { readonly dark: boolean; readonly toggle: () => void } {
  const [dark, setDark] = useState(() => {
    const stored = window.localStorage.getItem(STORED)
    return stored === null ? window.matchMedia('(prefers-color-scheme: dark)').matches : stored === 'dark'
  })
  useEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
  }, [dark])
  const toggle = useCallback(() => {
    window.localStorage.setItem(STORED, dark ? 'light' : 'dark')
    setDark(!dark)
  }, [dark])
  return { dark, toggle }
}
