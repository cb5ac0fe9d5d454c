import type { Field } from '../../run/output/row.ts'
import { currentTask, longEnough, when } from '../condition.ts'
import { commField, errorField, pidField, timeField } from '../fields.ts'
import type { EventJob, HistogramJob, Probe } from '../job.ts'
import { plainRows } from '../records.ts'

const deviceField: Field = { key: 'device', header: 'DEV', kind: 'device', about: 'major:minor of the disk', width: 7 }
const probes: Probe[] = [
  { kind: 'tracepoint', target: 'block:block_rq_issue' },
  { kind: 'tracepoint', target: 'block:block_rq_complete' },
]
const overhead = 'Two map operations for a request, about 1 µs: 100,000 requests a second are 10 % of a CPU.'

export const biolatency: HistogramJob = {
  name: 'biolatency',
  title: 'latency of disk requests',
  shows: 'How long block requests take from the moment they are given to the device, as a histogram for each disk.',
  doesNotShow:
    'Time in the queue before the device; requests the kernel merged into another; tmpfs, overlay and network file systems. --pid and --comm mean who issued the request, which for written pages is the kernel.',
  overhead,
  shape: 'histogram',
  map: '@usecs',
  unit: 'usecs',
  key: deviceField,
  probes,
  fields: [deviceField],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['biolatency'], bcc: ['biolatency'] },
  program(context) {
    return `tracepoint:block:block_rq_issue${when(...currentTask(context))} { @start[args->dev, args->sector] = nsecs; }
tracepoint:block:block_rq_complete /@start[args->dev, args->sector]/ {
  $ns = nsecs - @start[args->dev, args->sector];
  if (${longEnough(context)}) { @usecs[args->dev] = hist($ns / 1000); }
  delete(@start[args->dev, args->sector]);
}
`
  },
}

export const biosnoop: EventJob = {
  name: 'biosnoop',
  title: 'disk requests one by one',
  shows: 'Every block request: who issued it, where on which disk, how many bytes, and how long the device took.',
  doesNotShow:
    'Who wrote a page that the kernel flushes later: then the issuer is a kernel thread. Time in the queue before the device.',
  overhead,
  shape: 'events',
  probes,
  fields: [
    timeField,
    pidField,
    commField,
    deviceField,
    {
      key: 'operation',
      header: 'OP',
      kind: 'text',
      about: 'R read, W write, D discard, F flush; then S sync, M metadata, A ahead',
      width: 4,
    },
    { key: 'sector', header: 'SECTOR', kind: 'integer', about: 'first sector of 512 bytes', width: 10 },
    { key: 'bytes', header: 'BYTES', kind: 'bytes', about: 'size of the request', width: 8 },
    errorField,
    { key: 'durationNs', header: 'LATENCY', kind: 'durationNs', about: 'from issue to completion', width: 9 },
  ],
  filters: ['pid', 'comm', 'cgroup', 'tree'],
  minLatency: true,
  substitutes: { libbpf: ['biosnoop'], bcc: ['biosnoop'] },
  program(context) {
    return `tracepoint:block:block_rq_issue${when(...currentTask(context))} {
  @start[args->dev, args->sector] = nsecs; @pid[args->dev, args->sector] = pid; @comm[args->dev, args->sector] = comm;
}
tracepoint:block:block_rq_complete /@start[args->dev, args->sector]/ {
  $ns = nsecs - @start[args->dev, args->sector];
  if (${longEnough(context)}) {
    print(("bio", nsecs, (uint64)@pid[args->dev, args->sector], (uint64)args->dev, (uint64)args->sector, (uint64)args->nr_sector, (int64)args->error, (uint64)$ns, args->rwbs, @comm[args->dev, args->sector]));
  }
  delete(@start[args->dev, args->sector]); delete(@pid[args->dev, args->sector]); delete(@comm[args->dev, args->sector]);
}
`
  },
  layouts: { bio: ['time', 'pid', 'device', 'sector', 'bytes', 'error', 'durationNs', 'operation', 'comm'] },
  reader: () =>
    plainRows(biosnoop.layouts, row => {
      row['bytes'] = Number(row['bytes']) * 512
      row['error'] = Number(row['error']) === 0 ? undefined : Math.abs(Number(row['error']))
    }),
}
