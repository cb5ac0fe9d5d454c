import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { LIBBPF_TOOLS } from '../../src/bpf/jobs/bcc-tools.ts'
import { needs } from '../support/needs.ts'
import { bpfLineErrors } from '../support/schemas.ts'
import { binPath } from '../support/paths.ts'
import { runAsNobody, runBin } from '../support/run.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

const NEEDED = ['root', 'tracefs', 'libbpf-tools', 'bpftrace', 'setpriv', 'ps'] as const
const needed = needs(...NEEDED)
const folder = temporaryFolder()

type Item = { type: string } & Record<string, unknown>

interface Run {
  child: ChildProcess
  /** All of stdout so far. */
  text(): string
  items(): Item[]
  /** Waits until an item is there. */
  until(what: (item: Item) => boolean): Promise<void>
  ended: Promise<{ status: number | null; items: Item[]; stderr: string }>
}

function linsight(...args: string[]): Run {
  const child = spawn(process.execPath, [binPath('linsight'), 'bpf', 'bcc', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk))
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk))
  const items = () =>
    stdout
      .split('\n')
      .slice(0, -1)
      .filter(line => line.startsWith('{'))
      .map(line => JSON.parse(line) as Item)
  const ended = new Promise<{ status: number | null; items: Item[]; stderr: string }>(resolve =>
    child.on('close', status => resolve({ status, items: items(), stderr })),
  ).then(run => {
    if (args.includes('--json')) expect(bpfLineErrors(run.items, true)).toEqual([])
    return run
  })
  return {
    child,
    text: () => stdout,
    items,
    async until(what) {
      while (!items().some(what)) {
        if (child.exitCode !== null) throw new Error(`it ended early: ${stdout.slice(-300)} ${stderr}`)
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    },
    ended,
  }
}

const rowsOf = (items: Item[]) => items.filter(item => item.type === 'row')
const summaryOf = (items: Item[]) => items.at(-1)!

