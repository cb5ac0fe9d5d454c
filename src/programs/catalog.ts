import { biolatency, biosnoop } from './block.ts'
import { execsnoop } from './execsnoop.ts'
import { exitsnoop } from './exitsnoop.ts'
import { opensnoop, statsnoop } from './file-names.ts'
import { filetop } from './filetop.ts'
import type { Job } from './job.ts'
import { killsnoop } from './killsnoop.ts'
import { oomkill, pagefaults } from './memory.ts'
import { cpudist, offcputime, profile, runqlat } from './sched.ts'
import { fsynclat, syscount, syslat } from './syscalls.ts'
import { tcpaccept, tcpconnect, tcplife, tcpstates } from './tcp.ts'
import { tcpretrans, tcprst } from './tcp-trouble.ts'
import { bashreadline, gethostlatency } from './user-functions.ts'

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
