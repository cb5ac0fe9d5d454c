import type { Socket } from '../model.ts'
import { limitedBy } from '../rules/limited-by.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import type { SocketCommonJson } from './socket-json.ts'

const SHUTDOWN = ['none', 'receive', 'send', 'both'] as const

export type ShutdownJson = (typeof SHUTDOWN)[number]

type FactsJson = Pick<
  SocketCommonJson,
  | 'cookie'
  | 'v6only'
  | 'interfaceIndex'
  | 'interface'
  | 'mark'
  | 'cgroupId'
  | 'shutdown'
  | 'congestion'
  | 'memory'
  | 'acceptQueueLimit'
  | 'acceptQueueFull'
  | 'tcpInfo'
  | 'limitedBy'
  | 'peerInode'
  | 'waitingInodes'
>

/** What only the kernel's own answer tells, as far as it told it. */
export function factsJson(socket: Socket): FactsJson {
  const { kernel, interfaceName } = socket
  const facts: Unchecked = { interface: interfaceName && escapeBytes(interfaceName), ...queueJson(socket) }
  if (kernel === undefined) return defined(facts)
  // Each is read from the kernel's answer once.
  const { shutdown, congestion, tcpInfo } = kernel
  return defined({
    ...facts,
    cookie: kernel.cookie,
    v6only: kernel.v6only,
    interfaceIndex: kernel.interfaceIndex,
    mark: kernel.mark,
    cgroupId: kernel.cgroupId,
    shutdown: shutdown === undefined ? undefined : SHUTDOWN[shutdown & 3],
    congestion: congestion && escapeBytes(congestion),
    memory: kernel.memory,
    tcpInfo,
    limitedBy: tcpInfo && limitedBy(tcpInfo),
    peerInode: kernel.peerInode,
    waitingInodes: kernel.waitingInodes,
  })
}

/** Full is one more than the limit: the kernel refuses from then on. Source: Linux include/net/sock.h, sk_acceptq_is_full. */
function queueJson({ row }: Socket): Unchecked {
  if (!('acceptQueueLimit' in row) || row.acceptQueueLimit === undefined) return {}
  const { acceptQueueLimit, rxQueueBytes = 0 } = row
  return { acceptQueueLimit, acceptQueueFull: rxQueueBytes > acceptQueueLimit }
}

type Unchecked = { [Key in keyof FactsJson]: FactsJson[Key] | undefined }

/** Without what is not known. */
function defined(facts: Unchecked): FactsJson {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
}
