import { parseSockstat } from '../../proc/net/sockstat.ts'

/** Numbers of /proc/net/sockstat that are of the whole machine, in whichever network namespace they are read. */
export interface MachineNumbers {
  /** TCP sockets that have memory, those that are closed but not yet free included. */
  tcpAllocated?: number | undefined
  /** TCP sockets that no process has any more, TIME_WAIT not counted. */
  tcpOrphans?: number | undefined
  /** net.ipv4.tcp_max_orphans. */
  tcpMostOrphans?: number | undefined
  tcpMemoryPages?: number | undefined
  /** net.ipv4.tcp_mem: pages above which TCP is slowed down, and above which nothing more is given. */
  tcpMemoryPressurePages?: number | undefined
  tcpMemoryMostPages?: number | undefined
  udpMemoryPages?: number | undefined
}

/** Source: Linux net/ipv4/proc.c, sockstat_seq_show; `read` gives undefined where there is no such file. */
export function machineNumbers(read: (path: string) => Buffer | undefined): MachineNumbers {
  const sockstat = read('net/sockstat')
  const gauges = sockstat && parseSockstat(sockstat)
  const setting = (name: string) =>
    read(`sys/net/ipv4/${name}`)
      ?.toString('latin1')
      .trim()
      .split(/\s+/)
      .map(word => (/^\d+$/.test(word) ? Number(word) : undefined))
  const memory = setting('tcp_mem')
  return {
    tcpAllocated: gauges?.get('TCP')?.get('alloc'),
    tcpOrphans: gauges?.get('TCP')?.get('orphan'),
    tcpMostOrphans: setting('tcp_max_orphans')?.[0],
    tcpMemoryPages: gauges?.get('TCP')?.get('mem'),
    tcpMemoryPressurePages: memory?.[1],
    tcpMemoryMostPages: memory?.[2],
    udpMemoryPages: gauges?.get('UDP')?.get('mem'),
  }
}
