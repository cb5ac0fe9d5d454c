import { optional } from '../errors.ts'
import { hasCapability, type CapabilityName } from '../kernel/capabilities.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { isInitialPidNamespace } from './pid-namespace.ts'
import { parsePidStatus } from './pid-status.ts'

/** What the mount of /proc and the rights of this process hide from it. */
export interface ProcView {
  /** /proc is mounted with hidepid: processes of other users are not listed. */
  hidepid: boolean
  /** This process is not in the machine's first pid namespace. */
  inPidNamespace: boolean
  /** It has the capabilities that open every process of its user namespace: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH. */
  isCapable: boolean
  isRoot: boolean
}

export function readProcView(source: ProcSource): ProcView {
  const mounts = optional(() => source.readFile('self/mountinfo').toString('latin1')) ?? ''
  const status = optional(() => parsePidStatus(source.readFile('self/status')))
  const has = (name: CapabilityName) => status?.capEff !== undefined && hasCapability(status.capEff, name)
  const procMount = mounts.split('\n').findLast(line => / \/proc .* - proc /.test(line)) ?? ''
  const pidNamespace = optional(() => source.readLink('self/ns/pid'))
  return {
    // With CAP_SYS_PTRACE hidepid does not apply.
    hidepid: /hidepid=(?:1|2|4|noaccess|invisible|ptraceable)/.test(procMount) && !has('SYS_PTRACE'),
    inPidNamespace: pidNamespace !== undefined && !isInitialPidNamespace(pidNamespace),
    isCapable: has('SYS_PTRACE') && has('DAC_READ_SEARCH'),
    isRoot: status?.uids?.[1] === 0,
  }
}
