import { expect, test } from 'vitest'
import { schemaErrors } from '../../../../test/support/schemas.ts'
import { documentPieces } from '../../../terminal/json.ts'
import type { PipeHolder, SharedPipe } from '../../pipes/shared-pipe.ts'
import { pipeTable } from './pipe-table.ts'
import { pipesDocument } from './pipes-document.ts'

const holder = (pid: number, mode: Partial<PipeHolder>, program = 'app'): PipeHolder => ({
  pid,
  program,
  fds: [1],
  ...mode,
})
const [W, R, RW] = [
  { reads: false, writes: true },
  { reads: true, writes: false },
  { reads: true, writes: true },
]
const PIPES: SharedPipe[] = [
  { kind: 'pipe', id: '500', holders: [holder(7, W, 'x\x1b y'), holder(8, R)] },
  { kind: 'pipe', id: '501', holders: [holder(7, W, 'x\x1b y'), holder(8, R)] },
  { kind: 'pipe', id: '502', holders: [holder(7, R), holder(8, W)] },
  { kind: 'eventfd', id: '3', holders: [7, 8].map(pid => holder(pid, RW)) },
  { kind: 'pipe', id: '503', holders: [1, 2, 3, 4, 5].map(pid => holder(pid, {})) },
]
const table = (width = Infinity) => [...pipeTable(PIPES, { color: false, width })].join('')

test('pipes between the same processes are one row', () => {
  expect(table()).toMatchInlineSnapshot(`
    "Type    Id     Writers     Readers     Not known
    pipe    500 +1 7/'x\\x1b y' 8/app       -
    pipe    502    8/app       7/app       -
    eventfd 3      7/app,8/app 7/app,8/app -
    pipe    503    -           -           1/app,2/app,3/app,4/app +1
    "
  `)
})

test.each([40, 80])('a terminal of %i columns', width => {
  expect(
    Math.max(
      ...table(width)
        .split('\n')
        .map(line => line.length),
    ),
  ).toBeLessThanOrEqual(width)
})

test('JSON', () => {
  const read = { pipes: PIPES, processes: 9, unreadable: new Map([['EACCES', 1]]) }
  const origin = { host: 'a', takenAt: undefined, source: 'live' }
  const document = JSON.parse([...documentPieces(pipesDocument(origin, read), [])].join('')) as { pipes: object[] }
  expect(document.pipes[0]).toEqual({
    kind: 'pipe',
    id: '500',
    holders: [
      { pid: 7, program: 'x\\x1b y', fds: [1], reads: false, writes: true },
      { pid: 8, program: 'app', fds: [1], reads: true, writes: false },
    ],
  })
  expect(document).toMatchObject({ processes: 9, unreadable: { EACCES: 1 } })
  expect(schemaErrors('pipes', document)).toEqual([])
})
