import { describe, expect, test } from 'vitest'
import { socketWarnings, type OwnerLimits, type SocketLimits } from './warnings.ts'

const LIMITS: SocketLimits = {
  bogus: [],
  missing: [],
  short: [],
  recorded: false,
  asked: new Set(['tcp']),
  recovered: 0,
  dumps: { wanted: false, answered: [], refused: [], cut: [], changed: [] },
  shown: new Set(['tcp'] as const),
  byteOrderAssumed: false,
  unverified: 0,
  owners: undefined,
}
const OWNERS: OwnerLimits = {
  processes: 120,
  unreadable: 0,
  shownSockets: 10,
  ownerlessSockets: 0,
  hiddenSockets: 0,
  hidepid: false,
  inPidNamespace: false,
  threadsCut: false,
  isRoot: false,
  isCapable: false,
}
const warnings = (limits: Partial<SocketLimits>) => socketWarnings({ ...LIMITS, ...limits })
const messages = (limits: Partial<SocketLimits>) => warnings(limits).map(({ message }) => message)

test('nothing limits the answer', () => {
  expect(warnings({ owners: OWNERS })).toEqual([])
})

describe('tables', () => {
  test.each<[string, Partial<SocketLimits>, string[]]>([
    [
      'a kernel without the table',
      { missing: [{ table: 'tcp', code: 'ENOENT' }] },
      ['net/tcp could not be read: this kernel has no such table'],
    ],
    [
      'a recording without it',
      { missing: [{ table: 'tcp', code: 'ENOENT' }], recorded: true },
      ['net/tcp could not be read: the recording does not hold it'],
    ],
    [
      'a fifo in its place',
      { missing: [{ table: 'tcp', code: 'EINVAL' }], recorded: true },
      ['net/tcp could not be read: it is not a plain file'],
    ],
    ['one that nobody asked for', { missing: [{ table: 'sctp', code: 'ENOENT' }] }, []],
    ['one that is refused', { missing: [{ table: 'sctp', code: 'EACCES' }] }, ['net/sctp could not be read: EACCES']],
    [
      'fewer rows than the kernel counts',
      { short: [{ table: 'udp', rows: 90, counted: 100 }] },
      [
        'net/udp shows 90 sockets where the kernel counts 100: it changed while it was read, and at least 10 are missing here',
      ],
    ],
    [
      'lines that are no rows',
      { bogus: [{ file: 'net/tcp', line: 7, text: ' x ' }] },
      ['1 line of net/tcp is not a row and was left out; line 7 reads: x'],
    ],
    ['rows found again', { recovered: 2 }, ['the table changed while it was read; 2 rows recovered by reading again']],
    [
      'rows that may be forged',
      { unverified: 2 },
      ['2 unix rows may be forged by the name of another socket; --why marks them'],
    ],
  ])('%s', (_, limits, expected) => {
    expect(messages(limits)).toEqual(expected)
  })

  test('an assumed byte order comes with the flag that states it', () => {
    expect(warnings({ byteOrderAssumed: true })).toMatchObject([
      { code: 'byte-order-assumed', hint: 'give --endian big if they look reversed' },
    ])
  })
})

describe('owners', () => {
  test.each<[string, Partial<OwnerLimits>, string]>([
    ['no socket lacks one', {}, '; every socket shown has an owner all the same'],
    [
      'some have none, none of them for this reason',
      { ownerlessSockets: 3 },
      '; no socket shown lacks an owner for that reason',
    ],
    ['one may be theirs', { ownerlessSockets: 3, hiddenSockets: 1 }, '; 1 socket shown without an owner may be theirs'],
    ['nothing is shown', { shownSockets: 0 }, ''],
  ])('processes that could not be looked into: %s', (_, facts, effect) => {
    expect(messages({ owners: { ...OWNERS, unreadable: 1, ...facts } })).toEqual([
      `1 of 121 processes could not be looked into${effect}`,
    ])
    expect(messages({ owners: { ...OWNERS, hidepid: true, ...facts } })).toEqual([
      `/proc is mounted with hidepid and shows no process of other users${effect}`,
    ])
  })

  test('a pid namespace matters where a socket may be held outside', () => {
    expect(messages({ owners: { ...OWNERS, inPidNamespace: true } })).toEqual([])
    expect(messages({ owners: { ...OWNERS, inPidNamespace: true, hiddenSockets: 2 } })).toEqual([
      'only the processes of this pid namespace can be seen; 2 sockets shown without an owner may belong to others',
    ])
  })

  test('a recording was made by somebody who could not look', () => {
    expect(warnings({ recorded: true, owners: { ...OWNERS, unreadable: 2, hiddenSockets: 2 } })).toEqual([
      {
        code: 'processes-unreadable',
        message: '2 processes could not be looked into when the recording was made',
      },
    ])
  })

  test('threads that were not searched', () => {
    expect(warnings({ owners: { ...OWNERS, threadsCut: true } })).toMatchObject([{ code: 'threads-unsearched' }])
  })
})
