import { isUtf8 } from 'node:buffer'
import { isMiniSocket } from '../tables/inet-row.ts'
import { programName, type ProcessFacts } from '../../processes/process-facts.ts'
import type { Socket } from '../model.ts'
import type { Owner } from '../../processes/owner.ts'
import { isInetRow, type SocketRow } from '../tables/socket-row.ts'
import { escapeBytes } from '../../terminal/escape.ts'
import { protocolText, stateText, UNIX_TYPES } from './cell-text.ts'

const TIMERS = ['off', 'retransmit', 'keepalive', 'time-wait', 'zero-window-probe']

/** Everything known of a socket. Texts that are not UTF-8 are escaped and have a twin `…Base64` with the bytes. */
export function socketJson(socket: Socket, userHz: number): Record<string, unknown> {
  const { row } = socket
  return {
    protocol: protocolText(socket),
    ...rowJson(socket, row, userHz),
    inode: row.inode,
    kernelPointer: row.pointer,
    ...(socket.dualStack && { takesIpv4: socket.dualStack.dual, takesIpv4Evidence: socket.dualStack.evidence }),
    ...(socket.unverified && { unverified: true }),
    ...(socket.owners && { owners: socket.owners.map(owner => ownerJson(owner)) }),
    ...(socket.ownerless && { ownerless: socket.ownerless }),
  }
}

function rowJson(socket: Socket, row: SocketRow, userHz: number): Record<string, unknown> {
  if (isInetRow(row)) {
    return {
      state: stateText(socket),
      localAddress: row.localAddress,
      localPort: row.localPort,
      remoteAddress: row.remoteAddress,
      remotePort: row.remotePort,
      rxQueueBytes: row.rxQueueBytes,
      txQueueBytes: row.txQueueBytes,
      timer: TIMERS[row.timer] ?? `unknown-${row.timer}`,
      timerSeconds: row.timerTicks / userHz,
      retransmits: row.retransmits,
      probes: row.probes,
      // The kernel no longer knows whose a mini-socket was and prints 0.
      uid: isMiniSocket(row) ? undefined : row.uid,
      refs: row.refs,
      drops: row.drops,
    }
  }
  switch (row.table) {
    case 'unix':
      return {
        state: stateText(socket),
        type: UNIX_TYPES[row.type] ?? row.type,
        flags: row.flags,
        refs: row.refs,
        ...bytesJson('path', row.path),
      }
    case 'packet':
      return {
        type: row.type,
        etherType: row.protocol,
        interfaceIndex: row.interfaceIndex,
        running: row.running,
        rxQueueBytes: row.rxQueueBytes,
        uid: row.uid,
        refs: row.refs,
      }
    case 'netlink':
      return {
        family: row.protocol,
        portId: row.portId,
        groups: row.groups,
        rxQueueBytes: row.rxQueueBytes,
        txQueueBytes: row.txQueueBytes,
        drops: row.drops,
      }
    case 'sctp':
      return {
        kind: row.kind,
        state: stateText(socket),
        localAddresses: row.localAddresses,
        localPort: row.localPort,
        remoteAddresses: row.remoteAddresses,
        remotePort: row.remotePort,
        rxQueueBytes: row.rxQueueBytes,
        txQueueBytes: row.txQueueBytes,
        uid: row.uid,
      }
  }
}

function ownerJson(owner: Owner): Record<string, unknown> {
  return { ...processJson(owner.process), fds: owner.fds, heldBy: owner.heldBy, tids: owner.tids }
}

const processes = new WeakMap<ProcessFacts, Record<string, unknown>>()

/** One process may own thousands of sockets; its part is made once. */
function processJson(process: ProcessFacts): Record<string, unknown> {
  let json = processes.get(process)
  if (json === undefined) {
    processes.set(
      process,
      (json = {
        pid: process.pid,
        ...bytesJson('program', programName(process)),
        ...bytesJson('comm', process.comm),
        ...argumentsJson(process.args),
        ...bytesJson('exe', process.exe?.path),
        exeDeleted: process.exe?.deleted,
        uid: process.uid,
        effectiveUid: process.effectiveUid,
        parentPid: process.parentPid,
        startedAt: process.startedAt,
        startTicks: process.startTicks,
        ...bytesJson('cgroup', process.cgroup),
        ...bytesJson('unit', process.unit),
        ...bytesJson('container', process.container),
        namespacePids: process.namespacePids,
        netns: process.netns,
      }),
    )
  }
  return json
}

function argumentsJson(args: readonly string[] | undefined): Record<string, unknown> {
  if (args === undefined) return {}
  const raw = Buffer.from(args.join('\0'), 'latin1')
  if (isUtf8(raw)) return { args: args.map(argument => Buffer.from(argument, 'latin1').toString('utf8')) }
  return { args: args.map(argument => escapeBytes(argument)), argsBase64: raw.toString('base64') }
}

function bytesJson(key: string, bytes: string | undefined): Record<string, unknown> {
  if (bytes === undefined) return {}
  const raw = Buffer.from(bytes, 'latin1')
  return isUtf8(raw)
    ? { [key]: raw.toString('utf8') }
    : { [key]: escapeBytes(bytes), [`${key}Base64`]: raw.toString('base64') }
}
