import { describe, expect, test } from 'vitest'
import { mergeProfiles } from './merge-profiles.ts'
import { profileSince } from './profile-since.ts'
import { processes } from './views.ts'
import { parseProfileJson } from '../formats/saved-profile.ts'
import type { SyscallProfile } from '../profile.ts'
import { StraceLogReader } from '../strace-log/log-reader.ts'
import { documentPieces } from '../../terminal/json.ts'
import { profileDocument } from '../show/document.ts'
import { captures } from '../../../test/support/strace-captures.ts'

const [zoo] = await captures('logs', /^f-tt-T-yy\.log$/)
const lines = zoo!.bytes.toString('latin1').split('\n')

function read(log: string) {
  const reader = new StraceLogReader({ files: true, threads: true, stacks: true })
  reader.push(Buffer.from(log, 'latin1'))
  return reader
}
const table = (profile: {
  syscalls: { name: string; calls: number; errors: number; wall?: { totalNs: number } | undefined }[]
}) =>
  profile.syscalls
    .map(({ name, calls, errors, wall }) => ({ name, calls, errors, wallNs: wall?.totalNs }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

const recordOf = (profile: SyscallProfile, source: string) =>
  [...documentPieces(profileDocument(profile, source), [])].join('')

describe('profiles', () => {
  const whole = read(lines.join('\n')).end()

  test('of two logs add up to that of both', () => {
    const merged = mergeProfiles([whole, whole])
    expect(table(merged)).toEqual(
      table(whole).map(({ name, calls, errors, wallNs }) => ({
        name,
        calls: calls * 2,
        errors: errors * 2,
        wallNs: wallNs! * 2,
      })),
    )
    expect(new Set(merged.threads!.map(thread => thread.id)).size).toBe(2 * whole.threads!.length)
    expect(merged.files!.length).toBe(whole.files!.length)
    expect(whole.files![0]!.calls * 2).toBe(merged.files!.find(file => file.name === whole.files![0]!.name)!.calls)
  })

  test('of one reading after another differ by what happened between', () => {
    const half = Math.floor(lines.length / 2)
    const reader = read(`${lines.slice(0, half).join('\n')}\n`)
    const before = reader.profile()
    reader.push(Buffer.from(lines.slice(half).join('\n'), 'latin1'))
    const after = reader.end()
    const since = profileSince(before, after)
    const sum = mergeProfiles([before, since])
    expect(table(sum).map(({ name, calls, errors }) => ({ name, calls, errors }))).toEqual(
      table(after).map(({ name, calls, errors }) => ({ name, calls, errors })),
    )
  })

  test('come back from a record as they were', () => {
    const text = recordOf(whole, 'zoo.log')
    const back = parseProfileJson(text, 'record')
    expect(JSON.parse(recordOf(back, 'zoo.log'))).toEqual(JSON.parse(text))
    expect(table(back)).toEqual(table(whole))
    expect(back.files!.map(file => file.name)).toEqual(whole.files!.map(file => file.name))
  })

  test('keep names that are UTF-8, and those that are not', () => {
    const odd = read('read(3</caf\\303\\251\\377>, "x", 1) = 1\nread(3</caf\\303\\251>, "x", 1) = 1\n').end()
    const back = parseProfileJson(recordOf(odd, 'x'), 'record')
    expect(odd.files!.map(file => file.name)).toEqual(['/caf\xc3\xa9\xff', '/caf\xc3\xa9'])
    expect(back.files![1]!.name).toBe('/caf\xc3\xa9')
  })

  test('of a record cut short are refused', () => {
    const text = recordOf(whole, 'x')
    expect(() => parseProfileJson(text.slice(0, 500), 'r.json')).toThrow(/r\.json is no JSON/)
    expect(() => parseProfileJson('{"schema":"linsight/syscall-profile/2"}', 'r.json')).toThrow(/syscall-profile\/2/)
  })
})

test('threads are grouped by process, and a pid used again is another process', () => {
  const { threads } = read(
    '1 clone(CLONE_THREAD) = 2\n2 gettid() = 2\n1 clone(flags=SIGCHLD) = 3\n3 getpid() = 3\n3 +++ exited with 0 +++\n3 getpid() = 3\n',
  ).end()
  expect(processes(threads!).map(group => group.map(thread => thread.tid))).toEqual([[1, 2], [3], [3]])
})

test('more threads than can be told apart are added up by program, and no call is lost', () => {
  const log = Array.from(
    { length: 9000 },
    (_, i) => `${i + 10} execve("/bin/p${i % 2}", ["p"], 0x7f) = 0\n${i + 10} +++ exited with 0 +++\n`,
  )
  const profile = read(log.join('')).end()
  expect(profile.threads!.length).toBeLessThanOrEqual(2050)
  expect(profile.threads!.reduce((sum, thread) => sum + thread.total.calls, 0)).toBe(9000)
  expect(profile.syscalls).toMatchObject([{ name: 'execve', calls: 9000 }])
  expect(profile.threads!.filter(thread => thread.comm?.endsWith('(earlier ones)')).map(thread => thread.comm)).toEqual(
    ['p0 (earlier ones)', 'p1 (earlier ones)'],
  )
  expect(profile.warnings.map(warning => warning.code)).toContain('threads-limited')
})

test('a time that only some of the calls have is not that of the row', () => {
  const one = (more: object): SyscallProfile => ({
    meta: { backend: 'strace-log' },
    syscalls: [{ name: 'read', abi: 'native', calls: 10, errors: 0, ...more }],
    rejected: [],
    warnings: [],
  })
  const times = { system: { totalNs: 5 }, wall: { totalNs: 9 } }
  const [read] = mergeProfiles([one({ wall: times.wall }), one(times)]).syscalls
  expect(read).toMatchObject({ calls: 20, system: undefined, wall: { totalNs: 18 } })
  expect(mergeProfiles([one({ system: times.system }), one(times)]).syscalls[0]!.wall).toBeUndefined()
})
