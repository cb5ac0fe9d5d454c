import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { MachineError } from '../errors.ts'
import { findTool, isExecutableFile } from './find-tool.ts'

/** A command that has its pid already and has not begun. */
export interface HeldCommand {
  readonly pid: number
  /** Lets it begin. */
  release(): void
  /** Ends it, begun or not. */
  kill(): void
  readonly ended: Promise<{ exitCode: number | undefined; signal: NodeJS.Signals | undefined }>
}

/**
 * Waits for a line on descriptor 3, then becomes the command: same pid. The command's words are arguments of the shell,
 * never its text; without the line (we died) it ends.
 */
const GATE = 'IFS= read -r go <&3 && exec 3<&- && exec "$@"'

/**
 * Prepares a command so that it can be traced from its first instruction: its pid is known before it begins. It has our
 * stdin; what it prints goes to our stderr, because stdout holds the results.
 *
 * @throws MachineError `no-target` where there is no such command
 */
export function holdCommand(words: readonly string[]): HeldCommand {
  const [name = '', ...args] = words
  const file = name.includes('/') ? (isExecutableFile(name) ? name : undefined) : findTool([name])
  if (file === undefined)
    throw new MachineError('no-target', `the command ${name} cannot be started: it is not on the PATH`)
  const child = spawn('/bin/sh', ['-c', GATE, 'sh', file, ...args], { stdio: ['inherit', 2, 2, 'pipe'] })
  const gate = child.stdio[3] as Writable
  gate.on('error', () => {})
  const ended = new Promise<Awaited<HeldCommand['ended']>>(resolve =>
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined })),
  )
  return {
    pid: child.pid!,
    release: () => void gate.end('go\n'),
    kill: () => void child.kill('SIGTERM'),
    ended,
  }
}
