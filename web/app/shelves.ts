/** The scenarios that the page carries with it, with the configuration files beside them: text in a chunk of its own, nothing is fetched from elsewhere. */
import { type Library, toLibrary } from './library.ts'

const TEXTS = import.meta.glob('../../scenarios/*/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Readonly<Record<string, string>>
const FILES = import.meta.glob(['../../scenarios/*/*', '!../../scenarios/*/*.{yaml,md,svg}'], {
  query: '?raw',
  import: 'default',
  eager: true,
}) as Readonly<Record<string, string>>

/** All of them. */
export const LIBRARY: Library = toLibrary(TEXTS, FILES)
