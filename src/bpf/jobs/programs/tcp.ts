import type { BpfRow, Field } from '../../run/output/row.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { commField, pidField, timeField } from '../fields.ts'
import type { EventJob, ReaderContext } from '../job.ts'
import { TCP_LAYOUTS, tcpProgram, tcpReader, type Connection, type TcpEvent } from './tcp-stream.ts'

const ownerFields: Field[] = [
  { ...pidField, about: 'owner: who called connect() or accept(); absent where that was not seen' },
  { ...commField, about: 'name of the owner' },
]
export const addressFields: Field[] = [
  { key: 'laddr', header: 'LADDR', kind: 'address', about: 'local address', width: 15 },
  { key: 'lport', header: 'LPORT', kind: 'port', about: 'local port', width: 5 },
  { key: 'raddr', header: 'RADDR', kind: 'address', about: 'remote address', width: 15 },
  { key: 'rport', header: 'RPORT', kind: 'port', about: 'remote port', width: 5 },
]

const common = {
  shape: 'events',
  probes: [
    { kind: 'tracepoint', target: 'sock:inet_sock_set_state' },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_accept', optional: true },
    { kind: 'tracepoint', target: 'syscalls:sys_exit_accept4', optional: true },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  overhead:
    'One record for each state of a connection, about ten in its life; 1,000 connections a second are 2 % of a CPU.',
  program: tcpProgram,
  layouts: TCP_LAYOUTS,
} as const

const addresses = ({ pid, comm, laddr, lport, raddr, rport }: Connection): BpfRow => ({
  pid,
  comm,
  laddr,
  lport,
  raddr,
  rport,
})

const reading = (rowsOf: (connection: Connection, event: TcpEvent) => BpfRow | undefined) => (context: ReaderContext) =>
  tcpReader(context, rowsOf)

export const tcpconnect: EventJob = {
  ...common,
  name: 'tcpconnect',
  title: 'outgoing TCP connections',
  shows: 'Every connect() that sends a SYN: who, from which address, to where; also those that fail later.',
  doesNotShow:
    'Connections opened before it started; UDP; the local port, and whether the connection came about (see tcpstates).',
  // The local port is chosen after the state is set.
  fields: [timeField, ...ownerFields, ...addressFields.filter(field => field.key !== 'lport')],
  substitutes: { libbpf: ['tcpconnect'], bcc: ['tcpconnect'] },
  reader: reading((connection, { time, from, to }) =>
    from === TCP_STATE.close && to === TCP_STATE.synSent ? { time, ...addresses(connection) } : undefined,
  ),
}

export const tcpaccept: EventJob = {
  ...common,
  name: 'tcpaccept',
  title: 'incoming TCP connections',
  shows: 'Every accept() that takes a connection: who, from where.',
  doesNotShow:
    'Connections the queue refused (see tcprst). Where the kernel has no BTF: the moment of establishment instead of accept(), and the listener as owner, if it began to listen while this ran.',
  fields: [timeField, ...ownerFields, ...addressFields],
  substitutes: { libbpf: ['tcptracer'], bcc: ['tcpaccept', 'tcptracer'] },
  reader: context =>
    tcpReader(context, (connection, { time, from, to }) =>
      from === (context.btf ? 'queue' : TCP_STATE.synRecv) && to === TCP_STATE.established
        ? { time, ...addresses(connection) }
        : undefined,
    ),
}

export const tcplife: EventJob = {
  ...common,
  name: 'tcplife',
  title: 'TCP connections with duration and bytes',
  shows: 'Every TCP connection when it is over: owner, both ends, bytes in both directions, how long it lived.',
  doesNotShow:
    'Connections still open at the end. Duration where the beginning was not seen; bytes where the kernel has no BTF. TIME_WAIT is not part of the life.',
  fields: [
    timeField,
    ...ownerFields,
    ...addressFields,
    {
      key: 'txBytes',
      header: 'TX',
      kind: 'bytes',
      about: 'bytes the other side acknowledged, SYN and FIN counted as one',
      width: 9,
    },
    { key: 'rxBytes', header: 'RX', kind: 'bytes', about: 'bytes received in order', width: 9 },
    { key: 'durationNs', header: 'LIFE', kind: 'durationNs', about: 'from SYN to close', width: 9 },
  ],
  substitutes: { libbpf: ['tcplife'], bcc: ['tcplife'] },
  reader: reading((connection, { time, from, to, txBytes, rxBytes }) =>
    to === TCP_STATE.close && from !== TCP_STATE.listen
      ? {
          time,
          ...addresses(connection),
          txBytes,
          rxBytes,
          durationNs: connection.opened && time - connection.firstAt,
        }
      : undefined,
  ),
}

export const tcpstates: EventJob = {
  ...common,
  name: 'tcpstates',
  title: 'TCP state changes',
  shows: 'Every change of state of every TCP socket, with how long it was in the state before.',
  doesNotShow:
    'TIME_WAIT, which the kernel keeps in smaller sockets. With --pid or --comm: what happens to an incoming connection before accept() takes it.',
  fields: [
    timeField,
    ...ownerFields,
    ...addressFields,
    { key: 'oldState', header: 'OLDSTATE', kind: 'state', about: 'state it leaves', width: 11 },
    { key: 'newState', header: 'NEWSTATE', kind: 'state', about: 'state it enters', width: 11 },
    {
      key: 'durationNs',
      header: 'AFTER',
      kind: 'durationNs',
      about: 'time spent in the old state, where seen',
      width: 9,
    },
    {
      key: 'socket',
      header: 'SKADDR',
      kind: 'socket',
      about: 'address of the socket in the kernel: the same for all lines of a connection',
    },
  ],
  substitutes: { libbpf: ['tcpstates'], bcc: ['tcpstates'] },
  reader(context) {
    const since = new Map<string, number>()
    return tcpReader(context, (connection, { time, from, to }) => {
      if (from === 'queue') return undefined
      const { socket } = connection
      const entered = since.get(socket)
      if (to === TCP_STATE.close) since.delete(socket)
      else since.set(socket, time)
      return {
        time,
        ...addresses(connection),
        oldState: from,
        newState: to,
        durationNs: entered === undefined ? undefined : time - entered,
        socket,
      }
    })
  },
}
