import { expect, test } from 'vitest'
import { emptyEntries, recordedProc } from '../../proc/recorded-proc.ts'
import { joinLater, lookAtProcesses, parsePidIo, threadTimes, waitChannel } from './processes.ts'

const IO = 'rchar: 100\nwchar: 20\nsyscr: 7\nsyscw: 3\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n'

function machine(files: Record<string, string>) {
  const entries = emptyEntries()
  for (const [path, text] of Object.entries(files)) entries.files.set(path, Buffer.from(text, 'latin1'))
  return recordedProc('snapshot', 'test', {}, entries)
}

const stat = (pid: number, comm: string, { state = 'S', cpu = 5, start = 100, flags = 0 } = {}) =>
  `${pid} (${comm}) ${state} 1 ${pid} ${pid} 0 -1 ${flags} 9 0 2 0 ${cpu} 1 0 0 20 0 3 0 ${start} 0 250 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 42 0 0\n`

test.each([
  ['4.18.0-553.el8', 'nfs4', 'D', false],
  ['5.10.0', 'nfs4', 'D', false],
  ['5.11.0', 'nfs4', 'D', true],
  ['4.18.0', 'ext4', 'D', true],
  ['4.18.0', 'nfs4', 'S', true],
])('on Linux %s with %s the bytes of a process in state %s are read: %s', (kernel, type, state, areRead) => {
  const files = {
    '7/stat': stat(7, 'app', { state }),
    '7/io': IO,
    'self/mountinfo': `36 35 0:40 / /srv rw - ${type} x rw\n`,
  }
  const source = { ...machine(files), isThisMachine: true, meta: { kernel } }
  expect(lookAtProcesses(source).get(7)!.a!.readChars).toBe(areRead ? 100 : undefined)
})

test('threads of the kernel that are known are not looked at again, and stay as they were', () => {
  const source = machine({ '7/stat': stat(7, 'app'), '2/stat': stat(2, 'kthreadd', { flags: 0x200000 }) })
  const known = lookAtProcesses(source)
  const later = lookAtProcesses(source, known)
  expect([...later.keys()]).toEqual([7])
  joinLater(known, later)
  expect(known.get(2)!.b).toBe(known.get(2)!.a)
  expect(known.get(7)!.b).toBe(later.get(7)!.a)
})

test('the counters of /proc/PID/io, where read_bytes is not cancelled_write_bytes', () => {
  expect(parsePidIo(Buffer.from(IO))).toEqual({
    readChars: 100,
    writtenChars: 20,
    readCalls: 7,
    writeCalls: 3,
    readBytes: 4096,
    writeBytes: 8192,
  })
  expect(parsePidIo(Buffer.from('rchar: 100\n'))).toEqual({ readChars: 100 })
})

test('a process with its counters; a thread of the kernel has no bytes', () => {
  const source = machine({ '7/stat': stat(7, 'app'), '7/io': IO, '2/stat': stat(2, 'kthreadd', { flags: 0x200000 }) })
  const processes = lookAtProcesses(source)
  expect(processes.get(7)).toMatchObject({
    comm: 'app',
    startTicks: 100,
    isKernelThread: false,
    a: {
      state: 'S',
      cpuTicks: 6,
      minorFaults: 9,
      majorFaults: 2,
      threads: 3,
      rssPages: 250,
      blockIoTicks: 42,
      readChars: 100,
    },
  })
  expect(processes.get(2)).toMatchObject({ isKernelThread: true })
  expect(processes.get(2)!.a).not.toHaveProperty('readChars')
})

test('a later look is joined by pid and start; a pid that was given again is another process', () => {
  const first = lookAtProcesses(machine({ '7/stat': stat(7, 'app'), '8/stat': stat(8, 'old') }))
  joinLater(
    first,
    lookAtProcesses(machine({ '7/stat': stat(7, 'app', { cpu: 50 }), '8/stat': stat(8, 'new', { start: 900 }) })),
  )
  expect(first.get(7)!.b!.cpuTicks).toBe(51)
  expect(first.get(8)).toMatchObject({ comm: 'new', a: undefined, startTicks: 900 })
})

test('wait channels and times of threads', () => {
  const source = machine({
    '7/wchan': 'pipe_read',
    '8/wchan': '0',
    '7/task/7/schedstat': '5000 700 3\n',
    '7/task/9/schedstat': 'nothing',
  })
  expect(waitChannel(source, 7)).toBe('pipe_read')
  expect(waitChannel(source, 8)).toBeUndefined()
  expect(threadTimes(source, 7).times).toEqual(new Map([[7, { runNs: 5000, waitNs: 700 }]]))
})
