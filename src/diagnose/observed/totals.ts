/** Totals since boot, of the whole machine. */
export interface MachineCounters {
  oomKills?: number | undefined
  forks?: number | undefined
  memoryAvailableKb?: number | undefined
  memoryTotalKb?: number | undefined
  swapFreeKb?: number | undefined
  /** Of net/sockstat and its limits, which only the first network namespace shows. */
  tcp?: TcpTotals | undefined
  /** fs.inotify.max_user_*: of each user. */
  inotifyLimits?: { instances?: number | undefined; watches?: number | undefined } | undefined
  /** `some avg10` of /proc/pressure, percent. */
  pressure?: Record<string, number> | undefined
}

export interface TcpTotals {
  orphans?: number | undefined
  memoryPages?: number | undefined
  mostOrphans?: number | undefined
  /** From the first on the kernel saves memory, above the second nothing is given. */
  memoryLimits?: [pressure: number, most: number] | undefined
}

export interface ObservedCgroup {
  path: string
  pids: number[]
  a: CgroupCounters
  b?: CgroupCounters | undefined
}

export interface CgroupCounters {
  periods?: number | undefined
  throttled?: number | undefined
  throttledUs?: number | undefined
  /** Processors it may use, 0.5 for half of one. */
  quota?: number | undefined
  /** How often the memory limit was hit. */
  memoryFailures?: number | undefined
  memoryLimit?: number | undefined
  /** Pages that were taken away and had to be read again. */
  refaults?: number | undefined
  oomKills?: number | undefined
  pidsRefused?: number | undefined
  pidsLimit?: number | undefined
  pidsCurrent?: number | undefined
  frozen?: boolean | undefined
}