describe('tools of the machine', needed, () => {
  test('the tools are installed', () => {
    for (const tool of ['execsnoop', 'opensnoop', 'runqlat', 'biotop', 'vfsstat'])
      expect(
        existsSync(`/usr/sbin/${tool}`) || existsSync(`/usr/sbin/${tool}-libbpf`),
        `${tool} of the package libbpf-tools`,
      ).toBe(true)
  })

  test('execsnoop: a known prime number of programs, each with its arguments', async () => {
    const PRIME = 17
    const mark = `linsight ${process.pid} \u001b[2J\u202e`
    const run = linsight('--json', 'execsnoop', '-n', 'true')
    // The header comes before the probes; only a row shows that they are there.
    const probe = setInterval(() => spawnSync('/bin/true', ['attached?']), 50)
    await run.until(item => item.type === 'row')
    clearInterval(probe)
    for (let i = 0; i < PRIME; i += 1) spawnSync('/bin/true', [mark, `number ${i}`])
    await run.until(item => item.type === 'row' && String(item['args']).includes(`number ${PRIME - 1}`))
    run.child.kill('SIGINT')
    const { status, items } = await run.ended
    expect(status).toBe(0)
    const mine = rowsOf(items).filter(row => String(row['args']).includes(`linsight ${process.pid} `))
    expect(mine).toHaveLength(PRIME)
    expect(mine[3]).toMatchObject({
      pcomm: 'true',
      ppid: process.pid,
      ret: 0,
      args: `/bin/true linsight ${process.pid} \\x1b[2J\\u202e number 3`,
    })
    expect(run.text()).not.toMatch(/[\u001b\u202e]/)
    expect(summaryOf(items)).toMatchObject({
      type: 'summary',
      tool: 'execsnoop',
      family: 'libbpf',
      lostAtLeast: 0,
      warnings: [],
    })
  })

  test('a task whose name is an escape sequence does not reach the terminal raw', async () => {
    const hostile = join(folder, '\u001b[31mevil x')
    symlinkSync('/bin/true', hostile)
    const run = linsight('execsnoop')
    const probe = setInterval(() => spawnSync(hostile), 50)
    while (!run.text().includes('evil x')) await new Promise(resolve => setTimeout(resolve, 50))
    clearInterval(probe)
    run.child.kill('SIGINT')
    expect((await run.ended).status).toBe(0)
    expect(run.text()).toContain('\\x1b[31mevil x')
    expect(run.text()).not.toContain('\u001b')
  })

  test('five interrupts in a row are one: the histogram at the end is there', async () => {
    const run = linsight('--json', 'runqlat')
    await run.until(item => item.type === 'note')
    await new Promise(resolve => setTimeout(resolve, 700))
    for (let i = 0; i < 5; i += 1) {
      run.child.kill('SIGINT')
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    const { status, items } = await run.ended
    expect(status).toBe(0)
    const [histogram] = items.filter(item => item.type === 'histogram') as (Item & { buckets: { count: number }[] })[]
    expect(histogram).toMatchObject({ unit: 'usecs' })
    expect(histogram!.buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBeGreaterThan(0)
  })

  test('--record and replay: the same rows', async () => {
    const file = join(folder, 'syscount.rec')
    const { status, items } = await linsight('--json', '--record', file, 'syscount', '-d', '1', '-T', '3').ended
    expect(status).toBe(0)
    expect(rowsOf(items)).toHaveLength(3)
    const { stdout } = runBin('linsight', ['bpf', 'replay', file, '--json'])
    const again = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Item)
    expect(again.slice(0, -1)).toEqual(items.slice(0, -1))
    expect(again.at(-1)).toEqual({ ...items.at(-1), source: file })
  })

  test('--duration ends it, rows come as they happen', async () => {
    const run = linsight('--json', '--duration', '2s', 'opensnoop', '-p', String(process.pid))
    const { status, items } = await run.ended
    expect(status).toBe(0)
    expect(summaryOf(items)['durationMs']).toBeGreaterThan(1500)
    expect(summaryOf(items)['durationMs']).toBeLessThan(15_000)
  })

  test('SIGKILL of linsight leaves no tool behind', async () => {
    const run = linsight('--json', 'tcpstates')
    await run.until(item => item.type === 'header')
    const [tool] = spawnSync('ps', ['-o', 'pid=', '--ppid', String(run.child.pid)], { encoding: 'utf8' })
      .stdout.trim()
      .split(/\s+/)
    expect(Number(tool)).toBeGreaterThan(0)
    run.child.kill('SIGKILL')
    expect(await until(() => !existsSync(`/proc/${tool}`), 2000)).toBe(true)
  })

  test.each<[string[], number, RegExp]>([
    [['no-such-tool'], 3, /there is no libbpf-tool, BCC tool or bpftrace script called no-such-tool here/],
    [['../../bin/id'], 3, /there is no/],
    [['execsnoop', '--no-such-option'], 2, /execsnoop could not start: it refuses its arguments/],
    [[], 2, /no TOOL given/],
    [['--duration', '0', 'execsnoop'], 2, /duration/],
  ])('%j ends with %i', async (args, expected, message) => {
    const { status, stderr } = await linsight(...args).ended
    expect(stderr).toMatch(message)
    expect(status).toBe(expected)
  })

  test('every word reaches the tool in its place, however often it comes', async () => {
    const words = ['-p', '1', '-u', '1', '-d', '1']
    const { status, items } = await linsight('--json', 'opensnoop', ...words).ended
    expect(status).toBe(0)
    expect(summaryOf(items)['args']).toEqual(words)
  })

  test('the help of the tool stands behind --', async () => {
    const run = linsight('tcplife', '--', '--help')
    await run.ended
    expect(run.text()).toMatch(/Trace the lifespan of TCP sessions/i)
  })

  test('without root: what is missing, not a stack of errors', () => {
    const { status, stderr } = runAsNobody('linsight', ['bpf', 'bcc', 'execsnoop'])
    expect(stderr).toMatch(/execsnoop .* was not started because it cannot attach here: user 65534 is not root/)
    expect(status).toBe(3)
  })
})

/** What `linsight bpf …` says of this machine, as JSON. */
const told = (...args: string[]): unknown => JSON.parse(runBin('linsight', ['bpf', ...args, '--json']).stdout)

const withoutKprobes = needs(...NEEDED, {
  need: 'a kernel without kprobes',
  isMet: () => (told('doctor') as { works: Record<string, string> }).works['kprobe'] !== 'yes',
})

describe('tools that cannot attach', withoutKprobes, () => {
  test('what cannot attach is replaced by the job that answers the same', async () => {
    const run = linsight('--json', '--duration', '1s', 'tcpconnect', '-p', String(process.pid))
    const { status, items } = await run.ended
    expect(status).toBe(0)
    expect(items[0]).toMatchObject({
      type: 'replaced',
      job: 'tcpconnect',
      message: expect.stringContaining('cannot attach here'),
    })
    expect(items.at(-1)).toMatchObject({ type: 'summary' })
    expect(items.some(item => item.type === 'start' && item['job'] === 'tcpconnect')).toBe(true)
  })

  test.each<[string[], RegExp]>([
    [['vfsstat'], /linsight bpf run syscount comes nearest to it and works here/],
    [['tcpconnect', '-t'], /linsight bpf run tcpconnect answers the same and works here/],
    [['--force', 'biotop'], /biotop could not start: it probes functions of the kernel/],
    [['--force', '--duration', '1s', 'vfscount.bt'], /vfscount could not start: /],
  ])('%j ends with 5', async (args, message) => {
    const { status, stderr } = await linsight(...args).ended
    expect(stderr).toMatch(message)
    expect(status).toBe(5)
  })
})

/** No section of a binary tells of these: arguments they want, a field the kernel has no more, a crash at the start. */
const BEYOND_SECTIONS = new Set([
  'javagc',
  'runqlen',
  'profile',
  'bindsnoop',
  'fsdist',
  'fsslower',
  'funclatency',
  'ksnoop',
  'mdflush',
  'zfsslower',
])

describe('what is predicted is what happens', needed, () => {
  test('for every libbpf-tool that is installed', async () => {
    const { entries } = told('list', '--all') as {
      entries: { backends: { name: string; family: string; works: string }[] }[]
    }
    const predicted = new Map(
      entries.flatMap(entry =>
        entry.backends.filter(({ family }) => family === 'libbpf').map(({ name, works }) => [name, works] as const),
      ),
    )
    expect([...predicted.keys()].filter(name => !LIBBPF_TOOLS.includes(name))).toEqual([])
    expect(predicted.size).toBeGreaterThan(55)
    const queue = [...predicted.keys()].filter(name => !BEYOND_SECTIONS.has(name))
    const wrong: string[] = []
    const worker = async () => {
      for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
        const { status, stderr } = await linsight('--force', '--duration', '1s', name).ended
        const attached = status === 0
        if (attached !== (predicted.get(name) === 'yes'))
          wrong.push(`${name}: predicted ${predicted.get(name)}, ended with ${status}: ${stderr}`)
      }
    }
    await Promise.all([worker(), worker(), worker()])
    expect(wrong).toEqual([])
  }, 180_000)
})
