import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { errnoOf, MachineError, optional } from '../../errors.ts'
import { MOUNT_TRACEFS, TRACEFS_FOLDERS } from '../../children/tracefs.ts'
import { parsePidStat } from '../../processes/pid-stat.ts'

/** Memory for events that wait to be read, over all CPUs. */
const BUFFER_KB = 32 * 1024
const PAGE_BYTES = 4096

export interface TraceRequest {
  /** `sock/inet_sock_set_state`. */
  event: string
  filter: string
}

/** A separate tracing instance: other users of the kernel's tracing neither see it nor disturb it. */
export interface TraceInstance {
  /** Complete lines that came since the last call, as a byte string. */
  read(): string
  /** Events that found the buffer full. */
  lost(): number
  /** Removes the instance; harmless when called again. */
  close(): void
}

/**
 * Opens a tracing instance on the monotonic clock (that of process.hrtime). It is removed by close() and when the
 * process exits; one that a killed linsight left behind is removed by the next.
 */
export function openTraceInstance(request: TraceRequest): TraceInstance {
  const instances = join(findTracefs(), 'instances')
  removeStale(instances)
  const folder = join(instances, `linsight-${process.pid}-${startTicks(process.pid) ?? 0}`)
  attempt('create a tracing instance', () => mkdirSync(folder))
  let pipe: number | undefined
  const close = () => {
    process.off('exit', close)
    if (pipe !== undefined) closeSync(pipe)
    pipe = undefined
    // An instance is no ordinary folder: its files vanish with it.
    if (existsSync(folder)) rmdirSync(folder)
  }
  process.on('exit', close)
  try {
    const set = (file: string, value: string) => writeFileSync(join(folder, file), value)
    const event = join('events', request.event)
    if (!existsSync(join(folder, event)))
      throw new MachineError(
        'no-kernel-support',
        `this kernel has no tracepoint ${request.event}; it came with Linux 4.16`,
      )
    attempt('set up tracing', () => {
      set('trace_clock', 'mono')
      set('buffer_size_kb', String(Math.max(256, Math.floor(BUFFER_KB / availableParallelism()))))
      // Without it the trace tells threads, not processes; kernels before 4.13 have no such option.
      if (existsSync(join(folder, 'options/record-tgid'))) set('options/record-tgid', '1')
      set(join(event, 'filter'), request.filter)
      pipe = openSync(join(folder, 'trace_pipe'), constants.O_RDONLY | constants.O_NONBLOCK)
      set(join(event, 'enable'), '1')
    })
  } catch (error) {
    close()
    throw error
  }

  const page = Buffer.allocUnsafe(PAGE_BYTES * 4)
  let rest = ''
  return {
    close,
    read() {
      if (pipe === undefined) return ''
      let text = rest
      for (;;) {
        try {
          const length = readSync(pipe, page, 0, page.length, null)
          if (length === 0) break
          text += page.toString('latin1', 0, length)
        } catch (error) {
          if (errnoOf(error) === 'EAGAIN') break
          throw error
        }
      }
      const end = text.lastIndexOf('\n') + 1
      rest = text.slice(end)
      return text.slice(0, end)
    },
    lost() {
      return readdirSync(join(folder, 'per_cpu')).reduce((sum, cpu) => {
        const stats = readFileSync(join(folder, 'per_cpu', cpu, 'stats'), 'latin1')
        const count = (name: string) => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(stats)?.[1] ?? 0)
        return sum + count('overrun') + count('dropped events')
      }, 0)
    },
  }
}

/** As the first process sees the files: ip netns exec mounts a /sys of its own, without tracefs. */
const FIRST_ROOT = '/proc/1/root'

function findTracefs(): string {
  for (const mount of [...TRACEFS_FOLDERS, ...TRACEFS_FOLDERS.map(folder => FIRST_ROOT + folder)]) {
    try {
      if (readdirSync(mount).includes('instances')) return mount
    } catch (error) {
      // Of the root of another process it only means that there is no second way.
      if (!mount.startsWith(FIRST_ROOT) && ['EACCES', 'EPERM'].includes(errnoOf(error)))
        throw notPermitted('read tracefs', error)
    }
  }
  throw new MachineError(
    'no-kernel-support',
    `tracefs is not mounted on ${TRACEFS_FOLDERS[0]}, so closes cannot be traced`,
    {
      hint: `mount it: sudo ${MOUNT_TRACEFS}. Under ip netns exec, which hides it: nsenter --net=/run/netns/NAME tw-stats --who`,
    },
  )
}

function attempt(what: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error))) throw notPermitted(what, error)
    throw new MachineError('no-kernel-support', `could not ${what}: ${(error as Error).message}`, { cause: error })
  }
}

function notPermitted(what: string, cause: unknown): MachineError {
  return new MachineError('not-permitted', `not permitted to ${what}`, {
    hint: 'tracing needs root on this kernel: run it with sudo. Without --who owners of servers are named all the same',
    cause,
  })
}

/** Instances named after a process that is gone. The kernel refuses to remove one that is in use in another pid namespace. */
function removeStale(instances: string): void {
  for (const name of readdirSync(instances)) {
    const [, pid, start] = /^linsight-(\d+)-(\d+)$/.exec(name) ?? []
    if (pid === undefined || String(startTicks(Number(pid))) === start) continue
    try {
      rmdirSync(join(instances, name))
    } catch {
      // EBUSY: its owner lives in another pid namespace.
    }
  }
}

/** When a process started, in ticks since boot; with the pid, its name for ever. */
function startTicks(pid: number): number | undefined {
  return optional(() => parsePidStat(readFileSync(`/proc/${pid}/stat`))?.startTicks)
}
