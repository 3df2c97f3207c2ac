/** The address bar: everything on the table as a fragment, so that a link opened elsewhere shows the same picture. */
import { strFromU8, strToU8, unzlibSync, zlibSync } from 'fflate'
import type { Job } from '../replay/contract.ts'
import type { Tab, TableState } from '../replay/table.ts'
import { jobOf } from './library.ts'

/** What a link says; what it leaves open is absent. */
export interface Link {
  readonly job: Job | undefined
  readonly at: number | undefined
  readonly node: string
  readonly resource: string
  readonly tab: Tab
}

const EDITED_MAX = 60_000

/** Reads a fragment; never throws. */
export function readLink(fragment: string): Link {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''))
  const seed = whole(fields.get('seed'))
  const edited = fields.get('edited')
  const tab = fields.get('tab')
  return {
    job: edited === null ? jobOf(fields.get('scenario') ?? '', seed) : unpack(edited, seed),
    at: whole(fields.get('at')),
    node: fields.get('node') ?? '',
    resource: fields.get('resource') ?? '',
    tab: tab === 'facts' || tab === 'verdict' ? tab : 'chart',
  }
}

/** Writes the table as a fragment. */
export function writeLink({ job, at, choice, tab }: TableState): string {
  const fields = new URLSearchParams()
  const shipped = jobOf(job.name, job.seed)
  const same =
    shipped?.text === job.text &&
    job.files.every((file) => shipped.files.some((entry) => entry.name === file.name && entry.text === file.text))
  const packed = same ? '' : pack(job)
  if (packed === '' || EDITED_MAX < packed.length) fields.set('scenario', job.name)
  else fields.set('edited', packed)
  if (job.seed !== undefined) fields.set('seed', String(job.seed))
  fields.set('at', String(at))
  if (choice.node !== '') fields.set('node', choice.node)
  if (choice.resource !== '') fields.set('resource', choice.resource)
  if (tab !== 'chart') fields.set('tab', tab)
  return `#${fields.toString()}`
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

function pack({ name, text, files }: Job): string {
  const used = files.filter((file) => text.includes(file.name))
  const bytes = zlibSync(strToU8(JSON.stringify({ name, text, files: used })), { level: 9 })
  return btoa(strFromU8(bytes, true)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function unpack(packed: string, seed: number | undefined): Job | undefined {
  try {
    const bytes = strToU8(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), true)
    const { name, text, files } = JSON.parse(strFromU8(unzlibSync(bytes))) as Job
    return typeof name === 'string' && typeof text === 'string' && Array.isArray(files)
      ? { name, text, files, seed }
      : undefined
  } catch {
    return undefined
  }
}
