import type { ChildProcess } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { constants } from 'node:os'
import { errnoOf, MachineError } from '../errors.ts'
import { findTool, isExecutableFile } from './find-tool.ts'
import { headAndTail } from './head-and-tail.ts'
import { splitLines } from '../proc/line-splitter.ts'
import { endWithUs, signalGroup, stopper, type Stopper, type StopState } from './stop-child.ts'

/** After the exit of the tool: how long its output may stay silent and open (held by a grandchild) before we go on. */
const OUTPUT_SILENCE_MS = 500

export interface ToolCall {
  /** Absolute path, see {@link findTool}. */
  file: string
  /** Handed over as they are: no shell, no splitting. */
  args: readonly string[]
  /** Text for the tool's stdin (a program, which may name the tool's own pid); `inherit`: ours. Absent: /dev/null. */
  stdin?: { text: string | ((pid: number) => string) } | 'inherit' | undefined
  /** Added to our own environment and LC_ALL=C. */
  env?: Readonly<Record<string, string>> | undefined
  /** The descriptor the records come on. With 3 the tool's stdout is ours, so that a command it runs can print. */
  recordsOn?: 1 | 3 | undefined
  /** `inherit` lets stderr pass through to ours instead of keeping it. */
  stderr?: 'keep' | 'inherit' | undefined
  /** What the kernel sends the tool when we die, even of SIGKILL. SIGKILL where absent: nobody is left to read. */
  deathSignal?: 'SIGKILL' | 'SIGTERM' | 'SIGINT' | undefined
  /** Who gets the one SIGINT: the tool alone (default), or all of its process group, as with Ctrl-C on a terminal. */
  interrupt?: 'tool' | 'group' | undefined
  /** Raw records, as they arrive; the buffer may be kept. */
  onChunk?: ((chunk: Buffer) => void) | undefined
  /** Records line by line, as byte strings (see {@link splitLines}). */
  onLine?: ((line: string) => void) | undefined
  /** Lines of stderr, as byte strings. */
  onStderrLine?: ((line: string) => void) | undefined
}

export interface ToolResult {
  /** Absent when a signal ended the tool. Not to be trusted alone: tracers say 0 after most failures. */
  exitCode: number | undefined
  signal: NodeJS.Signals | undefined
  /** Byte string; the middle of a very long one is left out and said so. */
  stderr: string
  durationMs: number
  /** From the SIGINT to the exit; absent where nobody asked it to stop. */
  stopMs: number | undefined
  /** How hard it had to be asked: our SIGINT, the SIGTERM after the deadline, the SIGKILL after that. */
  endedBy: 'itself' | 'interrupt' | 'terminate' | 'kill'
}

export interface RunningTool extends Stopper {
  readonly pid: number
  /** Resolves when the tool is gone and all its output was handed out. Rejects with what a callback threw. */
  readonly ended: Promise<ToolResult>
}

/**
 * Starts a tool as a child in its own process group, so that Ctrl-C on the terminal reaches us alone and we decide what
 * the tool is told. Where setpriv(1) exists the kernel ends the tool when we are gone. Resolves once it runs.
 *
 * execa starts it; how it ends is decided here, because execa signals one process and never its group and leaves a
 * detached child running when its parent exits.
 *
 * @throws MachineError `tool-missing` or `not-permitted` where the tool cannot be started
 */
export async function startTool(call: ToolCall): Promise<RunningTool> {
  if (!isExecutableFile(call.file)) throw spawnError(call.file, existsSync(call.file) ? 'EACCES' : 'ENOENT')
  const startedAt = performance.now()
  const stop: StopState = {}
  const { execa } = await import('execa')
  const [file, args] = commandLine(call)
  const child: ChildProcess = execa(file, args, {
    detached: true,
    env: { LC_ALL: 'C', ...call.env },
    stdio: stdioOf(call),
    // Output is taken raw as it comes, and ending the tool is ours: all of its group, once, in an order of our own.
    buffer: false,
    encoding: 'buffer',
    cleanup: false,
    reject: false,
  })
  const ended = new Promise<ToolResult>((resolve, reject) => observe(child, call, { startedAt, stop }, resolve, reject))
  // Whoever only wants the exit may come late; a rejection before that is not unhandled.
  ended.catch(() => {})
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error => reject(spawnError(call.file, errnoOf(error))))
  })
  const pid = child.pid!
  endWithUs(child)
  if (typeof call.stdin === 'object') {
    // A tool that ends before it has read its program says why on stderr; the broken pipe adds nothing.
    child.stdin!.on('error', () => {})
    const { text } = call.stdin
    child.stdin!.end(typeof text === 'string' ? text : text(pid), 'latin1')
  }
  return { pid, ended, ...stopper(child, call.interrupt ?? 'tool', stop) }
}

