import { endpoint, unmapIp } from '../../kernel/ip-address.ts'
import { TCP_STATE, tcpStateName } from '../../kernel/tcp-state.ts'
import { tcpTimerName } from '../../kernel/tcp-timer.ts'
import type { ProcessFacts } from '../../processes/process-facts.ts'
import type { InetRow, Socket, TcpInfo } from '../../sockets/model.ts'
import type { TrafficOwner } from '../../sockets/index.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { formatBytes, formatDurationNs } from '../../terminal/units.ts'
import { wrap } from '../../terminal/wrap.ts'
import { textWidth } from '../../terminal/text-width.ts'
import { bytesText, countText, perSecondCell } from './cells.ts'
import { nameText } from './names.ts'

export interface ConnectionFacts {
  socket: Socket
  owner: TrafficOwner | undefined
  /** All that is known of the owner; undefined where it is gone, or was not read. */
  process: ProcessFacts | undefined
  received: number | undefined
  sent: number | undefined
  retransmits: number | undefined
  userHz: number
}

const MARGIN = 11

/** Everything of one connection. */
export function connectionLines(facts: ConnectionFacts, width: number): string[] {
  const { socket, owner, process } = facts
  const row = socket.row as InetRow
  const { kernel } = socket
  const info = kernel?.tcpInfo
  const pairs: [string, string | undefined][] = [
    ['local', endpoint(unmapIp(row.localAddress), row.localPort)],
    ['remote', endpoint(unmapIp(row.remoteAddress), row.remotePort)],
    ['state', `${tcpStateName(row.state)}${shutText(kernel?.shutdown)}`],
    ['owner', owner === undefined ? 'not known' : `${nameText(owner.program)} ${owner.pid}`],
    ['command', process?.args && process.args.map(word => nameText(word)).join(' ')],
    ['since', process?.startedAt],
    ['unit', owner?.unit && nameText(owner.unit)],
    ['container', owner?.container && nameText(owner.container)],
    ['cgroup', process?.cgroup && escapeBytes(process.cgroup)],
    ['user', row.state === TCP_STATE.timeWait ? undefined : String(row.uid)],
    ['now', rateText(facts)],
    ['total', info && totalText(info)],
    ['unread', bytesText(row.rxQueueBytes)],
    ['unsent', bytesText(row.txQueueBytes)],
    ['timer', timerText(row, facts.userHz)],
    ['round trip', info && roundTripText(info)],
    ['window', info && windowText(info)],
    ['held up', info && heldUpText(info)],
    ['congestion', kernel?.congestion && escapeBytes(kernel.congestion)],
    ['interface', socket.interfaceName && escapeBytes(socket.interfaceName)],
    ['mark', kernel?.mark ? `0x${kernel.mark.toString(16)}` : undefined],
    ['inode', row.inode === '0' ? 'none: no process holds it' : row.inode],
    ['cookie', kernel?.cookie],
  ]
  const lines = pairs.flatMap(([name, text]) =>
    text === undefined || text === '' ? [] : wrap(`${name.padEnd(MARGIN)}${text}`, width, MARGIN).split('\n'),
  )
  if (info === undefined) return lines
  return [...lines, '', 'tcp_info', ...inColumns(infoTexts(info), width)]
}

function rateText({ received, sent, retransmits }: ConnectionFacts): string {
  if (received === undefined) return 'not known before the second look'
  return `in ${bytesText(received)}/s, out ${bytesText(sent)}/s, retransmits ${perSecondCell(retransmits).text}/s`
}

function totalText({ bytesReceived, bytesSent, bytesAcked, bytesRetrans, totalRetrans }: TcpInfo): string {
  const sent = bytesSent === undefined ? bytesAcked : bytesSent - (bytesRetrans ?? 0)
  const again = totalRetrans === undefined ? '' : `, ${totalRetrans} segments sent again`
  return `in ${told(bytesReceived)}, out ${told(sent)}${again}`
}

const told = (bytes: number | undefined) => (bytes === undefined ? '-' : formatBytes(bytes))

function timerText(row: InetRow, userHz: number): string {
  if (row.timer === 0) return 'none'
  const tries = row.retransmits + row.probes
  return `${tcpTimerName(row.timer)} in ${(row.timerTicks / userHz).toFixed(2)} s${tries === 0 ? '' : `, try ${tries}`}`
}

function roundTripText({ rttUs, rttvarUs, minRttUs, rtoUs }: TcpInfo): string | undefined {
  if (rttUs === undefined) return undefined
  const us = (value: number | undefined) => (value === undefined ? '-' : formatDurationNs(value * 1000))
  return `${us(rttUs)} ± ${us(rttvarUs)}, least ${us(minRttUs)}; sent again after ${us(rtoUs)}`
}

function windowText({ sndCwnd, sndMssBytes, sndWndBytes, rcvSpaceBytes }: TcpInfo): string {
  const own = sndCwnd === undefined ? '-' : `${sndCwnd} segments of ${sndMssBytes ?? '-'} B`
  return `${own}; the peer takes ${told(sndWndBytes)}; room to receive ${told(rcvSpaceBytes)}`
}

/** What kept it from sending more. */
function heldUpText({ busyTimeUs, rwndLimitedUs, sndbufLimitedUs }: TcpInfo): string | undefined {
  if (!busyTimeUs) return undefined
  const share = (value: number | undefined) => `${Math.round((100 * (value ?? 0)) / busyTimeUs)} %`
  return `by the peer's window ${share(rwndLimitedUs)}, by the send buffer ${share(sndbufLimitedUs)} of the time it had something to send`
}

function shutText(shutdown: number | undefined): string {
  if (!shutdown) return ''
  return shutdown === 3 ? ', shut both ways' : shutdown === 1 ? ', shut for receiving' : ', shut for sending'
}

function infoTexts(info: TcpInfo): string[] {
  return Object.entries(info).flatMap(([name, value]) =>
    value === undefined || name === 'state'
      ? []
      : [`${name} ${typeof value === 'number' ? numberText(name, value) : value}`],
  )
}

function numberText(name: string, value: number): string {
  if (name.endsWith('Us')) return formatDurationNs(value * 1000)
  if (name.endsWith('Ms')) return formatDurationNs(value * 1e6)
  if (name.endsWith('BytesPerSecond')) return `${formatBytes(value)}/s`
  return /[bB]ytes/.test(name) ? formatBytes(value) : countText(value)
}

/** Texts one below the other, in as many columns as there is room for. */
function inColumns(texts: readonly string[], width: number): string[] {
  const wide = Math.max(...texts.map(textWidth)) + 2
  const columns = Math.max(1, Math.floor((width - 2 + 2) / wide))
  const height = Math.ceil(texts.length / columns)
  return Array.from({ length: height }, (_, line) =>
    Array.from({ length: columns }, (_, column) => (texts[column * height + line] ?? '').padEnd(wide))
      .join('')
      .trimEnd(),
  ).map(line => `  ${line}`.slice(0, Math.max(width, 1)))
}
