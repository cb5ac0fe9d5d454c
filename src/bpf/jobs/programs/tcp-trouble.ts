import { commField, pidField, timeField } from '../fields.ts'
import type { Field } from '../../run/output/row.ts'
import type { EventJob, ProgramContext, ReaderContext, RecordLayouts, RowReader } from '../job.ts'
import { sockaddrText } from '../../../kernel/sockaddr.ts'
import { addressFields } from './tcp.ts'
import { rowOf } from '../records.ts'

/** Where a socket that was closed is remembered: another may take its place. */
const CLOSED_SLOT = '((uint64)args->skaddr >> 6) % 4096'

/**
 * Owners, remembered while their own connect() or listen() runs: trouble is met while a packet or a timer is handled. A
 * connection from outside belongs to who listens on its port. A socket that is closed with a reset is in state CLOSE before
 * the reset is sent, so those closed last are still known, in a map of bounded size.
 */
const ownersProgram = ({ filter }: ProgramContext) => {
  const traced = filter.tree === undefined ? '' : ' && @tree[tid]'
  return `tracepoint:sock:inet_sock_set_state /args->protocol == 6/ {
  if (args->oldstate == 7 && (args->newstate == 2 || args->newstate == 10)${traced}) { @pid[args->skaddr] = (uint64)pid; @comm[args->skaddr] = comm; }
  if (args->newstate == 10${traced}) { @lpid[args->sport] = (uint64)pid; @lcomm[args->sport] = comm; }
  if ((args->newstate == 3 || args->oldstate == 3) && @lpid[args->sport] && !@pid[args->skaddr]) { @pid[args->skaddr] = @lpid[args->sport]; @comm[args->skaddr] = @lcomm[args->sport]; }
  if (args->newstate == 7 && @pid[args->skaddr]) {
    @csk[${CLOSED_SLOT}] = args->skaddr; @cpid[${CLOSED_SLOT}] = @pid[args->skaddr]; @ccomm[${CLOSED_SLOT}] = @comm[args->skaddr];
    if (args->oldstate == 10) { delete(@lpid[args->sport]); delete(@lcomm[args->sport]); }
    delete(@pid[args->skaddr]); delete(@comm[args->skaddr]);
  }
}
`
}
const ownerFields: Field[] = [
  { ...pidField, about: 'owner: who connected or listens, where that began while this ran' },
  { ...commField, about: 'name of the owner' },
]
const stateField: Field = { key: 'state', header: 'STATE', kind: 'state', about: 'state of the connection', width: 11 }

export const tcpretrans: EventJob = {
  name: 'tcpretrans',
  title: 'TCP retransmissions',
  shows: 'Every segment TCP sends a second time, SYN included: which connection, in which state.',
  doesNotShow: 'The owner of connections opened before it started; tail loss probes on old kernels.',
  overhead: 'One record for a retransmission, one map entry for a connection; too little to measure.',
  shape: 'events',
  probes: [
    { kind: 'tracepoint', target: 'tcp:tcp_retransmit_skb' },
    { kind: 'tracepoint', target: 'sock:inet_sock_set_state' },
  ],
  fields: [timeField, ...ownerFields, ...addressFields, stateField],
  filters: ['pid', 'comm', 'tree'],
  substitutes: { libbpf: [], bcc: ['tcpretrans'] },
  program(context) {
    const record = (family: number, suffix: string) =>
      `print(("retrans", nsecs, @pid[args->skaddr], (uint64)args->state, (uint64)args->sport, (uint64)args->dport, @comm[args->skaddr], ntop(${family}, args->saddr${suffix}), ntop(${family}, args->daddr${suffix})));`
    const family = context.hasTracepoint('tcp:tcp_retransmit_skb', 'family')
    return `${ownersProgram(context)}tracepoint:tcp:tcp_retransmit_skb {
  ${family ? `if (args->family == 10) { ${record(10, '_v6')} } else { ${record(2, '')} }` : record(2, '')}
}
`
  },
  layouts: { retrans: ['time', 'pid', 'state', 'lport', 'rport', 'comm', 'laddr', 'raddr'] },
  reader: context => ownedRows(context, tcpretrans.layouts),
}

