import { finding, measured, type HealthRule } from '../../rule.ts'
import { THRESHOLDS } from '../../thresholds.ts'

/** Connections that no process holds any more; above the limit the kernel resets them. Both are the whole machine's. */
export const tcpOrphans: HealthRule = {
  code: 'tcp-orphans',
  why: 'Connections that no process holds any more, against net.ipv4.tcp_max_orphans; above it the kernel resets them.',
  thresholds: ['orphanShare'],
  check(facts) {
    const orphans = facts.now.gauges.get('TCP')?.get('orphan')
    const { maxOrphans } = facts.now.settings
    if (orphans === undefined || maxOrphans === undefined) return []
    if (orphans < maxOrphans * THRESHOLDS.orphanShare.value) return []
    const aborted = facts.rise('TcpExt', 'TCPAbortOnMemory')
    return [
      finding(
        'tcp-orphans',
        orphans >= maxOrphans ? 'critical' : 'warning',
        `this machine has ${orphans} connections that no process holds, of ${maxOrphans} it allows`,
        {
          measured: [measured('orphanShare', orphans / maxOrphans, 'net/sockstat, net.ipv4.tcp_max_orphans')],
          reach: orphans,
          evidence: [
            `orphan ${orphans} (net/sockstat, all namespaces), net.ipv4.tcp_max_orphans ${maxOrphans}; from ${THRESHOLDS.orphanShare.value * 100} % on`,
            ...(aborted === undefined ? [] : [`TCPAbortOnMemory rose by ${aborted} (net/netstat, this namespace)`]),
          ],
          do: [
            'find which peers do not take what was sent to them before the close: FIN_WAIT1 and LAST_ACK in mynetstat -ant',
            'net.ipv4.tcp_orphan_retries decides how long they last; each takes up to 64 KiB',
          ],
          not: ['net.ipv4.tcp_tw_reuse and the like: these are not in TIME_WAIT'],
        },
      ),
    ]
  },
}
