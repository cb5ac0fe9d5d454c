import { accessSync, constants } from 'node:fs'
import { errnoOf } from '../errors.ts'

/** Where tracefs is mounted, in the order tools look for it. */
const MOUNTS = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing']

/** Why the tracepoints of system calls cannot be used; undefined where they can. */
export function tracefsObstacle(): string | undefined {
  let denied = false
  for (const mount of MOUNTS) {
    try {
      accessSync(`${mount}/events/raw_syscalls/sys_enter/id`, constants.R_OK)
      return undefined
    } catch (error) {
      denied ||= errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM'
    }
  }
  return denied
    ? 'this user may not read tracefs'
    : 'tracefs is not mounted, or the kernel has no system call tracepoints'
}
