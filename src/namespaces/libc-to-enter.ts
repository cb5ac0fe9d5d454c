import { optional } from '../errors.ts'
import { hasCapability } from '../kernel/capabilities.ts'
import { loadLibc, type Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { parsePidStatus } from '../processes/pid-status.ts'

/**
 * What enters network namespaces of this machine; undefined where this process may not (CAP_SYS_ADMIN), koffi is not
 * there, or the source is a recording.
 */
export async function libcToEnter(source: ProcSource): Promise<Libc | undefined> {
  if (!source.isThisMachine) return undefined
  const capabilities = optional(() => parsePidStatus(source.readFile('self/status')).capEff)
  return capabilities !== undefined && hasCapability(capabilities, 'SYS_ADMIN') ? loadLibc() : undefined
}
