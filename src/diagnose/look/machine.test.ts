import { expect, test } from 'vitest'
import { diskDifferences, parseDiskstats, parseLocks } from './machine.ts'

test('locks: who waits stands below with the same number', () => {
  const text =
    '1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF\n' +
    '1: -> FLOCK  ADVISORY  WRITE 4712 08:01:1234 0 EOF\n' +
    '2: POSIX  ADVISORY  READ  99 00:2a:7 128 128\n' +
    '3: OFDLCK ADVISORY  WRITE -1 fe:00:8 0 0\n' +
    '4: LEASE  ACTIVE    READ\n'
  expect(parseLocks(Buffer.from(text))).toEqual([
    { id: 1, kind: 'FLOCK', pid: 4711, file: '08:01:1234', waiting: false },
    { id: 1, kind: 'FLOCK', pid: 4712, file: '08:01:1234', waiting: true },
    { id: 2, kind: 'POSIX', pid: 99, file: '00:2a:7', waiting: false },
    { id: 3, kind: 'OFDLCK', pid: -1, file: 'fe:00:8', waiting: false },
  ])
})

const disk = (busy: number, queue: number) =>
  Buffer.from(`   8       0 sda 10 0 200 4 20 0 400 8 0 ${busy} ${queue} 0 0 0 0\n   7       0 loop0 1 0\n`)

test('disks: sectors of 512 bytes, and the last columns; a short line is none', () => {
  expect(parseDiskstats(disk(30, 90))).toEqual(
    new Map([['sda', { readSectors: 200, writtenSectors: 400, busyMs: 30, queueMs: 90 }]]),
  )
})

test('a disk that did nothing is left out', () => {
  const a = parseDiskstats(disk(30, 90))
  expect(diskDifferences(a, parseDiskstats(disk(30, 90)))).toEqual([])
  expect(diskDifferences(a, parseDiskstats(disk(80, 290)))).toEqual([
    { name: 'sda', busyMs: 50, queueMs: 200, readBytes: 0, writtenBytes: 0 },
  ])
})