const SIGNAL_NAMES = { SIGKILL: 'KILL', SIGTERM: 'TERM', SIGINT: 'INT' } as const
let setpriv: string | undefined | null = null

/** The tool behind setpriv(1), which becomes the tool by exec: same pid, nothing in between. */
function commandLine(call: ToolCall): [string, string[]] {
  if (setpriv === null) {
    const found = findTool(['setpriv'])
    // The setpriv of busybox has no --pdeathsig.
    setpriv = found !== undefined && realpathSync(found).endsWith('/busybox') ? undefined : found
  }
  if (setpriv === undefined) return [call.file, [...call.args]]
  return [setpriv, ['--pdeathsig', SIGNAL_NAMES[call.deathSignal ?? 'SIGKILL'], '--', call.file, ...call.args]]
}

type Stream = 'ignore' | 'inherit' | 'pipe'

function stdioOf(call: ToolCall): [Stream, Stream, Stream, ...Stream[]] {
  const stdin = call.stdin === undefined ? 'ignore' : call.stdin === 'inherit' ? 'inherit' : 'pipe'
  const stderr = call.stderr === 'inherit' ? 'inherit' : 'pipe'
  return call.recordsOn === 3 ? [stdin, 'inherit', stderr, 'pipe'] : [stdin, 'pipe', stderr]
}

function spawnError(file: string, code: string): MachineError {
  return code === 'EACCES' || code === 'EPERM'
    ? new MachineError('not-permitted', `${file} could not be started: this user may not execute it`)
    : new MachineError('tool-missing', `${file} could not be started: ${code}`)
}

/** Hands out the output and settles when the tool has exited and its output is through. */
function observe(
  child: ChildProcess,
  call: ToolCall,
  { startedAt, stop }: { startedAt: number; stop: StopState },
  resolve: (result: ToolResult) => void,
  reject: (error: unknown) => void,
): void {
  const records = child.stdio[call.recordsOn ?? 1] as Readable | null
  const errors = child.stderr
  const kept = headAndTail()
  const lines = call.onLine && splitLines(call.onLine)
  const errorLines = call.onStderrLine && splitLines(call.onStderrLine)
  let arrived = 0
  const guard =
    <T>(use: (value: T) => void) =>
    (value: T) => {
      arrived += 1
      try {
        use(value)
      } catch (error) {
        if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
        reject(error)
      }
    }
  records?.on(
    'data',
    guard((chunk: Buffer) => {
      call.onChunk?.(chunk)
      lines?.push(chunk)
    }),
  )
  errors?.on(
    'data',
    guard((chunk: Buffer) => {
      kept.push(chunk.toString('latin1'))
      errorLines?.push(chunk)
    }),
  )
  child.once('exit', () => {
    const exitedAt = performance.now()
    // A grandchild may hold the pipes open for ever. What the tool itself wrote is in them already.
    let seen = arrived
    const wait = () =>
      setTimeout(() => {
        // Timers run before pending input is read: look again after it was.
        setImmediate(() => {
          if (arrived === seen) {
            records?.destroy()
            errors?.destroy()
            return
          }
          seen = arrived
          silence = wait()
        })
      }, OUTPUT_SILENCE_MS)
    let silence = wait()
    child.once('close', (code, signal) => {
      clearTimeout(silence)
      guard(() => {
        lines?.end()
        errorLines?.end()
      })(undefined)
      resolve({
        exitCode: code ?? undefined,
        signal: signal ?? undefined,
        stderr: kept.text(),
        durationMs: exitedAt - startedAt,
        stopMs: stop.askedAt && exitedAt - stop.askedAt,
        endedBy: stop.by ?? 'itself',
      })
    })
  })
}

/** The exit status a shell would report: 128 + n after signal n. */
export function shellStatus(result: Pick<ToolResult, 'exitCode' | 'signal'>): number {
  return result.signal === undefined ? (result.exitCode ?? 0) : 128 + constants.signals[result.signal]
}
