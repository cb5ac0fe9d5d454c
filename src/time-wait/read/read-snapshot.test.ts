import { describe, expect, test } from 'vitest'
import { clients, mini, recordingOf, socket, type Recording } from '../../../test/support/time-wait-recording.ts'
import { timeWaitReport } from '../rules/report.ts'
import { readSnapshot } from './read-snapshot.ts'

const read = (recording: Recording) => readSnapshot(recordingOf(recording))
/** Fifty of 200 rows, ten of them twice: what a table under churn shows. */
const TORN = { rows: clients(50) + clients(10), tw: 200 }

describe('whether the table is whole', () => {
  test.each<[string, Recording, string | undefined]>([
    ['whole', { rows: clients(50) }, undefined],
    ['rows that stand twice, and many missing', TORN, 'the table changed while it was read and shows 50 of 200 rows'],
    ['rows that stand twice, but all there', { ...TORN, tw: 52 }, undefined],
    ['a kernel that counts every namespace: nothing stands twice', { rows: clients(50), tw: 6000 }, undefined],
    ['no such count', { rows: clients(50) + clients(10), files: { 'net/sockstat': '' } }, undefined],
    ['cut short', { rows: clients(50).slice(0, -30) }, 'a table was cut short'],
    ['lines that are none', { rows: `${clients(50)}   1: nonsense\n` }, 'lines of a table could not be read'],
  ])('%s', (_, recording, incomplete) => expect(read(recording).incomplete).toBe(incomplete))

  test('what is missing is no "harmless"', () => {
    expect(timeWaitReport(read(TORN)).verdict).toEqual({
      severity: 'unknown',
      sentence: 'the table changed while it was read and shows 50 of 200 rows; what can be seen shows nothing wrong',
    })
  })
})

describe('owners that are looked for', () => {
  const open = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      socket(`198.51.100.7:${40000 + i}`, '192.0.2.10:80', '01', `${9000 + i}`),
    ).join('')
  const links = { '50/fd/9': 'socket:[9000]' }
  const files = { '50/comm': 'pool\n' }
  const ownersOf = (rows: string, range: string) =>
    [...read({ rows, links, files, settings: { ip_local_port_range: range } }).owners.keys()].length

  test.each([
    ['of a destination with rows', open(1) + clients(1), '32768\t60999', 1],
    ['of one without, and few ports', open(1), '32768\t60999', 0],
    ['of one without, but a tenth of the range', open(10), '40000\t40099', 1],
  ])('%s', (_, rows, range, owners) => expect(ownersOf(rows, range)).toBe(owners))
})

test('a connection that is gone before its process can be looked at is no matter of permission', () => {
  const processes = { links: { '50/fd/9': 'socket:[1]' }, files: { '50/comm': 'x\n', '51/comm': 'y\n' } }
  const source = recordingOf({
    ...processes,
    rows: socket('198.51.100.7:40000', '192.0.2.10:80', '01', '9') + clients(1),
  })
  const refusing = {
    ...source,
    list: (path: string) => {
      if (path === '51/fd') throw Object.assign(new Error('refused'), { code: 'EACCES' })
      return source.list(path)
    },
  }
  expect(readSnapshot(refusing).warnings.map(({ code }) => code)).not.toContain('processes-unreadable')
  const served = socket('0.0.0.0:80', '0.0.0.0:0', '0A', '7') + mini('192.0.2.1:80', '198.51.100.9:40000', 3)
  const server = recordingOf({ ...processes, rows: served })
  expect(readSnapshot({ ...refusing, readFile: path => server.readFile(path) }).warnings).toMatchObject([
    { code: 'processes-unreadable', message: expect.stringContaining('1 of 1 sockets have no owner') },
  ])
})
