import { closeSync, openSync } from 'node:fs'
import { MachineError } from '../errors.ts'
import { errnoName } from '../kernel/errno.ts'
import type { Libc } from './libc.ts'

/** Source: Linux include/uapi/linux/sched.h. */
const CLONE_NEWNET = 0x40000000

/** The namespace of the thread that asks, which need not be that of the process. */
const OWN = '/proc/thread-self/ns/net'

/**
 * Calls `fn` while this thread is in the network namespace at `path` (`/proc/123/ns/net`, a file of `ip netns`). What
 * `fn` opens stays of that namespace: a socket goes on working when the thread is back. `fn` is synchronous, since
 * nothing else may run meanwhile. Needs CAP_SYS_ADMIN; throws a MachineError where the kernel refuses. A thread that
 * cannot come back must not go on: the process ends at once.
 *
 * Source: setns(2).
 */
export function inNetworkNamespace<T>(libc: Libc, path: string | Buffer, fn: () => T): T {
  const own = openSync(OWN, 'r')
  try {
    const there = openSync(path, 'r')
    try {
      if (libc.setns(there, CLONE_NEWNET) !== 0) throw refused(path, libc.errno())
    } finally {
      closeSync(there)
    }
    try {
      return fn()
    } finally {
      if (libc.setns(own, CLONE_NEWNET) !== 0) process.abort()
    }
  } finally {
    closeSync(own)
  }
}

function refused(path: string | Buffer, errno: number): MachineError {
  return new MachineError(
    'not-permitted',
    `the network namespace ${path.toString()} cannot be entered: ${errnoName(errno)}`,
    { hint: 'it takes root (CAP_SYS_ADMIN)' },
  )
}
