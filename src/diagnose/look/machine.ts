import { readFileSync } from 'node:fs'
import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { FileLock } from '../observation.ts'
import type { ObservedDisk } from '../observed/storage.ts'
import type { MachineCounters } from '../observed/totals.ts'

/** Totals of the whole machine. */
export function lookAtMachine(source: ProcSource): MachineCounters {
  const read = (path: string) => optional(() => source.readFile(path).toString('latin1')) ?? ''
  const number = (text: string, pattern: RegExp) => {
    const digits = pattern.exec(text)?.[1]
    return digits === undefined ? undefined : Number(digits)
  }
  const meminfo = read('meminfo')
  const sockstat = read('net/sockstat')
  const limits = /^\d+\s+(\d+)\s+(\d+)/.exec(read('sys/net/ipv4/tcp_mem'))
  const pressure = Object.fromEntries(
    ['cpu', 'io', 'memory'].flatMap(name => {
      const average = number(read(`pressure/${name}`), /^some avg10=([\d.]+)/m)
      return average === undefined ? [] : [[name, average]]
    }),
  )
  return {
    oomKills: number(read('vmstat'), /^oom_kill (\d+)$/m),
    forks: number(read('stat'), /^processes (\d+)$/m),
    memoryAvailableKb: number(meminfo, /^MemAvailable:\s+(\d+)/m),
    memoryTotalKb: number(meminfo, /^MemTotal:\s+(\d+)/m),
    swapFreeKb: number(meminfo, /^SwapFree:\s+(\d+)/m),
    tcp: {
      orphans: number(sockstat, /^TCP:.* orphan (\d+)/m),
      memoryPages: number(sockstat, /^TCP:.* mem (\d+)/m),
      mostOrphans: number(read('sys/net/ipv4/tcp_max_orphans'), /^(\d+)/),
      ...(limits !== null && { memoryLimits: [Number(limits[1]), Number(limits[2])] as [number, number] }),
    },
    inotifyLimits: {
      instances: number(read('sys/fs/inotify/max_user_instances'), /^(\d+)/),
      watches: number(read('sys/fs/inotify/max_user_watches'), /^(\d+)/),
    },
    ...(Object.keys(pressure).length > 0 && { pressure }),
  }
}

/**
 * /proc/locks. Source: proc_locks(5). `1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF`; who waits for a lock stands
 * below it with `->` behind the same number.
 */
export function parseLocks(bytes: Buffer): FileLock[] {
  const locks: FileLock[] = []
  for (const line of bytes.toString('latin1').split('\n')) {
    const match = /^(\d+): (-> )?\s*(\w+)\s+\w+\s+\w+\s+(-?\d+) ([0-9a-f]+:[0-9a-f]+:\d+) /.exec(line)
    if (match === null) continue
    const [, id, arrow, kind = '', pid, file = ''] = match
    locks.push({ id: Number(id), kind, pid: Number(pid), file, waiting: arrow !== undefined })
  }
  return locks
}

interface DiskTotals {
  readSectors: number
  writtenSectors: number
  busyMs: number
  queueMs: number
}

const SECTOR_BYTES = 512

/** /proc/diskstats by name. Source: Documentation/admin-guide/iostats.rst. */
export function parseDiskstats(bytes: Buffer): Map<string, DiskTotals> {
  const disks = new Map<string, DiskTotals>()
  for (const line of bytes.toString('latin1').split('\n')) {
    const fields = line.trim().split(/\s+/)
    if (fields.length < 14) continue
    disks.set(fields[2]!, {
      readSectors: Number(fields[5]),
      writtenSectors: Number(fields[9]),
      busyMs: Number(fields[12]),
      queueMs: Number(fields[13]),
    })
  }
  return disks
}

/** What disks did between two looks; those that did nothing are left out. */
export function diskDifferences(a: Map<string, DiskTotals>, b: Map<string, DiskTotals>): ObservedDisk[] {
  return [...b].flatMap(([name, after]) => {
    const before = a.get(name)
    if (before === undefined || after.busyMs === before.busyMs) return []
    return [
      {
        name,
        busyMs: after.busyMs - before.busyMs,
        queueMs: after.queueMs - before.queueMs,
        readBytes: (after.readSectors - before.readSectors) * SECTOR_BYTES,
        writtenBytes: (after.writtenSectors - before.writtenSectors) * SECTOR_BYTES,
      },
    ]
  })
}

/** How many processors are online. */
export function processorCount(): number {
  const text = optional(() => readFileSync('/sys/devices/system/cpu/online', 'latin1')) ?? '0'
  return text
    .trim()
    .split(',')
    .reduce((sum, range) => {
      const [from = 0, to = from] = range.split('-').map(Number)
      return sum + to - from + 1
    }, 0)
}