export const tcprst: EventJob = {
  name: 'tcprst',
  title: 'TCP resets, sent and received',
  shows: 'Every RST, in both directions: connections refused, aborted, or answered for a socket that is gone.',
  doesNotShow:
    'Addresses of resets sent on kernels before 6.10 for packets without a socket; the owner of connections opened before it started. The answer to a port that nobody listens on is the kernel’s own and has no owner, so a filter leaves it out.',
  overhead: 'One record for a reset, one map entry for a connection; too little to measure.',
  shape: 'events',
  probes: [
    { kind: 'tracepoint', target: 'tcp:tcp_send_reset' },
    { kind: 'tracepoint', target: 'tcp:tcp_receive_reset' },
    { kind: 'tracepoint', target: 'sock:inet_sock_set_state' },
  ],
  fields: [
    timeField,
    ...ownerFields,
    { key: 'direction', header: 'DIR', kind: 'text', about: '`out`: sent by this machine, `in`: received', width: 3 },
    ...addressFields,
    stateField,
  ],
  filters: ['pid', 'comm', 'tree'],
  substitutes: { libbpf: [], bcc: [] },
  program(context) {
    const v6 = (family: number, suffix: string) =>
      `print(("rst_in", nsecs, @pid[args->skaddr], (uint64)args->sport, (uint64)args->dport, @comm[args->skaddr], ntop(${family}, args->saddr${suffix}), ntop(${family}, args->daddr${suffix})));`
    const family = context.hasTracepoint('tcp:tcp_receive_reset', 'family')
    return `${ownersProgram(context)}tracepoint:tcp:tcp_receive_reset {
  ${family ? `if (args->family == 10) { ${v6(10, '_v6')} } else { ${v6(2, '')} }` : v6(2, '')}
}
tracepoint:tcp:tcp_send_reset {
  ${sendReset(context.hasTracepoint('tcp:tcp_send_reset', 'reason'))}
}
`
  },
  layouts: {
    rst_in: ['time', 'pid', 'lport', 'rport', 'comm', 'laddr', 'raddr'],
    rst_out: ['time', 'pid', 'state', 'lport', 'rport', 'comm', 'laddr', 'raddr'],
    rst_out_sockaddr: ['time', 'pid', 'state', 'comm', 'laddr', 'raddr'],
  },
  reader: context =>
    ownedRows(context, tcprst.layouts, (row, tag) => {
      for (const end of ['l', 'r']) {
        const address = row[`${end}addr`]
        if (Array.isArray(address)) [row[`${end}addr`], row[`${end}port`]] = sockaddrText(address.map(Number))
      }
      row['direction'] = tag === 'rst_in' ? 'in' : 'out'
      // A reset without a connection has no state: the port was closed.
      if (row['state'] === 0) row['state'] = undefined
    }),
}

/** Since 6.10 the addresses are whole sockaddr structures, and say what is known even without a socket. */
function sendReset(sockaddr: boolean): string {
  const record = (pid: string, comm: string) =>
    sockaddr
      ? `print(("rst_out_sockaddr", nsecs, ${pid}, (uint64)args->state, ${comm}, args->saddr, args->daddr));`
      : `print(("rst_out", nsecs, ${pid}, (uint64)args->state, (uint64)args->sport, (uint64)args->dport, ${comm}, ntop(2, args->saddr), ntop(2, args->daddr)));`
  return `if (args->skaddr != 0 && @csk[${CLOSED_SLOT}] == args->skaddr && !@pid[args->skaddr]) { ${record(`@cpid[${CLOSED_SLOT}]`, `@ccomm[${CLOSED_SLOT}]`)} }
  else { ${record('@pid[args->skaddr]', '@comm[args->skaddr]')} }`
}

function ownedRows(
  { filter }: ReaderContext,
  layouts: RecordLayouts,
  finish?: (row: ReturnType<typeof rowOf> & object, tag: string) => void,
): RowReader {
  return {
    take(record) {
      const row = rowOf(record, layouts)
      if (row === undefined) return []
      if (row['pid'] === 0) row['pid'] = row['comm'] = undefined
      finish?.(row, String(record[0]))
      // Only owners of the family are remembered.
      if (filter.tree !== undefined && row['pid'] === undefined) return []
      if (filter.pid !== undefined && row['pid'] !== filter.pid) return []
      if (filter.comm !== undefined && row['comm'] !== filter.comm) return []
      return [row]
    },
  }
}
