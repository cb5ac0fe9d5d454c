import { optional } from '../../../errors.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readDump, socketsOfDump } from '../../../sockets/index.ts'
import type { ObservedNamespace, TcpLook } from '../../observed/sockets.ts'

const listeners = ({ a, b }: ObservedNamespace) => (b ?? a).tcp.filter(({ state }) => state === TCP_STATE.listen)

const isEveryV6 = ({ local }: TcpLook) => local === '::'
const isV4 = ({ local }: TcpLook) => !local.includes(':') && local !== '0.0.0.0'

/** Asks the kernel which listeners on `::` take IPv4 too, where another one listens on an address of IPv4. */
export function askWhichTakeV4(source: ProcSource, namespaces: readonly ObservedNamespace[]): void {
  const places = namespaces.filter(namespace => {
    const all = listeners(namespace)
    return all.some(one => isEveryV6(one) && all.some(other => isV4(other) && other.localPort === one.localPort))
  })
  if (source.dumpSockets === undefined) return
  for (const place of places) {
    const dump = optional(() => socketsOfDump(readDump(source, 'tcp6', { listenersOnly: true }, `${place.pid}/net`)))
    for (const listener of listeners(place).filter(isEveryV6)) {
      const at = dump?.rows.findIndex(({ inode }) => inode === listener.inode) ?? -1
      listener.v6only = dump?.facts[at]?.v6only
    }
  }
}
