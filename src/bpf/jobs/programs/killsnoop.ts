import { currentTask, when } from '../condition.ts'
import { commField, pidField, timeField } from '../fields.ts'
import type { EventJob } from '../job.ts'
import { numberLiteral, stringLiteral } from '../../../children/literal.ts'
import { plainRows } from '../records.ts'

export const killsnoop: EventJob = {
  name: 'killsnoop',
  title: 'signals: who sends which to whom',
  shows: 'Every signal that is generated: by kill(), by the kernel (SIGSEGV, SIGCHLD, SIGPIPE), by a terminal.',
  doesNotShow: 'Whether and when the target handles it. Signals to a whole group appear once for each member.',
  overhead: 'One record for a signal; too little to measure.',
  shape: 'events',
  probes: [{ kind: 'tracepoint', target: 'signal:signal_generate' }],
  fields: [
    timeField,
    { ...pidField, about: 'process that runs when the signal is made: the sender, or the target itself for faults' },
    { ...commField, about: 'name of the sender' },
    { key: 'signal', header: 'SIGNAL', kind: 'signal', about: 'the signal', width: 9 },
    { key: 'targetPid', header: 'TPID', kind: 'pid', about: 'thread that gets it', width: 7 },
    { key: 'targetComm', header: 'TCOMM', kind: 'text', about: 'name of the target', width: 16 },
    {
      key: 'result',
      header: 'RESULT',
      kind: 'text',
      about: '`delivered`, `ignored`, `pending` (already waiting), `lost`',
    },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['sigsnoop', 'killsnoop'], bcc: ['killsnoop'] },
  program(context) {
    const { pid, comm, tree } = context.filter
    // That a command of ours has ended is told to us as its parent: of no interest to who asked for its signals.
    const notOurs =
      tree === undefined
        ? []
        : context.ownPids.map(own => `(args->sig != ${SIGCHLD} || args->pid != ${numberLiteral(own)})`)
    // A filter means either end of it.
    const either = [
      pid !== undefined && `(pid == ${numberLiteral(pid)} || args->pid == ${numberLiteral(pid)})`,
      comm !== undefined && `(comm == ${stringLiteral(comm)} || args->comm == ${stringLiteral(comm)})`,
    ].filter(condition => condition !== false)
    const rest = currentTask({ ...context, filter: { ...context.filter, pid: undefined, comm: undefined } })
    return `tracepoint:signal:signal_generate${when(...either, ...(pid === undefined ? rest : []), ...notOurs)} {
  print(("signal", nsecs, (uint64)pid, (uint64)args->sig, (uint64)args->pid, (uint64)args->result, comm, args->comm));
}
`
  },
  layouts: { signal: ['time', 'pid', 'signal', 'targetPid', 'result', 'comm', 'targetComm'] },
  reader: () =>
    plainRows(killsnoop.layouts, row => {
      row['result'] = RESULTS[Number(row['result'])] ?? row['result']
    }),
}

/** Source: arch/x86/include/uapi/asm/signal.h and asm-generic/signal.h, of every architecture but MIPS, Alpha and PA-RISC. */
const SIGCHLD = 17

/** Source: enum in include/trace/events/signal.h. */
const RESULTS = ['delivered', 'ignored', 'pending', 'lost', 'lost']
