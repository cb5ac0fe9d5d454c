import { machine } from 'node:os'
import { arch } from 'node:process'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCounter } from '../../src/syscalls/live/counter/run-counter.ts'
import { histogramTotal } from '../../src/syscalls/latency-histogram.ts'
import type { SyscallProfile, SyscallStats } from '../../src/syscalls/profile.ts'
import type { TraceTarget } from '../../src/syscalls/live/contract.ts'
import { syscallCounter } from '../../src/syscalls/live/counter/counter-program.ts'
import { findTool } from '../../src/children/find-tool.ts'
import { holdCommand } from '../../src/children/hold-command.ts'
import { needs } from '../support/needs.ts'
import { statusField, until } from '../support/until.ts'
import { background, buildKnownCalls, callsOf, trace } from './traced.ts'

const needed = needs('root', 'tracefs', 'gcc', 'bpftrace', 'strace', 'libbpf-tools', 'perf', 'ps')
/** The other tables are there on x86-64 only. */
const x64 = needs({ need: 'x86-64', isMet: () => arch === 'x64' })

/** What fixtures/programs/known-calls.c makes of the calls that nothing else in it makes. */
const KNOWN = {
  getppid: 10007,
  close: 1009,
  openat: 504,
  write: 2003,
  read: 307,
  sched_yield: 211,
  pause: 7,
  rt_sigreturn: 7,
  clock_nanosleep: 5,
  setitimer: 7,
  execve: 1,
}

const find = (profile: SyscallProfile, name: string, abi = 'native'): SyscallStats | undefined =>
  profile.syscalls.find(call => call.name === name && call.abi === abi)

