import { describe, expect, test } from 'vitest'
import { perfSyscalls, perfThreads } from '../rules/perf-trace-profile.ts'
import { parsePerfTraceSummary } from './perf-trace-summary.ts'
import { parseSyscount } from './syscount-table.ts'

describe('syscount', () => {
  const nameOf = (number: number) => `call_${number}`

  test('calls and time, as -L prints them', () => {
    const text = `Tracing syscalls, printing top 1000... Ctrl+C to quit.
[14:13:08]
SYSCALL                   COUNT        TIME (us)
execve                        1          231.973
getppid                     101           43.454
[unknown: 451]                3            0.007
`
    expect(parseSyscount(text, nameOf)).toEqual([
      { name: 'execve', calls: 1, wallNs: 231973 },
      { name: 'getppid', calls: 101, wallNs: 43454 },
      { name: 'call_451', calls: 3, wallNs: 7 },
    ])
  })

  test('calls alone, and tables of several intervals', () => {
    const text =
      '[1:2:3]\nSYSCALL                   COUNT\nread                         10\n\n[1:2:4]\nSYSCALL   COUNT\nread   7\n'
    expect(parseSyscount(text, nameOf)).toEqual([{ name: 'read', calls: 17, wallNs: undefined }])
  })

  test('nothing counted', () => {
    expect(parseSyscount('Tracing syscalls, printing top 10... Ctrl+C to quit.\n', nameOf)).toEqual([])
  })
})

describe('perf trace -s', () => {
  const TEXT = `
 Summary of events:

 t (19245), 264 events, 97.8%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   getppid              101      0     1.575     0.013     0.016     0.035      2.49%
   close                  3      1     0.043     0.014     0.014     0.015      1.99%
\t\t\t\tEBADF: 1


 name (with) brackets (19246), 20 events, 2.2%

   syscall            calls  errors  total       min       avg       max       stddev
                                     (msec)    (msec)    (msec)    (msec)        (%)
   --------------- --------  ------ -------- --------- --------- ---------     ------
   getppid                2      1     0.020     0.009     0.010     0.011      0.00%
\t\t\t\tEPERM: 1

`

  test('a table for each thread, with errnos', () => {
    expect(parsePerfTraceSummary(TEXT)).toEqual([
      {
        comm: 't',
        tid: 19245,
        rows: [
          { name: 'getppid', calls: 101, errors: 0, totalNs: 1575000, minNs: 13000, maxNs: 35000, errnos: {} },
          { name: 'close', calls: 3, errors: 1, totalNs: 43000, minNs: 14000, maxNs: 15000, errnos: { EBADF: 1 } },
        ],
      },
      {
        comm: 'name (with) brackets',
        tid: 19246,
        rows: [
          { name: 'getppid', calls: 2, errors: 1, totalNs: 20000, minNs: 9000, maxNs: 11000, errnos: { EPERM: 1 } },
        ],
      },
    ])
  })

  test('added up over threads', () => {
    const threads = parsePerfTraceSummary(TEXT)
    expect(perfSyscalls(threads)[0]).toEqual({
      name: 'getppid',
      abi: 'native',
      calls: 103,
      errors: 1,
      errnos: { EPERM: 1 },
      wall: { totalNs: 1595000, minNs: 9000, maxNs: 35000 },
    })
    expect(perfThreads(threads).map(thread => [thread.tid, thread.total.calls])).toEqual([
      [19245, 104],
      [19246, 2],
    ])
  })
})
