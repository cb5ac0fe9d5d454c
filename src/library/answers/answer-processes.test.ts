import { expect, test } from 'vitest'
import { changing, procOf } from '../../../test/support/fake-proc.ts'
import { answerProcesses } from './answer-processes.ts'

const stat = (pid: number, flags: number, start: number) =>
  `${pid} (work) S 1 0 0 0 0 ${flags} 0 0 0 0 150 50 0 0 20 0 4 0 ${start} 0 9\n`

const source = procOf({
  files: {
    '9/stat': stat(9, 0, 70),
    '9/status': 'Name:\twork\nUid:\t5\t6\t5\t5\nVmRSS:\t    12 kB\n',
    '9/cmdline': '/bin/work\0-x\0',
    '9/wchan': 'do_wait',
    '9/limits': 'Max open files            unlimited            unlimited            files     \n',
    '20/stat': stat(20, 0x0020_0000, 3),
    '100/stat': stat(100, 0, 90),
  },
})

const listOf = (query: object, of = source) => [
  ...(answerProcesses(of, query).document.lists as { processes: object[] }).processes,
]

test('what is known of a process', () => {
  expect(listOf({ pid: 9 })).toMatchObject([
    { pid: 9, program: 'work', uid: 5, effectiveUid: 6, state: 'S', threads: 4, cpuMs: 2000, residentBytes: 12_288 },
  ])
  expect(listOf({ pid: 9 })[0]).toMatchObject({ waitsIn: 'do_wait', openFilesLimit: undefined })
})

test.each([
  [{}, [9, 100]],
  [{ kernelThreads: true }, [9, 20, 100]],
  [{ pid: [100, 7] }, [100]],
])('%j: %j', (query, pids) => expect(listOf(query)).toMatchObject(pids.map(pid => ({ pid }))))

test('a pid that goes to another process while it is read is left out', () => {
  let reads = 0
  const live = changing(source, {
    readFile: path => (path === '9/stat' ? Buffer.from(stat(9, 0, (reads += 1))) : source.readFile(path)),
  })
  expect(listOf({}, live)).toMatchObject([{ pid: 100 }])
})

test('hidepid is told', () => {
  const hidden = procOf({ files: { 'self/mountinfo': '1 2 0:5 / /proc rw - proc proc rw,hidepid=2\n' } })
  expect(answerProcesses(hidden, {}).warnings).toMatchObject([{ code: 'processes-hidden' }])
})

test.each([0, -1, 1.5])('%s is no pid', pid =>
  expect(() => answerProcesses(source, { pid })).toThrow(`${pid} is no pid`),
)
