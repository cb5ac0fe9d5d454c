import { spawn } from 'node:child_process'
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { errnoOf, MachineError, optional } from '../errors.ts'
import { parsePidStat } from '../processes/pid-stat.ts'
import { findTool } from './find-tool.ts'
import { passSignalsOn } from './signals.ts'

/**
 * A command of the user's: it has our stdin, stdout, stderr, terminal and process group, as if we were not there, and gets
 * the signals that we get.
 */
export interface TracedCommand {
  readonly pid: number
  /** Lets a held command go. */
  release(): void
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<CommandEnd>
}

export interface CommandEnd {
  exitCode: number | undefined
  signal: NodeJS.Signals | undefined
}

/** Stops itself and, once continued, becomes the command; `$0` is what a shell would call itself in messages. */
const HOLD = 'kill -STOP $$; exec "$@"'

/** How long a shell may take to stop itself: it only has to be started. */
const HELD_WITHIN_MS = 10_000

/**
 * Starts the command and stops it just before its exec, so that a tracer can be ready for its first call.
 *
 * The kernel kills it when we are gone before or after that, even by SIGKILL: a stopped process would stay for ever.
 */
export async function holdCommand(argv: readonly string[]): Promise<TracedCommand> {
  findCommand(argv[0]!)
  const command = await startCommand('/bin/sh', ['-c', HOLD, 'trace-syscalls', ...argv], {})
  const killHeld = () => command.signal('SIGKILL')
  process.once('exit', killHeld)
  const limit = performance.now() + HELD_WITHIN_MS
  while (stateOf(command.pid) !== 'T') {
    if (performance.now() > limit || stateOf(command.pid) === undefined) {
      killHeld()
      throw new MachineError('no-target', `${argv[0]} could not be held before its start`)
    }
    await new Promise(resolve => setTimeout(resolve, 1))
  }
  return {
    ...command,
    release() {
      process.removeListener('exit', killHeld)
      command.signal('SIGCONT')
    },
  }
}

/** Starts a program that is, or becomes, the user's command. */
export async function startCommand(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<TracedCommand> {
  const setpriv = findTool(['setpriv'])
  const [program, ...rest] =
    setpriv === undefined ? [file, ...args] : [setpriv, '--pdeathsig', 'KILL', '--', file, ...args]
  const child = spawn(program, rest, { stdio: 'inherit', env: { ...process.env, ...env } })
  const ended = new Promise<CommandEnd>(resolve =>
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined })),
  )
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error =>
      reject(new MachineError('no-target', `${file} could not be started: ${errnoOf(error)}`, { cause: error })),
    )
  })
  const stopPassing = passSignalsOn(name => void child.kill(name))
  void ended.then(stopPassing)
  return { pid: child.pid!, ended, release() {}, signal: name => void child.kill(name) }
}

/**
 * Where execvp(3) would find the command.
 *
 * @throws MachineError where there is none: no tracer could say more
 */
export function findCommand(name: string): string {
  const folders = name.includes('/') ? [''] : (process.env['PATH'] ?? '/bin:/usr/bin').split(delimiter)
  let obstacle = 'is no such file'
  for (const folder of folders) {
    const file = folder === '' ? name : join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      if (statSync(file).isFile()) return file
      obstacle = 'is no file that can be executed'
    } catch (error) {
      if (errnoOf(error) === 'EACCES') obstacle = 'may not be executed by this user'
    }
  }
  throw new MachineError(
    'no-target',
    name.includes('/') ? `${name} cannot be run: it ${obstacle}` : `${name} cannot be run: no folder of PATH has it`,
  )
}

/** The state letter of /proc/PID/stat; undefined where there is no such process. */
function stateOf(pid: number): string | undefined {
  return optional(() => parsePidStat(readFileSync(`/proc/${pid}/stat`))?.state)
}
