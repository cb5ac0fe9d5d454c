import { programName } from '../../../processes/process-facts.ts'
import { statement, type Statement } from '../../../statement.ts'
import { escapeBytes, quoted } from '../../../terminal/escape.ts'
import { formatBytes } from '../../../terminal/units.ts'
import { unmapIp } from '../../../kernel/ip-address.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { hasTcpStates, type InetRow } from '../../tables/inet-row.ts'
import { isInetRow } from '../../tables/socket-row.ts'
import type { HostSocket } from '../host-socket.ts'

/** A conclusion that needs both ends of a connection. Texts are escaped. */
export interface EndFinding extends Statement {
  code: 'not-read' | 'not-accepted'
  severity: 'warning' | 'info'
  /** The host whose process has to act. */
  host: string
  /** Bytes that wait at both ends. */
  bytes: number
}

/** Who has not read, of every connection of which both ends are known: most bytes first. */
export function unreadFindings(sockets: readonly HostSocket[]): EndFinding[] {
  const findings: EndFinding[] = []
  const seen = new Set<string>()
  for (const one of sockets) {
    const [far, ...others] = one.end?.ends ?? []
    if (far === undefined || others.length > 0 || one.end?.kind === 'ambiguous') continue
    if (one.end?.kind === 'not-accepted') findings.push(...notAccepted(one, far))
    else
      for (const [reader, sender] of [[one, far] as const, [far, one] as const]) {
        // Both ends may be rows of what is shown.
        const key = identityOf(reader)
        const finding = seen.has(key) ? undefined : notRead(reader, sender)
        if (finding === undefined) continue
        seen.add(key)
        findings.push(finding)
      }
  }
  return findings.toSorted((a, b) => rankOf(a) - rankOf(b) || b.bytes - a.bytes)
}

/** Equal for one connection in two readings. */
function identityOf(end: HostSocket): string {
  const row = connectionOf(end)
  return `${end.host} ${end.socket.row.inode} ${row && `${endText(row)} ${row.remoteAddress} ${row.remotePort}`}`
}

const rankOf = ({ severity }: EndFinding) => (severity === 'warning' ? 0 : 1)

function notRead(reader: HostSocket, sender: HostSocket): EndFinding | undefined {
  const [row, other] = [connectionOf(reader), connectionOf(sender)]
  if (row === undefined || other === undefined || row.rxQueueBytes === 0) return undefined
  const waits = other.txQueueBytes > 0
  const who = `${reader.host} ${whoOf(reader)}`
  return {
    ...statement(
      'not-read',
      waits ? 'warning' : 'info',
      `${who} has not read ${formatBytes(row.rxQueueBytes)}${waits ? `, and ${sender.host} ${whoOf(sender)} waits with ${formatBytes(other.txQueueBytes)} more` : ''}`,
      {
        evidence: [
          `Recv-Q ${row.rxQueueBytes} of ${reader.host} ${endText(row)}`,
          `Send-Q ${other.txQueueBytes} of ${sender.host} ${endText(other)}`,
        ],
        do: waits
          ? [`look twice: what still stands there is stuck; what it does: linsight diagnose --host ${reader.host}`]
          : [],
      },
    ),
    code: 'not-read',
    severity: waits ? 'warning' : 'info',
    host: reader.host,
    bytes: row.rxQueueBytes + other.txQueueBytes,
  }
}

function notAccepted(one: HostSocket, listener: HostSocket): EndFinding[] {
  const row = connectionOf(one)
  if (row === undefined || !isInetRow(listener.socket.row)) return []
  const waiting = listener.socket.row.rxQueueBytes
  return [
    {
      ...statement(
        'not-accepted',
        'warning',
        `${listener.host} ${whoOf(listener)} has not accepted the connection of ${one.host} ${whoOf(one)}`,
        {
          evidence: [
            `${waiting} connection${waiting === 1 ? '' : 's'} wait at ${listener.host} port ${listener.socket.row.localPort}`,
          ],
        },
      ),
      code: 'not-accepted',
      severity: 'warning',
      host: listener.host,
      bytes: row.txQueueBytes,
    },
  ]
}

function connectionOf({ socket: { row } }: HostSocket): InetRow | undefined {
  return isInetRow(row) && hasTcpStates(row.table) && row.state !== TCP_STATE.listen ? row : undefined
}

const endText = ({ localAddress, localPort }: InetRow) => {
  const address = unmapIp(localAddress)
  return address.includes(':') ? `[${address}]:${localPort}` : `${address}:${localPort}`
}

/** `812/postgres`, of the first owner. */
function whoOf({ socket: { owners = [] } }: HostSocket): string {
  const [first, ...others] = owners
  if (first === undefined) return 'somebody'
  const name = quoted(escapeBytes(programName(first.process) || '-'))
  return `${first.process.pid}/${name}${others.length > 0 ? ` (and ${others.length} more)` : ''}`
}
