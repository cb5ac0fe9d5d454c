import { biolatency, biosnoop } from './programs/block.ts'
import { execsnoop } from './programs/execsnoop.ts'
import { exitsnoop } from './programs/exitsnoop.ts'
import { opensnoop, statsnoop } from './programs/file-names.ts'
import { filetop } from './programs/filetop.ts'
import type { Job } from './job.ts'
import { killsnoop } from './programs/killsnoop.ts'
import { oomkill, pagefaults } from './programs/memory.ts'
import { cpudist, offcputime, profile, runqlat } from './programs/sched.ts'
import { fsynclat, syscount, syslat } from './programs/syscalls.ts'
import { tcpaccept, tcpconnect, tcplife, tcpstates } from './programs/tcp.ts'
import { tcpretrans, tcprst } from './programs/tcp-trouble.ts'
import { bashreadline, gethostlatency } from './programs/user-functions.ts'

/** Every job, in the order of `linsight bpf list`: processes, files, network, CPU, disk, calls, memory, the rest. */
export const JOBS: readonly Job[] = [
  execsnoop,
  exitsnoop,
  killsnoop,
  opensnoop,
  statsnoop,
  filetop,
  tcpconnect,
  tcpaccept,
  tcplife,
  tcpstates,
  tcpretrans,
  tcprst,
  gethostlatency,
  runqlat,
  cpudist,
  offcputime,
  profile,
  biolatency,
  biosnoop,
  fsynclat,
  syscount,
  syslat,
  pagefaults,
  oomkill,
  bashreadline,
]

export function findJob(name: string): Job | undefined {
  return JOBS.find(job => job.name === name)
}
