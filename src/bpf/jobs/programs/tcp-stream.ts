import type { BpfRow, BpfValue } from '../../run/output/row.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import { tracepoints } from '../condition.ts'
import type { ProgramContext, ReaderContext, RecordLayouts, RowReader, TaskFilter } from '../job.ts'

/**
 * One tracepoint, `sock:inet_sock_set_state`, tells of every TCP connection: all four TCP jobs read the same stream.
 *
 * No condition is in the program: most transitions happen while a packet is handled, when whatever runs on that CPU has
 * nothing to do with the connection. Who owns a socket is remembered from the transitions its own process makes, and,
 * where the program may follow kernel structures from a descriptor to its socket, from the end of accept().
 */
export function tcpProgram(context: ProgramContext): string {
  const { btf } = context
  const traced = familyFlag(context)
  const bytes = btf
    ? '(uint64)((struct tcp_sock *)args->skaddr)->bytes_acked, (uint64)((struct tcp_sock *)args->skaddr)->bytes_received'
    : '(uint64)0, (uint64)0'
  // bpftrace before 0.22 misplaces small integers beside addresses: widened, and addresses last.
  const record = (tag: string, family: number, suffix: string) =>
    `print(("${tag}", nsecs, (uint64)pid, (uint64)cgroup, ${traced}, (uint64)args->skaddr, (uint64)args->oldstate, (uint64)args->newstate, (uint64)args->sport, (uint64)args->dport, ${bytes}, comm, ntop(${family}, args->saddr${suffix}), ntop(${family}, args->daddr${suffix})));`
  return `tracepoint:sock:inet_sock_set_state /args->protocol == 6/ {
  if (args->family == 2) { ${record('tcp', 2, '')} }
  else { ${record('tcp', 10, '_v6')} }
}
${btf ? acceptProgram(context) : ''}`
}

/** What these records hold; the reader takes them apart by place, as there are many. */
export const TCP_LAYOUTS: RecordLayouts = {
  tcp: 'time pid cgroup family socket oldState newState lport rport txBytes rxBytes comm laddr raddr'.split(' '),
  accept: ['time', 'pid', 'cgroup', 'family', 'socket', 'comm'],
}

/** Whether the running task is of the traced command: part of the record, because the owner is known before the event. */
const familyFlag = ({ filter }: ProgramContext) => (filter.tree === undefined ? '(uint64)0' : '(uint64)@tree[tid]')

/** descriptor → file → inode → socket: the inode of a socket lies right behind it. Source: struct socket_alloc, include/net/sock.h. */
function acceptProgram(context: ProgramContext): string {
  return `${tracepoints(context, ['syscalls:sys_exit_accept', 'syscalls:sys_exit_accept4'])} /args->ret >= 0/ {
  $file = (struct file *)*(((struct task_struct *)curtask)->files->fdt->fd + args->ret);
  $socket = (struct socket *)((uint64)$file->f_inode - sizeof(struct socket));
  print(("accept", nsecs, (uint64)pid, (uint64)cgroup, ${familyFlag(context)}, (uint64)$socket->sk, comm));
}
`
}

/** A TCP connection as far as it was seen. */
export interface Connection {
  socket: string
  /** Absent where neither its own calls, nor accept(), nor its listener tell. */
  pid?: number
  comm?: string
  cgroupId?: string
  /** Its owner is the traced command or was started by it. */
  inFamily?: boolean
  /** Who opened it: this side or the other. Absent where the beginning was not seen. */
  opened?: 'here' | 'there'
  /** First transition seen, in ns of the tracer's clock. */
  firstAt: number
  laddr: string
  lport: number
  raddr: string
  rport: number
}

/** What happened to a connection: a change of state, or that a process took it from the queue. */
export interface TcpEvent {
  time: number
  from: number | 'queue'
  to: number
  txBytes?: number | undefined
  rxBytes?: number | undefined
}

/** Follows connections through their events; forgets them when they are closed. */
export function tcpReader(
  context: ReaderContext,
  rowOf: (connection: Connection, event: TcpEvent) => BpfRow | undefined,
): RowReader {
  const connections = new Map<string, Connection>()
  const listeners = new Map<number, Owner>()

  function accepted(record: readonly BpfValue[]): [Connection, TcpEvent] | undefined {
    const [time, pid, cgroupId, family, address, comm] = record.slice(1)
    const connection = connections.get(hex(address))
    if (connection === undefined) return undefined
    Object.assign(connection, owner(pid, cgroupId, family, comm))
    return [connection, { time: Number(time), from: 'queue', to: TCP_STATE.established }]
  }

  function changed(record: readonly BpfValue[]): [Connection, TcpEvent] {
    const [pid, cgroupId, family, address] = record.slice(2)
    const [time, from, to, lport, rport, txBytes, rxBytes] = [1, ...range(6, 11)].map(i => Number(record[i])) as Numbers
    const [comm, laddr, raddr] = record.slice(12)
    const socket = hex(address)
    let connection = connections.get(socket)
    if (connection === undefined) {
      connection = { socket, firstAt: time, laddr: String(laddr), lport, raddr: String(raddr), rport }
      connections.set(socket, connection)
    }
    // The own port is chosen between the first and the second change of an outgoing connection.
    connection.lport ||= lport
    if (from === TCP_STATE.close && (to === TCP_STATE.synSent || to === TCP_STATE.listen)) {
      const own = owner(pid, cgroupId, family, comm)
      Object.assign(connection, own)
      if (to === TCP_STATE.listen) listeners.set(lport, own)
      else connection.opened = 'here'
    } else if (to === TCP_STATE.synRecv) {
      Object.assign(connection, listeners.get(lport), { opened: 'there' })
    }
    return [connection, { time, from, to, ...(context.btf && { txBytes, rxBytes }) }]
  }

  return {
    take(record) {
      const happened = record[0] === 'tcp' ? changed(record) : record[0] === 'accept' ? accepted(record) : undefined
      if (happened === undefined) return []
      const [connection, event] = happened
      const row = isWanted(connection, context.filter) ? rowOf(connection, event) : undefined
      if (event.to === TCP_STATE.close) connections.delete(connection.socket)
      return row === undefined ? [] : [row]
    },
  }
}

type Numbers = [number, number, number, number, number, number, number]
type Owner = Required<Pick<Connection, 'pid' | 'comm' | 'cgroupId' | 'inFamily'>>

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const hex = (address: BpfValue | undefined) => BigInt(address as number).toString(16)

function owner(...[pid, cgroupId, family, comm]: (BpfValue | undefined)[]): Owner {
  return {
    pid: Number(pid),
    comm: comm as string,
    cgroupId: BigInt(cgroupId as number).toString(),
    inFamily: Number(family) === 1,
  }
}

function isWanted(connection: Connection, { pid, comm, cgroupId, tree }: TaskFilter): boolean {
  return (
    (tree === undefined || connection.inFamily === true) &&
    (pid === undefined || connection.pid === pid) &&
    (comm === undefined || connection.comm === comm) &&
    (cgroupId === undefined || connection.cgroupId === cgroupId)
  )
}
