import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BackendChoice, TraceLiveOptions, TraceLiveResult } from '../../src/syscalls/live/contract.ts'
import { traceLive } from '../../src/syscalls/live/trace-live.ts'
import type { SyscallProfile } from '../../src/syscalls/profile.ts'
import type { Warning } from '../../src/warnings.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
export const TRACE_SYSCALLS = `${ROOT}bin/trace-syscalls.cjs`

/** Builds fixtures/programs/known-calls.c; `remove` deletes it again. */
export function buildKnownCalls(): { program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'known-calls-'))
  const program = join(folder, 'known-calls')
  execFileSync('gcc', ['-O1', '-static', '-pthread', '-o', program, join(ROOT, 'fixtures/programs/known-calls.c')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return { program, remove: () => rmSync(folder, { recursive: true }) }
}

export interface Traced extends TraceLiveResult {
  remarks: Warning[]
  intervals: SyscallProfile[]
}

export async function trace(
  backend: BackendChoice,
  target: TraceLiveOptions['target'],
  more: Partial<TraceLiveOptions> = {},
  stopAfter: { intervals: number } = { intervals: Infinity },
): Promise<Traced> {
  const remarks: Warning[] = []
  const intervals: SyscallProfile[] = []
  const stop = new AbortController()
  const result = await traceLive(
    {
      target,
      backend,
      followChildren: false,
      wallOnly: false,
      expressions: [],
      byThread: false,
      needsLog: false,
      ...more,
    },
    {
      interval(profile) {
        if (intervals.push(profile) === stopAfter.intervals) stop.abort()
      },
      remark: remark => void remarks.push(remark),
    },
    stop.signal,
  )
  return { ...result, remarks, intervals }
}

/** Calls by name, of the machine's own table. */
export function callsOf(profile: SyscallProfile, abi = 'native'): Record<string, number> {
  return Object.fromEntries(profile.syscalls.filter(call => call.abi === abi).map(call => [call.name, call.calls]))
}

/** A program in the background, ended with the test. */
export function background(program: string, ...args: string[]): { child: ChildProcess; pid: number; end(): void } {
  const child = spawn(program, args, { stdio: 'ignore' })
  return { child, pid: child.pid!, end: () => void child.kill('SIGKILL') }
}

export async function until(condition: () => boolean, limitMs = 15_000): Promise<boolean> {
  const end = performance.now() + limitMs
  while (performance.now() < end) {
    if (condition()) return true
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  return condition()
}

export function statusField(pid: number, key: string): string | undefined {
  try {
    return new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}

/** Whether the process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  const state = statusField(pid, 'State')
  return state !== undefined && !state.startsWith('Z')
}

/** Pids whose command line contains the text. */
export function pidsWith(text: string): number[] {
  return execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'latin1' })
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter(match => match !== null && !match[2]!.startsWith('Z') && match[3]!.includes(text))
    .map(match => Number(match![1]))
}
