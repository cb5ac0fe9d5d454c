import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { BackendChoice, TraceLiveOptions, TraceLiveResult } from '../../src/syscalls/live/contract.ts'
import { traceLive } from '../../src/syscalls/live/trace-live.ts'
import type { SyscallProfile } from '../../src/syscalls/profile.ts'
import type { Warning } from '../../src/warnings.ts'
import { fixture } from '../support/paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Builds fixtures/programs/known-calls.c. */
export function buildKnownCalls(): string {
  const program = join(temporaryFolder(), 'known-calls')
  execFileSync('gcc', ['-O1', '-static', '-pthread', '-o', program, fixture('programs/known-calls.c')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  return program
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

/** Pids whose command line contains the text. */
export function pidsWith(text: string): number[] {
  return execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'latin1' })
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter(match => match !== null && !match[2]!.startsWith('Z') && match[3]!.includes(text))
    .map(match => Number(match![1]))
}
