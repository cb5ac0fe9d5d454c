import type { ProcSource } from '../proc/proc-source.ts'

/** What the way /proc is mounted and where we stand keeps from us. */
export interface ProcView {
  /** /proc is mounted with hidepid: processes of other users are not there for us. */
  hidepid: boolean
  /** Our pid namespace is not the machine's first. */
  inPidNamespace: boolean
  /** We hold the capabilities that open every process of our user namespace: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH. */
  isCapable: boolean
}

/** Inode of the initial pid namespace. Source: Linux include/linux/proc_ns.h, PROC_PID_INIT_INO. */
const INITIAL_PID_NAMESPACE = 'pid:[4026531836]'

/** Source: capabilities(7), Linux include/uapi/linux/capability.h. With CAP_SYS_PTRACE hidepid does not apply. */
const CAP_DAC_READ_SEARCH = 1n << 2n
const CAP_SYS_PTRACE = 1n << 19n

export function readProcView(source: ProcSource): ProcView {
  const mounts = read(() => source.readFile('self/mountinfo').toString('latin1')) ?? ''
  const status = read(() => source.readFile('self/status').toString('latin1')) ?? ''
  const capEff = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1]
  const may = (capability: bigint) => capEff !== undefined && (BigInt(`0x${capEff}`) & capability) !== 0n
  const procMount = mounts.split('\n').findLast(line => / \/proc .* - proc /.test(line)) ?? ''
  const pidNamespace = read(() => source.readLink('self/ns/pid'))
  return {
    hidepid: /hidepid=(?:1|2|4|noaccess|invisible|ptraceable)/.test(procMount) && !may(CAP_SYS_PTRACE),
    inPidNamespace: pidNamespace !== undefined && pidNamespace !== INITIAL_PID_NAMESPACE,
    isCapable: may(CAP_SYS_PTRACE) && may(CAP_DAC_READ_SEARCH),
  }
}

function read<T>(attempt: () => T): T | undefined {
  try {
    return attempt()
  } catch {
    return undefined
  }
}
