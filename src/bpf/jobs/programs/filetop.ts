import { currentTask, when } from '../condition.ts'
import { commField, pidField } from '../fields.ts'
import type { CountJob } from '../job.ts'
import { syscallProbes } from '../syscall-probes.ts'

const READ_CALLS = ['read', 'pread64', 'readv', 'preadv']
const WRITE_CALLS = ['write', 'pwrite64', 'writev', 'pwritev']

export const filetop: CountJob = {
  name: 'filetop',
  title: 'bytes read and written, by process and file',
  shows: 'Which process reads and writes how much through which descriptor, sorted by bytes.',
  doesNotShow:
    'mmap, sendfile, splice, io_uring and sockets used by send() and recv(). FILE is the file behind the descriptor when it was looked up, a moment later.',
  overhead: 'About 1 µs for a read or write.',
  shape: 'counts',
  keys: [pidField, { key: 'fd', header: 'FD', kind: 'integer', about: 'descriptor', width: 4 }],
  maps: { '@reads': 'reads', '@read': 'readBytes', '@writes': 'writes', '@written': 'writtenBytes' },
  sortBy: 'readBytes+writtenBytes',
  probes: syscallProbes([...READ_CALLS, ...WRITE_CALLS], ['read', 'write']),
  fields: [
    pidField,
    commField,
    { key: 'fd', header: 'FD', kind: 'integer', about: 'descriptor', width: 4 },
    { key: 'reads', header: 'READS', kind: 'integer', about: 'reads that returned data', width: 7 },
    { key: 'writes', header: 'WRITES', kind: 'integer', about: 'writes that took data', width: 7 },
    { key: 'readBytes', header: 'READ', kind: 'bytes', about: 'bytes read', width: 9 },
    { key: 'writtenBytes', header: 'WRITTEN', kind: 'bytes', about: 'bytes written', width: 9 },
    {
      key: 'file',
      header: 'FILE',
      kind: 'text',
      about: 'the file behind the descriptor; absent where the process had ended',
    },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  substitutes: { libbpf: ['filetop'], bcc: ['filetop'] },
  program(context) {
    const side = (calls: readonly string[], count: string, sum: string) => {
      const present = calls.filter(call => context.hasTracepoint(`syscalls:sys_enter_${call}`))
      const on = (which: string) => present.map(call => `tracepoint:syscalls:sys_${which}_${call}`).join(',\n')
      return `${on('enter')}${when(...currentTask(context))} { @fd[tid] = args->fd + 1; }
${on('exit')} /@fd[tid]/ {
  if (args->ret > 0) { @${count}[pid, @fd[tid] - 1] = count(); @${sum}[pid, @fd[tid] - 1] = sum(args->ret); @comm[pid] = comm; }
  delete(@fd[tid]);
}
`
    }
    return side(READ_CALLS, 'reads', 'read') + side(WRITE_CALLS, 'writes', 'written')
  },
}
