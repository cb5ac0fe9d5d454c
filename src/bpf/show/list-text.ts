import type { Column } from '../../terminal/columns.ts'
import { escapeText } from '../../terminal/escape.ts'
import type { Theme } from '../../terminal/theme.ts'
import type { Candidate, ListEntry } from '../doctor/list-entry.ts'

const FAMILIES: Readonly<Record<Candidate['family'], string>> = {
  own: 'bpftrace',
  libbpf: 'libbpf',
  bcc: 'BCC',
  bpftrace: '.bt',
}
const COLORS = { yes: 'good', no: 'bad', unknown: 'quiet' } as const

/** Columns that leave a narrow terminal, the first to leave first. */
export const LEAVING_LIST_COLUMNS = ['THROUGH', 'HERE']

/** What can run, through what, and what it shows, or why it cannot and what to take instead. */
export function listColumns(theme: Theme): Column<ListEntry>[] {
  return [
    { header: 'NAME', shrinksTo: 12, cell: entry => escapeText(entry.name) },
    { header: 'HERE', cell: entry => entry.works, paint: (text, entry) => theme[COLORS[entry.works]](text) },
    { header: 'THROUGH', cell: entry => throughOf(entry) },
    { header: 'SHOWS', wraps: true, shrinksTo: 24, cell: entry => escapeText(aboutOf(entry)) },
  ]
}

function throughOf({ backends }: ListEntry): string {
  const working = backends.filter(backend => backend.works === 'yes').map(backend => FAMILIES[backend.family])
  return [...new Set(working)].join(', ') || '-'
}

function aboutOf({ title, works, reason, substitute }: ListEntry): string {
  const instead = substitute === undefined ? '' : `instead: ${substitute}; `
  if (works !== 'no') return title ?? reason ?? ''
  return `${instead}${title === undefined ? '' : `${title}; `}${reason}`
}
