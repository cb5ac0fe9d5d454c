import { spawnSync } from 'node:child_process'
import { binPath } from './paths.ts'

export interface Output {
  status: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  /** Added to our own environment; `undefined` takes a variable away. */
  env?: NodeJS.ProcessEnv
  input?: string | Buffer
  /** `latin1` for byte strings: one character a byte. */
  encoding?: 'utf8' | 'latin1'
  cwd?: string
  /** A minute where absent. */
  timeoutMs?: number
}

/** Runs a program to its end, without a terminal. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Output {
  const { env, input = '', encoding = 'utf8', cwd, timeoutMs = 60_000 } = options
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    env: { ...process.env, LINSIGHT_FROM: undefined, ...env },
    input,
    encoding,
    cwd,
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutMs,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

/** Runs one of our bins to its end. */
export const runBin = (bin: string, args: readonly string[], options?: RunOptions): Output =>
  run(process.execPath, [binPath(bin), ...args], options)

/** The same as a user who may nothing; needs root and setpriv. */
export const runAsNobody = (bin: string, args: readonly string[], options?: RunOptions): Output =>
  run('setpriv', [...NOBODY, process.execPath, binPath(bin), ...args], options)

/** Arguments of setpriv. */
export const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'] as const
