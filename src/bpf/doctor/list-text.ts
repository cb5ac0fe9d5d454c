import type { Column } from '../../terminal/columns.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'

/** A line of the list; see collect/bpf-list. */
export interface ListedEntry {
  name: string
  title?: string | undefined
  works: 'yes' | 'no' | 'unknown'
  reason?: string | undefined
  substitute?: string | undefined
  backends: readonly { family: string; works: 'yes' | 'no' | 'unknown' }[]
}

const FAMILIES: Readonly<Record<string, string>> = { own: 'bpftrace', libbpf: 'libbpf', bcc: 'BCC', bpftrace: '.bt' }
const COLORS = { yes: 'good', no: 'bad', unknown: 'quiet' } as const

/** What can run, through what, and what it shows, or why it cannot and what to take instead. */
export function listColumns(theme: Theme): Column<ListedEntry>[] {
  return [
    { header: 'NAME', cell: entry => escapeText(entry.name) },
    { header: 'HERE', cell: entry => entry.works, paint: (text, entry) => theme[COLORS[entry.works]](text) },
    { header: 'THROUGH', cell: entry => throughOf(entry) },
    { header: 'SHOWS', cell: entry => escapeText(aboutOf(entry)) },
  ]
}

function throughOf({ backends }: ListedEntry): string {
  const working = backends.filter(backend => backend.works === 'yes').map(backend => FAMILIES[backend.family]!)
  return [...new Set(working)].join(', ') || '-'
}

function aboutOf({ title, works, reason, substitute }: ListedEntry): string {
  const instead = substitute === undefined ? '' : `instead: ${substitute}; `
  if (works !== 'no') return title ?? reason ?? ''
  return `${instead}${title === undefined ? '' : `${title}; `}${reason}`
}
