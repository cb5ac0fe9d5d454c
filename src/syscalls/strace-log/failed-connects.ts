import type { FailedConnect } from '../profile.ts'
import { unescapeC } from './line/c-string.ts'
import { RESULT } from './line/event.ts'
import type { StraceLine } from './line/line.ts'
import type { TracedThread } from './threads/traced-thread.ts'

/** Addresses kept, and sockets whose connection is under way; a log has few of either, or too many to name. */
const MAX_KEPT = 4096

/** Under way or there already: not failed. */
const NOT_FAILED = new Set(['EINPROGRESS', 'EALREADY', 'EISCONN', 'EAGAIN', 'EINTR'])

/**
 * Connections that could not be made, by address. Source: strace src/sockaddr.c, src/net.c:
 * `connect(3, {sa_family=AF_INET, sin_port=htons(81), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED (…)`, and of
 * one that did not wait, later, `getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0`.
 */
export class FailedConnects {
  private readonly failures = new Map<string, FailedConnect>()
  /** Process and descriptor → address. */
  private readonly underWay = new Map<string, string>()

  /** A connect or getsockopt ended with this line. */
  read(thread: TracedThread, line: StraceLine, name: string): void {
    const begun = thread.pending === -1 ? '' : thread.pendingText.replace(/^\w+\(/, '')
    if (name === 'connect') {
      if (line.result !== RESULT.error) return
      const text = begun + line.bytes.toString('latin1', line.argsFrom, line.argsTo)
      const address = addressIn(text)
      if (address === undefined) return
      const errno = line.bytes.toString('latin1', line.errnoFrom, line.errnoTo)
      if (errno === 'EINPROGRESS' && this.underWay.size < MAX_KEPT) this.underWay.set(socketOf(thread, text), address)
      if (!NOT_FAILED.has(errno)) this.add(address, errno)
    } else if (line.result === RESULT.value && this.underWay.size > 0) {
      const text = begun + line.bytes.toString('latin1', line.argsFrom, line.argsTo)
      const socket = socketOf(thread, text)
      const address = this.underWay.get(socket)
      const errno = /SO_ERROR, \[(\w+)\]/.exec(text)?.[1]
      if (address === undefined || errno === undefined) return
      this.underWay.delete(socket)
      if (errno !== '0') this.add(address, errno)
    }
  }

  private add(address: string, errno: string): void {
    const key = `${errno} ${address}`
    const known = this.failures.get(key)
    if (known !== undefined) known.calls += 1
    else if (this.failures.size < MAX_KEPT) this.failures.set(key, { address, errno, calls: 1 })
  }

  list(): FailedConnect[] {
    return [...this.failures.values()]
  }
}

function socketOf(thread: TracedThread, text: string): string {
  return `${thread.process.id} ${/^\d+/.exec(text)?.[0]}`
}

/** Address and port, or path, in a sockaddr as strace prints it. */
export function addressIn(text: string): string | undefined {
  const port = /sin6?_port=htons\((\d+)\)/.exec(text)?.[1]
  const ip = /inet_addr\("([^"]*)"\)/.exec(text)?.[1]
  if (port !== undefined && ip !== undefined) return `${ip}:${port}`
  const ip6 = /inet_pton\(AF_INET6, "([^"]*)"/.exec(text)?.[1]
  if (port !== undefined && ip6 !== undefined) return `[${ip6}]:${port}`
  const path = /sun_path=(@?)"((?:[^"\\]|\\[^])*)"/.exec(text)
  return path === null ? undefined : path[1]! + unescapeC(path[2]!)
}
