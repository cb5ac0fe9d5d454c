import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { errnoOf, MachineError, optional } from '../errors.ts'
import { parsePidStat } from '../processes/pid-stat.ts'
import { findCommand, findTool } from './find-tool.ts'
import { passSignalsOn } from './signals.ts'

/**
 * A command of the user's: it has our stdin, stderr, terminal and process group, as if we were not there, and gets the
 * signals that we get. It never outlives us, not even when we are killed by SIGKILL.
 */
export interface TracedCommand {
  readonly pid: number
  signal(name: NodeJS.Signals): void
  readonly ended: Promise<CommandEnd>
}

/** A command that has its pid already and has not begun. */
export interface HeldCommand extends TracedCommand {
  /** Lets it begin. */
  release(): void
  /** Ends it: by SIGKILL while it is held, by SIGTERM once it has begun. */
  end(): void
}

export interface CommandEnd {
  exitCode: number | undefined
  signal: NodeJS.Signals | undefined
}

export interface CommandStyle {
  /** Where the command prints; `stderr` where stdout holds our results. */
  stdout?: 'stdout' | 'stderr'
  /** Added to our environment. */
  env?: Readonly<Record<string, string>>
}

/** Stops itself and, once continued, becomes the command; `$0` is what a shell would call itself in messages. */
const HOLD = 'kill -STOP $$; exec "$@"'

/** How long a shell may take to stop itself: it only has to be started. */
const HELD_WITHIN_MS = 10_000

/**
 * Starts the command and stops it just before its exec, so that a tracer can be ready for its first call. The command's
 * words are arguments of the shell that becomes it, never its text.
 *
 * @throws MachineError `no-target` where there is no such command
 */
export async function holdCommand(argv: readonly string[], style: CommandStyle = {}): Promise<HeldCommand> {
  findCommand(argv[0]!)
  const { child, command } = await start('/bin/sh', ['-c', HOLD, 'linsight', ...argv], style)
  let held = true
  // Where we fail before the command begins, it must not keep us running.
  child.unref()
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
      held = false
      child.ref()
      process.removeListener('exit', killHeld)
      command.signal('SIGCONT')
    },
    end: () => command.signal(held ? 'SIGKILL' : 'SIGTERM'),
  }
}

/** Starts a program that is, or becomes, the user's command. */
export async function startCommand(
  file: string,
  args: readonly string[],
  style: CommandStyle = {},
): Promise<TracedCommand> {
  return (await start(file, args, style)).command
}

async function start(
  file: string,
  args: readonly string[],
  { stdout = 'stdout', env = {} }: CommandStyle,
): Promise<{ child: ChildProcess; command: TracedCommand }> {
  const setpriv = findTool(['setpriv'])
  const [program, ...rest] =
    setpriv === undefined ? [file, ...args] : [setpriv, '--pdeathsig', 'KILL', '--', file, ...args]
  const child = spawn(program, rest, {
    stdio: ['inherit', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<CommandEnd>(resolve =>
    child.once('exit', (code, signal) => resolve({ exitCode: code ?? undefined, signal: signal ?? undefined })),
  )
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error =>
      reject(new MachineError('no-target', `${file} could not be started: ${errnoOf(error)}`, { cause: error })),
    )
  })
  guard(child)
  const stopPassing = passSignalsOn(name => void child.kill(name))
  void ended.then(stopPassing)
  return { child, command: { pid: child.pid!, ended, signal: name => void child.kill(name) } }
}

/** Waits for the end of its input, which our death is too. */
const GUARD = 'read -r _; kill -KILL "$1"'

/**
 * Kills the child when we die. The death signal that setpriv sets does so too, and sooner, but the kernel takes it away
 * from a program that is set-user-ID or has capabilities of its own. Source: PR_SET_PDEATHSIG(2const).
 */
function guard(child: ChildProcess): void {
  const watcher = spawn('/bin/sh', ['-c', GUARD, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C is not meant for it.
    detached: true,
  })
  watcher.on('error', () => {})
  watcher.stdin.on('error', () => {})
  child.once('exit', () => void watcher.kill('SIGKILL'))
  // What keeps us running is the command.
  watcher.unref()
  ;(watcher.stdin as unknown as { unref(): void }).unref()
}

/** The state letter of /proc/PID/stat; undefined where there is no such process. */
function stateOf(pid: number): string | undefined {
  return optional(() => parsePidStat(readFileSync(`/proc/${pid}/stat`))?.state)
}
