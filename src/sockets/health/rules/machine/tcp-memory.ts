import { finding, type HealthRule } from '../../rule.ts'

/** Memory of all TCP sockets; tcp_mem says from where on the kernel saves it. Both are the whole machine's. */
export const tcpMemory: HealthRule = {
  code: 'tcp-memory',
  why: 'Memory of TCP has reached the second number of net.ipv4.tcp_mem, from which on the kernel gives less to each socket; from the third on it gives nothing.',
  thresholds: [],
  check(facts) {
    const pages = facts.now.gauges.get('TCP')?.get('mem')
    const { tcpMemoryPages: limits } = facts.now.settings
    if (pages === undefined || limits === undefined || pages < limits.pressure) return []
    const pressures = facts.rise('TcpExt', 'TCPMemoryPressures')
    return [
      finding(
        'tcp-memory',
        pages >= limits.limit ? 'critical' : 'warning',
        `TCP uses ${pages} pages of memory on this machine, ${pages >= limits.limit ? 'all it may' : 'so much that the kernel saves it'}`,
        {
          reach: pages,
          evidence: [
            `mem ${pages} pages (net/sockstat, all namespaces); net.ipv4.tcp_mem begins to save at ${limits.pressure} and ends at ${limits.limit}`,
            ...(pressures === undefined
              ? []
              : [`TCPMemoryPressures rose by ${pressures} (net/netstat, this namespace)`]),
          ],
          do: ['find the sockets with the largest queues: mynetstat -antp --sort recv-q:desc, and send-q:desc'],
          not: ['raising tcp_rmem or tcp_wmem: they make each socket larger'],
        },
      ),
    ]
  },
}