describe('counts of a program that makes known calls', needed, () => {
  let program = ''
  beforeAll(() => {
    program = buildKnownCalls()
  })
  const command = (...words: string[]): TraceTarget => ({ kind: 'command', argv: [program, ...words] })

  test.each([['bpf'], ['strace']] as const)('%s counts every call', async backend => {
    const { profile, status } = await trace(backend, command())
    expect(callsOf(profile)).toMatchObject(KNOWN)
    expect(status).toBe(17)
  })

  test('syscount counts every call but rt_sigreturn, which it cannot see', async () => {
    const { profile, status } = await trace('syscount', command())
    const { rt_sigreturn: _, execve: __, openat, ...known } = KNOWN
    expect(callsOf(profile)).toMatchObject({ ...known, openat })
    expect(status).toBe(17)
  })

  test('perf names the calls and their errnos', async () => {
    const { profile, status } = await trace('perf', command())
    // It may lose records without a word, so no more than the truth and most of it.
    expect(find(profile, 'getppid')!.calls).toBeGreaterThan(5000)
    expect(find(profile, 'getppid')!.calls).toBeLessThanOrEqual(10007)
    expect(Object.keys(find(profile, 'close')!.errnos!)).toEqual(['EBADF'])
    expect(status).toBe(17)
  })

  test('bpf tells errnos, results, restarts and bytes exactly', async () => {
    const { profile } = await trace('bpf', command())
    expect(find(profile, 'close')).toMatchObject({ errors: 1009, errnos: { EBADF: 1009 } })
    expect(find(profile, 'openat')).toMatchObject({ errors: 503, errnos: { ENOENT: 503 } })
    expect(find(profile, 'read')).toMatchObject({ errors: 0, zeroResults: 307, transfer: { calls: 0, bytes: 0 } })
    expect(find(profile, 'write')!.transfer).toEqual({ calls: 2003, bytes: 2003, oneByteCalls: 2003 })
    // The kernel answers ERESTARTNOHAND, which only a tracer sees.
    expect(find(profile, 'pause')).toMatchObject({ errors: 0, restarts: 7 })
    expect(find(profile, 'rt_sigreturn')).toMatchObject({ errors: 0, errnos: {} })
    expect(profile.neverReturned).toEqual({ exit_group: 1 })
    expect(profile.inFlight).toEqual([])
  })

  test('bpf measures wall and system time, and its histograms hold every call', async () => {
    const { profile } = await trace('bpf', command())
    for (const call of profile.syscalls) {
      expect(histogramTotal(call.latency!), call.name).toBe(call.calls)
      expect(call.wall!.minNs! * call.calls, call.name).toBeLessThanOrEqual(call.wall!.totalNs)
      expect(call.wall!.maxNs! * call.calls, call.name).toBeGreaterThanOrEqual(call.wall!.totalNs)
      expect(call.system!.totalNs, call.name).toBeLessThanOrEqual(call.wall!.totalNs)
    }
    const sleep = find(profile, 'clock_nanosleep')!
    expect(sleep.wall!.minNs).toBeGreaterThanOrEqual(20e6)
    expect(sleep.system!.totalNs).toBeLessThan(0.5 * sleep.wall!.totalNs)
    const spin = find(profile, 'getppid')!
    expect(spin.system!.totalNs).toBeGreaterThan(0)
  })

  test('strace measures wall time with -w, system time without', async () => {
    const [wall, system] = [await trace('strace', command(), { wallOnly: true }), await trace('strace', command())].map(
      ({ profile }) => find(profile, 'clock_nanosleep')!,
    )
    expect(wall!.wall!.totalNs).toBeGreaterThanOrEqual(100e6)
    expect(wall!.system).toBeUndefined()
    expect(system!.system!.totalNs).toBeLessThan(100e6)
  })

  test.each([['bpf'], ['strace']] as const)('%s -f follows threads and children', async backend => {
    const threads = await trace(backend, command('threads'), { followChildren: true })
    expect(callsOf(threads.profile)['getppid']).toBe(3 * 1013)
    const children = await trace(backend, command('children'), { followChildren: true })
    expect(callsOf(children.profile)['getppid']).toBe(3 * 401)
  })

  test('without -f bpf counts all threads, and no children', async () => {
    expect(callsOf((await trace('bpf', command('threads'))).profile)['getppid']).toBe(3 * 1013)
    expect(callsOf((await trace('bpf', command('children'))).profile)['getppid']).toBeUndefined()
  })

  test.each([['bpf'], ['strace']] as const)('%s keeps threads apart where asked to', async backend => {
    const { profile } = await trace(backend, command('children'), { followChildren: true, byThread: true })
    const asked = profile.threads!.map(thread => thread.syscalls.find(call => call.name === 'getppid')?.calls)
    expect(asked.filter(calls => calls !== undefined)).toEqual([401, 401, 401])
    const leader = profile.threads!.find(thread => thread.execs.length > 0)!
    expect(leader.execs[0]!.argv.at(-1)).toBe('children')
    expect(profile.threads!.filter(thread => thread.parentId === leader.id)).toHaveLength(3)
  })

  test.each([['bpf'], ['strace']] as const)('%s counts only what -e asks for', async backend => {
    const only = await trace(backend, command(), { followChildren: true, expressions: ['trace=getppid,close'] })
    expect(callsOf(only.profile)).toEqual({ getppid: 10007, close: 1009 })
    const others = await trace(backend, command(), { expressions: ['trace=!getppid,close'] })
    expect(callsOf(others.profile)).toMatchObject({ openat: 504, write: 2003 })
    expect(callsOf(others.profile)).not.toHaveProperty('getppid')
  })

  test('bpf names 32-bit and x32 calls from their own tables', x64, async () => {
    const { profile } = await trace('bpf', command('compat'))
    expect(callsOf(profile, '32')).toEqual({ getpid: 23, getppid: 11 })
    expect(callsOf(profile, 'x32')).toEqual({ getpid: 13 })
    expect(callsOf(profile)['getpid']).toBe(19)
    // 20 and 64 mean writev and semget in the native table.
    expect(callsOf(profile)).not.toHaveProperty('writev')
    expect(callsOf(profile)).not.toHaveProperty('semget')
  })

  test('a call that was blocked before and still is, is in flight', async () => {
    const waiting = background(program, 'blocked')
    try {
      expect(await until(() => statusField(waiting.pid, 'State')?.startsWith('S') === true)).toBe(true)
      const { profile } = await trace('bpf', { kind: 'pids', pids: [waiting.pid] }, { durationMs: 300 })
      expect(profile.inFlight).toMatchObject([{ name: 'read', tid: waiting.pid, comm: 'known-calls' }])
    } finally {
      waiting.end()
    }
  })

  test('a call begun while we look is in flight with its age', async () => {
    const { profile, status } = await trace(
      'bpf',
      { kind: 'command', argv: ['sleep', '3'] },
      { durationMs: 500, intervalMs: 200 },
    )
    const [sleep] = profile.inFlight!
    expect(sleep!.name).toBe('clock_nanosleep')
    expect(sleep!.ageNs).toBeGreaterThan(100e6)
    expect(sleep!.ageNs).toBeLessThan(3e9)
    expect(status).toBe(0)
  })

  test.each([['bpf'], ['strace']] as const)('%s gives a growing profile each interval', async backend => {
    const busy = background(program, 'busy')
    try {
      const { profile, intervals } = await trace(
        backend,
        { kind: 'pids', pids: [busy.pid] },
        { intervalMs: 400 },
        { intervals: 3 },
      )
      const writes = [...intervals, profile].map(each => callsOf(each)['write'] ?? 0)
      expect(intervals.length).toBeGreaterThanOrEqual(3)
      expect(writes).toEqual(writes.toSorted((a, b) => a - b))
      expect(writes.at(-1)).toBeGreaterThan(writes[0]!)
    } finally {
      busy.end()
    }
  })

  test('a map that is too small is no secret', async () => {
    const held = await holdCommand([program])
    const counter = await runCounter({
      file: findTool(['bpftrace'])!,
      program: syscallCounter({
        target: { heldPid: held.pid },
        machine: machine(),
        followChildren: false,
        byThread: false,
        systemTime: false,
        ownPid: process.pid,
      }),
      keyLimit: 16,
      onTick() {},
      onThread() {},
    })
    held.release()
    await held.ended
    expect((await counter.finish()).mapFull).toBe(true)
  })

  test('--comm finds the process', async () => {
    const busy = background(program, 'busy')
    try {
      const named = await trace('bpf', { kind: 'comm', comm: 'known-calls' }, { durationMs: 500 })
      expect(callsOf(named.profile)['write']).toBeGreaterThan(100)
      expect(Object.keys(callsOf(named.profile)).toSorted()).toEqual(['read', 'write'])
    } finally {
      busy.end()
    }
  })
})
