import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isProcessorFree } from '../../src/processes/start-thread.ts'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { run } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'
import { startFixture, type Fixture } from './live.ts'

/** Above what starts the second thread, and far above what asks the kernel directly. */
const SOCKETS = 21_000
const TIME_WAIT = 4_000
const LISTENERS = 4
/** Many times what it takes; less than a thread that never answers is waited for. */
const PATIENCE_MS = 20_000
/** On a busy machine a processor is seldom free. */
const FREE_MOMENT_MS = 60_000

const needed = needs('root', 'namespaces', 'unshare', 'nsenter', 'python3', 'ip', 'strace', 'setpriv')

describe('very many sockets', needed, () => {
  let load: Fixture<{ pid: number; pids: number[] }>
  const folder = temporaryFolder()
  /** The package without what it may do without, and the same among the packages it may use. */
  const plain = join(folder, 'plain')
  const among = join(folder, 'node_modules/linsight')
  const lure = join(folder, 'home')

  beforeAll(async () => {
    load = await startFixture('unshare', [
      '--net',
      'python3',
      `${ROOT}fixtures/programs/many-sockets.py`,
      String(SOCKETS),
      String(TIME_WAIT),
    ])
    for (const root of [plain, among])
      for (const part of ['bin', 'dist', 'package.json'])
        cpSync(`${ROOT}${part}`, join(root, part), { recursive: true })
    mkdirSync(lure)
    symlinkSync(`${ROOT}node_modules/koffi`, join(folder, 'node_modules/koffi'))
    symlinkSync(`${ROOT}node_modules`, join(lure, '.node_modules'))
  }, 60_000)
  afterAll(() => load?.stop())

  const inside = (...command: string[]) => run('nsenter', [`--net=/proc/${load.facts.pid}/ns/net`, ...command])
  const bin = (name: string, root = ROOT) => [process.execPath, join(root, 'bin', `${name}.cjs`)]
  /** The rows, sorted, with one blank between their fields. */
  const rowsOf = ({ stdout }: { stdout: string }) =>
    stdout
      .split('\n')
      .filter(line => line.startsWith('tcp'))
      .map(line => line.trim().split(/ +/).join(' '))
      .toSorted()

  test('the kernel is asked directly and tells what its tables tell, from either family', () => {
    const direct = rowsOf(inside(...bin('mynetstat'), '-ant'))
    expect(direct).toHaveLength(SOCKETS + TIME_WAIT + LISTENERS)
    // Timers are not told by all answers of the kernel: these are the tables of /proc.
    const read = rowsOf(inside(...bin('mynetstat'), '-anto'))
    expect(direct).toEqual(read.map(row => row.replace(/ \w+ \(\S+\)$/, '')))
    expect(direct).toEqual(rowsOf(inside(...bin('mynetstat', plain), '-ant')))
  })

  test.each([
    ['in its own packages', () => ROOT, true],
    ['beside it', () => among, true],
    ['elsewhere', () => plain, false],
  ])('the library that asks is loaded where it is %s', (_, root, isLoaded) => {
    const trace = join(plain, 'trace')
    // Under sudo these may be folders of the user's.
    const lures = ['env', `NODE_PATH=${ROOT}node_modules`, `HOME=${lure}`]
    inside(...lures, 'strace', '-f', '-o', trace, '-e', 'trace=openat,socket', ...bin('mynetstat', root()), '-ant')
    const calls = readFileSync(trace, 'latin1')
    expect({ asked: calls.includes('NETLINK_SOCK_DIAG'), read: calls.includes('/proc/self/net/tcp"') }).toEqual({
      asked: isLoaded,
      read: !isLoaded,
    })
  })

  test('every socket has its owner, whichever thread found it', () => {
    const before = performance.now()
    const rows = rowsOf(inside(...bin('mynetstat'), '-antp'))
    expect(performance.now() - before).toBeLessThan(PATIENCE_MS)
    const held = rows.filter(row => !row.includes('TIME_WAIT'))
    expect(held).toHaveLength(SOCKETS + LISTENERS)
    const owners = new Map(load.facts.pids.map(pid => [`${pid}/python3`, 0]))
    for (const row of held) {
      const owner = row.split(' ').at(-1)!
      owners.set(owner, (owners.get(owner) ?? 0) + 1)
    }
    expect([...owners.values()]).toEqual(load.facts.pids.map(() => (SOCKETS + LISTENERS) / load.facts.pids.length))
  })

  test('whoever may read the tables may ask, too', () => {
    const user = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    expect(rowsOf(inside(...user, ...bin('mynetstat'), '-ant'))).toHaveLength(SOCKETS + TIME_WAIT + LISTENERS)
  })

  test('tw-stats counts the same either way, and as many as the kernel', () => {
    const totalsOf = (root?: string) =>
      (
        JSON.parse(inside(...bin('tw-stats', root), '--json').stdout) as {
          totals: { timeWait: number; sockstat: number }
        }
      ).totals
    // They last a minute, which the tests before must not have taken.
    expect(totalsOf()).toMatchObject({ timeWait: TIME_WAIT, sockstat: TIME_WAIT, finWait2: 0 })
    expect(totalsOf(plain)).toEqual(totalsOf())
  })

  // The last one: it may take longer than TIME_WAIT lasts.
  test(
    'two threads look for owners where a processor is free',
    async () => {
      const trace = join(plain, 'trace')
      const readers = () => {
        inside('strace', '-f', '-o', trace, '-e', 'trace=readlink', ...bin('mynetstat'), '-ltnp')
        const lines = readFileSync(trace, 'latin1')
          .split('\n')
          .filter(line => line.includes('"socket:['))
        return new Set(lines.map(line => line.split(' ', 1)[0])).size
      }
      // Whether one is free is a matter of the moment.
      expect(await until(() => isProcessorFree() && readers() === 2, FREE_MOMENT_MS)).toBe(true)
    },
    2 * FREE_MOMENT_MS,
  )
})
