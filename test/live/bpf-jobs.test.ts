import { mkdtempSync, rmSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { needs } from '../support/needs.ts'
import { ROOT } from '../support/paths.ts'
import { traceLoad, type Line } from './bpf-live.ts'

const needed = needs('root', 'tracefs', 'bpftrace', 'python3')
// On the disk of the checkout: the temporary folder may be in memory, where no request reaches a disk.
const folder = needed.skip === true ? '' : mkdtempSync(`${ROOT}.load-`)
afterAll(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true })
})

const events = (lines: readonly Line[]) => lines.filter(line => line.type === 'event')
const final = (lines: readonly Line[]) => lines.filter(line => line['final'] === true)
const rows = (lines: readonly Line[]) => final(lines).flatMap(line => line['rows'] as Record<string, unknown>[])
const total = (lines: readonly Line[], match: Record<string, unknown> = {}) =>
  final(lines)
    .filter(line => Object.entries(match).every(([key, value]) => line[key] === value))
    .reduce((sum, line) => sum + Number(line['total']), 0)

describe('jobs count what happened', needed, () => {
  test.each([
    ['opensnoop', 'open', 97, (e: Line, path: string) => e['path'] === path && typeof e['fd'] === 'number'],
    ['statsnoop', 'stat', 89, (e: Line, path: string) => e['path'] === path && e['error'] === undefined],
    ['killsnoop', 'signal', 19, (e: Line) => e['signal'] === 'SIGUSR1' && e['targetPid'] === e['pid']],
    ['tcpconnect', 'tcp', 31, (e: Line) => e['raddr'] === '127.0.0.1'],
    ['tcpaccept', 'tcp', 31, (e: Line) => e['laddr'] === '127.0.0.1' && Number(e['rport']) > 0],
    [
      'tcplife',
      'tcp',
      62,
      (e: Line) => Number(e['durationNs']) > 0 && Number(e['txBytes']) + Number(e['rxBytes']) >= 1000,
    ],
    ['tcpstates', 'tcp', 62, (e: Line) => e['newState'] === 'CLOSE'],
    ['tcprst', 'refused', 7, (e: Line) => e['direction'] === 'in'],
    [
      'gethostlatency',
      'lookup',
      17,
      (e: Line) => String(e['host']).startsWith('127.0.0.') && Number(e['durationNs']) > 0,
    ],
    ['biosnoop', 'direct', 29, (e: Line) => String(e['operation']).startsWith('W') && e['bytes'] === 4096],
  ])('%s: %s', async (job, kind, expected, match) => {
    const count = kind === 'tcp' ? 31 : expected
    const { lines, pid, said, summary, status } = await traceLoad([job], kind, count, { folder })
    const found = events(lines).filter(event => event['pid'] === pid && match(event, said.path))
    expect(found).toHaveLength(expected)
    expect(summary).toMatchObject({ type: 'summary', lostAtLeast: 0, endedBy: 'interrupt', warnings: [] })
    expect(status).toBe(0)
  })

  test.each([
    ['execsnoop', 'exec', 13, (e: Line) => String((e['args'] as string[])[1]).startsWith('argument ')],
    ['exitsnoop', 'exit', 13, (e: Line) => e['status'] === 3 && Number(e['ageNs']) > 0],
  ])('%s: children of the workload', async (job, kind, count, match) => {
    const { lines, pid } = await traceLoad([job], kind, count, { byPid: false })
    expect(events(lines).filter(event => event['ppid'] === pid && match(event))).toHaveLength(count)
  })

  test('syscount: calls, time, nothing else of that name', async () => {
    const { lines } = await traceLoad(['syscount'], 'getppid', 499)
    expect(rows(lines).find(row => row['syscall'] === 'getppid')).toMatchObject({ calls: 499 })
  })

  test('syslat: one histogram for each call', async () => {
    expect(total((await traceLoad(['syslat'], 'getppid', 499)).lines, { syscall: 'getppid' })).toBe(499)
  })

  test('fsynclat', async () => {
    expect(total((await traceLoad(['fsynclat'], 'fsync', 23, { folder })).lines, { call: 'fsync' })).toBe(23)
  })

  test('biolatency', async () => {
    // Metadata may be written besides, never less than the blocks themselves.
    const found = total((await traceLoad(['biolatency'], 'direct', 29, { folder })).lines)
    expect(found).toBe(29)
  })

  test('filetop: reads of one descriptor, with the name of its file', async () => {
    const { lines, pid, said } = await traceLoad(['filetop', '--interval', '1'], 'read', 97)
    const row = rows(lines).find(candidate => candidate['reads'] === 97)
    expect(row).toMatchObject({ pid, reads: 97, readBytes: 97 })
    expect([said.path, undefined]).toContain(row?.['file'])
  })

  test('pagefaults: every page touched, and no more than the process knows of', async () => {
    const { lines, pid, said } = await traceLoad(['pagefaults'], 'touch', 1009)
    const faults = Number(rows(lines).find(row => row['pid'] === pid)?.['faults'])
    expect(faults).toBeGreaterThanOrEqual(1009)
    // Reading the line and printing the answer fault, too.
    expect(faults).toBeLessThanOrEqual(said.faults + 64)
  })

  test('tcpretrans: a SYN nobody answers is sent again after a second', async () => {
    const { lines, pid } = await traceLoad(['tcpretrans'], 'retransmit', 7)
    const found = events(lines).filter(event => event['pid'] === pid && event['state'] === 'SYN_SENT')
    expect(new Set(found.map(event => event['lport'])).size).toBe(7)
    expect(found).toHaveLength(7)
  })

  test.each(['runqlat', 'cpudist'])('%s: as many as the sleeps, and those forced on it', async job => {
    const found = total((await traceLoad([job], 'sleep', 101)).lines)
    // The kernel passes a program over while bpftrace reads maps on the same CPU: some of the sleeps may be missing.
    expect(found).toBeGreaterThanOrEqual(85)
    expect(found).toBeLessThan(101 + 400)
  })

  test('offcputime: the sleeps are in it, with their kernel stack', async () => {
    const { lines, pid } = await traceLoad(['offcputime'], 'sleep', 101)
    const stacks = final(lines).flatMap(line => line['stacks'] as { pid: number; weight: number; kernel: string[] }[])
    const asleep = stacks.filter(stack => stack.pid === pid && stack.kernel.some(frame => frame.includes('nanosleep')))
    expect(asleep.reduce((sum, stack) => sum + stack.weight, 0)).toBeGreaterThanOrEqual(101 * 2000)
    expect(asleep.every(stack => !stack.kernel.at(-1)!.startsWith('__traceiter'))).toBe(true)
  })

  test('profile: 99 samples for each second of CPU', async () => {
    const { lines, pid } = await traceLoad(['profile'], 'spin', 97)
    const stacks = final(lines).flatMap(line => line['stacks'] as { pid: number; weight: number }[])
    const samples = stacks.filter(stack => stack.pid === pid).reduce((sum, stack) => sum + stack.weight, 0)
    // 0.97 s of spinning; less where other processes take the CPU meanwhile.
    expect(samples).toBeGreaterThan(30)
    expect(samples).toBeLessThan(200)
  })
})
