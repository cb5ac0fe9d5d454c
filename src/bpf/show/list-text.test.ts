import { expect, test } from 'vitest'
import { columnLines } from '../../terminal/columns.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { Candidate, ListEntry } from '../doctor/list-entry.ts'
import { LEAVING_LIST_COLUMNS, listColumns } from './list-text.ts'

const through = (family: Candidate['family'], works: Candidate['works']): Candidate => ({ name: 'x', family, works })
const ENTRIES: ListEntry[] = [
  {
    name: 'execsnoop',
    kind: 'job',
    title: 'new processes with their arguments',
    works: 'yes',
    backends: [through('own', 'yes'), through('libbpf', 'yes'), through('libbpf', 'yes'), through('bcc', 'no')],
  },
  {
    name: 'vfs\x1bstat',
    kind: 'tool',
    works: 'no',
    reason: 'no kprobes',
    substitute: 'syscount',
    backends: [through('bcc', 'no')],
  },
  { name: 'biolatency', kind: 'job', title: 'latency', works: 'no', reason: 'no tracefs', backends: [] },
  { name: 'fsdist', kind: 'tool', works: 'unknown', reason: 'only a try tells', backends: [] },
]

test.each([
  [
    Infinity,
    `NAME        HERE    THROUGH          SHOWS
execsnoop   yes     bpftrace, libbpf new processes with their arguments
vfs\\x1bstat no      -                instead: syscount; no kprobes
biolatency  no      -                latency; no tracefs
fsdist      unknown -                only a try tells
`,
  ],
  [
    40,
    `NAME        SHOWS
execsnoop   new processes with their
            arguments
vfs\\x1bstat instead: syscount; no
            kprobes
biolatency  latency; no tracefs
fsdist      only a try tells
`,
  ],
])('on %s columns', (width, text) => {
  const layout = { widths: 'fit', header: true, color: false, width, leave: LEAVING_LIST_COLUMNS } as const
  expect([...columnLines(listColumns(createTheme(false)), ENTRIES, layout)].join('')).toBe(text)
})
