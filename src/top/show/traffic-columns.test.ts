import { expect, test } from 'vitest'
import { trafficColumn, trafficOf } from './traffic-columns.ts'

const row = { received: 2048, sent: undefined, retransmits: 3, unread: 0, unsent: 70_000 }

test.each([
  ['in', 'IN/s', 2048, '2.00 KiB'],
  ['out', 'OUT/s', undefined, '-    '],
  ['retransmits', 'RETR/s', 3, '3.00'],
  ['unread', 'UNREAD', 0, '0    '],
  ['unsent', 'UNSENT', 70_000, '68.4 KiB'],
] as const)('%s', (name, heading, value, text) => {
  const column = trafficColumn<typeof row>(name, 4)
  const cell = column.cell(row, column.width)
  expect({ ...column, value: column.value(row), cell: typeof cell === 'string' ? cell : cell.text }).toMatchObject({
    name,
    heading,
    align: 'right',
    leaves: 4,
    value,
    cell: text,
  })
})

test.each([
  [{ received: 1, sent: 2 }, 3],
  [{ received: 1 }, 1],
  [{}, undefined],
])('both directions of %j', (traffic, sum) => expect(trafficOf(traffic)).toBe(sum))
