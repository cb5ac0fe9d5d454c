import { wrap } from '../../terminal/wrap.ts'

type Entry = readonly [keys: string, what: string]

const PARTS: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  [
    'VIEWS',
    [
      ['1 … 6, Tab, Shift-Tab', 'processes, connections, listeners, TIME_WAIT, remote hosts, findings'],
      ['Enter, →', 'what is behind a row: its connections, then all that is known of one'],
      ['Esc, ←, Backspace', 'back; at the outermost, Esc takes the filter away'],
    ],
  ],
  [
    'MOVE',
    [
      ['↑ ↓, k j', 'one row'],
      ['PgUp PgDn, b f', 'one screen; Ctrl-U Ctrl-D too'],
      ['Home End, G', 'first and last row'],
    ],
  ],
  [
    'CHOOSE AND ORDER',
    [
      [
        '/',
        'filter, as it is typed: a name (nginx), an address, or the language of mynetstat: dport = :443, pid 812, program ~ nginx*, rtt > 50 and dst 10.0.0.0/8; nothing shows all again',
      ],
      ['s, > <', 'sort by the next column, by the one before'],
      ['r', 'the other way round'],
      ['g', 'group: processes by program, unit, container; connections by remote host, port, state; hosts by network'],
    ],
  ],
  [
    'AND',
    [
      ['space', 'the screen stands still; counting goes on, a recording does not'],
      [', .', 'the recording before, the one after (--from)'],
      ['d', 'look for what is wrong (linsight diagnose), in the background'],
      ['w', 'write a snapshot of this moment into the current folder'],
      ['Ctrl-L', 'draw the screen anew'],
      ['Ctrl-Z', 'leave it to the shell; fg comes back'],
      ['q, Ctrl-C', 'end'],
    ],
  ],
  [
    'COLUMNS',
    [
      ['IN/s OUT/s', 'payload received and sent, without what was sent again'],
      ['RETR/s', 'segments sent again'],
      ['UNREAD', 'received, and not read by the program'],
      ['UNSENT', 'not acknowledged by the peer, or not sent yet'],
      ['QUEUE LIMIT', 'connections that wait to be accepted, and how many may; the kernel takes one more'],
      ['USED OF', 'local ports to a destination that are taken, and how many there are'],
      ['RUNS OUT', 'when none of them is left, at the present rate'],
      ['(queued) (orphan)', 'no program has it: it waits to be accepted; its program has closed it'],
      ['-', 'not known, for want of a second look or because the kernel does not tell'],
    ],
  ],
]

/** Width of the keys at the left. */
const MARGIN = 24
/** Below this what a key does stands under it. */
const NARROW = 60

/** The keys and columns, for `?`. */
export function helpLines(width: number): string[] {
  const margin = width < NARROW ? 4 : MARGIN
  return PARTS.flatMap(([title, entries], i) => [
    ...(i === 0 ? [] : ['']),
    title,
    ...entries.flatMap(([keys, what]) =>
      margin === MARGIN
        ? wrap(`  ${keys.padEnd(MARGIN - 2)}${what}`, width, MARGIN).split('\n')
        : [`  ${keys}`, ...wrap(`    ${what}`, width, margin).split('\n')],
    ),
  ])
}
