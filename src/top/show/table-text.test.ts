import { expect, test } from 'vitest'
import { sampleOf } from '../../../test/support/top-sample.ts'
import { tableText } from './table-text.ts'
import { VIEW_OF } from './views/all.ts'

const OWNERS = { 7: { program: 'nginx' }, 8: { program: 'a-very-long-name-that-is-not-cut-where-nobody-looks-at-it' } }
const context = (
  sample = sampleOf(
    [
      { owner: 7, received: 2048, sent: 1 },
      { owner: 8, received: 0, sent: 0 },
    ],
    OWNERS,
  ),
) => ({
  sample,
  diagnosis: undefined,
  grouping: 'process',
  only: [],
})
const text = (view = VIEW_OF.processes, of = context()) => [...tableText(view, of, view.sort, '12:00:00')].join('')

test('a table, aligned and uncut, without pictures', () => {
  expect(text()).toMatchInlineSnapshot(`
    "12:00:00  in 2.00 KiB/s, out 1 B/s, retransmits 0/s, 2 sockets

    PID  PROGRAM                                                    UNIT/CONTAINER  SOCKETS      IN/s  OUT/s  RETR/s  UNREAD  UNSENT  CLOSE_WAIT  LISTENS
      7  nginx                                                                            1  2.00 KiB    1 B       0       0       0           0        0
      8  a-very-long-name-that-is-not-cut-where-nobody-looks-at-it                        1         0      0       0       0       0           0        0

    "
  `)
})

test('what is not known is said', () => {
  const first = sampleOf([{ owner: 7 }], OWNERS, { look: { seconds: undefined, amounts: undefined } })
  expect(text(VIEW_OF.processes, context(first))).toContain('in -/s, out -/s')
})

test('where there is nothing, that is said', () => {
  expect(text(VIEW_OF.connections, context(sampleOf([])))).toContain('\nno connection\n\n')
})
