import { headerOf } from './bpf-run-header.ts'

const value = (...values: unknown[]) => ({ type: 'value', data: values })
const map = (name: string, entries: object, type = 'map') => ({ type, data: { [name]: entries } })
const bucket = (min: number, count: number) => ({ min, max: 2 * min - 1, count })

const LINES: Readonly<Record<string, readonly object[]>> = {
  runqlat: [
    value('beat', 1e9),
    map('@usecs', [bucket(2, 4), bucket(4, 1)], 'hist'),
    value('tick', 2e9),
    map('@usecs', [bucket(2, 6), bucket(4, 5), bucket(64, 1)], 'hist'),
    value('tick', 3e9),
  ],
  offcputime: [
    value('beat', 1e9),
    map('@off', {
      '\n    read+1\n,\n    __schedule+1\n    vfs_read+2\n,7': 50,
      '\n    poll+1\n,\n    __schedule+1\n,8': 20,
    }),
    map('@comm', { 7: 'dd', 8: 'sshd' }),
  ],
}

/** The recording of a small run of a job: two intervals of a histogram with 12 values, or two stacks that weigh 70. */
export function bpfRecording(job: 'runqlat' | 'offcputime'): string {
  const notes = [
    { linsight: 'clock', offsetNs: 1_795_000_000e9 },
    ...LINES[job]!,
    { linsight: 'end', exitCode: 0, durationMs: 2000, endedBy: 'interrupt' },
  ]
  return [headerOf({ job, everyInterval: true }), ...notes].map(line => `${JSON.stringify(line)}\n`).join('')
}
