import { optional } from '../../../errors.ts'
import { TCP_TIMER } from '../../../kernel/tcp-timer.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readDump, socketsOfDump } from '../../../sockets/index.ts'
import type { ObservedNamespace, TcpLook } from '../../observed/sockets.ts'
import type { Trace } from '../../observed/traced.ts'

/**
 * Asks the kernel about connections that probe a closed window, how often they did so without room in between, and about
 * those of which segments were sent again, how many they sent in all.
 */
export function askAboutSenders(
  source: ProcSource,
  namespaces: readonly ObservedNamespace[],
  trace: Trace | undefined,
): void {
  if (source.dumpSockets === undefined) return
  const again = new Set(trace?.retransmits.map(({ localPort, remotePort }) => `${localPort} ${remotePort}`))
  const isAsked = (look: TcpLook) =>
    look.timer === TCP_TIMER.zeroWindowProbe || again.has(`${look.localPort} ${look.remotePort}`)
  const places = namespaces.filter(({ b }) => b?.tcp.some(isAsked))
  for (const { pid, b } of places) {
    const looks = new Map(b!.tcp.filter(isAsked).map(look => [look.inode, look]))
    for (const table of ['tcp', 'tcp6'] as const) {
      const choice = { withoutTimeWait: true, facts: 'tcp-info' } as const
      const dump = optional(() => socketsOfDump(readDump(source, table, choice, `${pid}/net`)))
      dump?.rows.forEach(({ inode }, at) => {
        const look = looks.get(inode)
        const info = look && dump.facts[at]?.tcpInfo
        if (info !== undefined) look!.info = { backoff: info.backoff, segsOut: info.segsOut }
      })
    }
  }
}
