import { describe, expect, test } from 'vitest'
import type { ProcessShare } from './fast/owner-thread.ts'
import { processNames, scanOwners, scanLatecomers } from './socket-owners.ts'
import { procOf } from '../../test/support/fake-proc.ts'

/** Process 10 is ours to read, 20 the other thread's, 30 began when the processes had been listed. */
const source = procOf({
  links: { '10/fd/3': 'socket:[77]', '20/fd/4': 'socket:[77]', '20/fd/5': 'socket:[78]', '30/fd/6': 'socket:[79]' },
})

function scanWith(share: Partial<ProcessShare>) {
  return scanOwners(source, undefined, {
    names: ['10', '20'],
    claim: index => index === 0,
    tablesRead: () => {},
    finish: () => [{ name: '20', early: true, sockets: Float64Array.of(4, 77), others: [], ...share }],
  })
}

const ownersAfter = (share: Partial<ProcessShare>, inode: string) => {
  const scan = scanWith(share)
  scanLatecomers(source, new Set([inode]), scan)
  return scan.byInode.of(inode)
}

describe('a socket that came while a second thread was already looking', () => {
  test('is found where that look was older than the tables', () => {
    expect(ownersAfter({ early: true }, '78')).toEqual([{ pid: 20, heldBy: 'fd', fd: 5 }])
  })

  test('is not looked for again where it was not', () => {
    expect(ownersAfter({ early: false }, '78')).toEqual([])
  })

  test('is found in a process that did not exist then', () => {
    expect(ownersAfter({ early: false }, '79')).toEqual([{ pid: 30, heldBy: 'fd', fd: 6 }])
  })

  test('what was found stays, in the order of the processes', () => {
    expect(scanWith({}).byInode.of('77')).toEqual([
      { pid: 10, heldBy: 'fd', fd: 3 },
      { pid: 20, heldBy: 'fd', fd: 4 },
    ])
  })

  test('without a second thread every look is newer than the tables', () => {
    const scan = scanOwners(source)
    expect(scan.late).toBeUndefined()
    expect(scan.byInode.of('79')).toEqual([{ pid: 30, heldBy: 'fd', fd: 6 }])
  })
})

test('a folder whose name is no number that a process can have is none', () => {
  const names = ['1', '4194304', '99999999999999999999', '010', '0', '12a', 'self', '31']
  expect(processNames({ list: () => names })).toEqual(['1', '4194304', '31'])
})
