import { describe, expect, test } from 'vitest'
import { parsePidStatus } from './pid-status.ts'

const TEXT = `Name:\tpython3
State:\tS (sleeping)
Tgid:\t812
PPid:\t1
TracerPid:\t99
Uid:\t1000\t0\t0\t1000
NSpid:\t812\t17
Threads:\t4
CapEff:\t000001ffffffffff
Seccomp:\t2
Cpus_allowed_list:\t0-3,8
`

test('fields of a process', () => {
  expect(parsePidStatus(Buffer.from(TEXT))).toEqual({
    name: 'python3',
    processId: 812,
    parentPid: 1,
    tracerPid: 99,
    uids: [1000, 0, 0, 1000],
    nsPids: [812, 17],
    threads: 4,
    capEff: 0x1ffffffffffn,
    seccomp: 2,
    cpusAllowed: '0-3,8',
  })
})

describe('what is not there or not right is absent', () => {
  test('an empty text', () => {
    const absent = Object.values(parsePidStatus(Buffer.alloc(0)))
    expect(new Set(absent)).toEqual(new Set([undefined]))
  })

  test.each([
    ['three users', 'Uid:\t1000\t0\t0', 'uids'],
    ['a user that is no number', 'Uid:\t1000\t0\tx\t0', 'uids'],
    ['capabilities in capitals', 'CapEff:\t00FF', 'capEff'],
    ['a pid that is no number', 'Tgid:\t-1', 'processId'],
  ] as const)('%s', (_, line, field) => {
    const key = line.slice(0, line.indexOf(':'))
    const text = TEXT.replace(new RegExp(`^${key}:.*$`, 'm'), line)
    expect(parsePidStatus(Buffer.from(text))[field]).toBeUndefined()
  })
})

test('quotes of a name belong to it', () => {
  expect(parsePidStatus(Buffer.from('Name:\t"x"\n')).name).toBe('"x"')
})

test('the pids of nested namespaces are known, ours first', () => {
  expect(parsePidStatus(Buffer.from('Name:\tx\nNSpid:\t4711\t17\t1\n')).nsPids).toEqual([4711, 17, 1])
})
