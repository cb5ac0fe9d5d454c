import { didYouMean } from '../../terminal/did-you-mean.ts'
import { UsageError } from '../../errors.ts'
import { machineContext, type MachineContext } from '../doctor/machine-context.ts'
import type { BpfRunFacts, Dialect } from '../model.ts'
import { STRING_BYTES } from '../jobs/build.ts'
import { findJob, JOBS } from '../jobs/catalog.ts'
import type { Job, ProgramContext, TaskFilter } from '../jobs/job.ts'
import { cgroupId, containerCgroup } from '../../children/cgroup.ts'
import { machineHeader, programContext } from './context.ts'

/** The kernel keeps 15 bytes of a task's name. */
const COMM_BYTES = 15

/** Options of a job, as the command line gives them. */
export interface JobOptions {
  pid?: number | undefined
  comm?: string | undefined
  cgroup?: string | undefined
  container?: string | undefined
  /** Milliseconds. */
  'min-latency'?: number | undefined
  interval?: number | undefined
  object?: string | undefined
}

/** A job, checked against its options, and everything about this machine its program depends on. */
export interface PreparedJob {
  job: Job
  filter: TaskFilter
  context: MachineContext
  programContext: (ownPids: readonly number[], filter: TaskFilter) => ProgramContext
  header: (tool: { version: string; dialect: Dialect }, filter: TaskFilter) => BpfRunFacts
}

/** @throws UsageError where there is no such job, or a filter does not apply to it */
export function prepareJob(name: string | undefined, options: JobOptions): PreparedJob {
  const job = name === undefined ? undefined : findJob(name)
  if (job === undefined) throw noJob(name)
  const filter = filterOf(job, options)
  const minLatencyNs = options['min-latency'] === undefined ? undefined : Math.round(options['min-latency'] * 1e6)
  if (minLatencyNs !== undefined && job.minLatency !== true)
    throw new UsageError(`${job.name} measures no latency, so --min-latency does not apply to it`)
  if (options.object !== undefined && !/^\/[A-Za-z0-9_.+/-]+$/.test(options.object)) {
    throw new UsageError(`--object ${options.object} is no absolute path of plain characters`)
  }
  const intervalS = Math.max(1, Math.round((options.interval ?? 1000) / 1000))
  const context = machineContext()
  return {
    job,
    filter,
    context,
    programContext: (ownPids, task) =>
      programContext(context, { filter: task, minLatencyNs, intervalS, object: options.object }, ownPids),
    header: (tool, task) => ({
      ...machineHeader(context, tool),
      job: job.name,
      filter: task,
      minLatencyNs,
      intervalS,
      stringBytes: job.stringBytes ?? STRING_BYTES,
      everyInterval: options.interval !== undefined,
    }),
  }
}

function noJob(name: string | undefined): UsageError {
  const hint = 'see what there is with: linsight bpf list'
  if (name === undefined) return new UsageError('no JOB given', { hint })
  const names = JOBS.map(job => job.name)
  const near = names.filter(known => known.includes(name) || name.includes(known))
  return new UsageError(`there is no job ${name}`, {
    hint: near.length === 0 ? didYouMean(name, names, hint) : `did you mean ${near.join(' or ')}?`,
  })
}

function filterOf(job: Job, { pid, comm, cgroup, container }: JobOptions): TaskFilter {
  const given = { pid, comm, cgroup: cgroup ?? container }
  for (const kind of ['pid', 'comm', 'cgroup'] as const) {
    if (given[kind] !== undefined && !job.filters.includes(kind)) {
      throw new UsageError(`${job.name} cannot be filtered by ${kind}: its events do not happen while the task runs`)
    }
  }
  if (cgroup !== undefined && container !== undefined)
    throw new UsageError('--cgroup and --container exclude each other')
  const bytes = comm === undefined ? undefined : Buffer.from(comm, 'utf8').toString('latin1')
  if (bytes !== undefined && (bytes.length === 0 || bytes.length > COMM_BYTES || bytes.includes('\0'))) {
    throw new UsageError(`--comm takes 1 to ${COMM_BYTES} bytes, and ${comm} has ${bytes.length}`, {
      hint: 'the kernel keeps no more of a name: give its first 15 bytes',
    })
  }
  return {
    pid,
    comm: bytes,
    cgroupId:
      cgroup !== undefined ? cgroupId(cgroup) : container !== undefined ? containerCgroup(container) : undefined,
  }
}
