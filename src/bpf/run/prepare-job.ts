import { checkMachine, type Check } from '../doctor/check-machine.ts'
import { UsageError } from '../../errors.ts'
import type { BpfMachine } from '../doctor/machine/machine.ts'
import type { BpfRunHeader } from '../model.ts'
import { STRING_BYTES } from '../jobs/build.ts'
import { findJob, JOBS } from '../jobs/catalog.ts'
import type { Job, ProgramContext, TaskFilter } from '../jobs/job.ts'
import { cgroupId, containerCgroup } from '../../children/cgroup.ts'
import { openMachine, type MachineFiles } from '../doctor/machine/machine-files.ts'
import { machineHeader, programContext } from './context.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'

/** The kernel keeps 15 bytes of a task's name. */
const COMM_BYTES = 15

/** What the command line says of a job. */
export interface JobWishes {
  pid?: number | undefined
  comm?: string | undefined
  cgroup?: string | undefined
  container?: string | undefined
  /** Seconds. */
  'min-latency'?: number | undefined
  interval?: number | undefined
  object?: string | undefined
}

/** A job, checked against what was asked, and everything about this machine its program depends on. */
export interface PreparedJob {
  job: Job
  filter: TaskFilter
  situation: { files: MachineFiles; machine: BpfMachine; checks: Check[] }
  context: (ownPids: readonly number[], filter: TaskFilter) => ProgramContext
  header: (tool: { version: string; dialect: 'A' | 'B' | 'C' }, filter: TaskFilter) => Omit<BpfRunHeader, 'program'>
}

/** @throws UsageError where there is no such job, or a filter means nothing to it */
export function prepareJob(name: string | undefined, wishes: JobWishes): PreparedJob {
  const job = name === undefined ? undefined : findJob(name)
  if (job === undefined) throw noJob(name)
  const filter = filterOf(job, wishes)
  const minLatencyNs = wishes['min-latency'] === undefined ? undefined : Math.round(wishes['min-latency'] * 1e9)
  if (minLatencyNs !== undefined && job.minLatency !== true)
    throw new UsageError(`${job.name} measures no latency, so --min-latency means nothing to it`)
  if (wishes.object !== undefined && !/^\/[A-Za-z0-9_.+/-]+$/.test(wishes.object)) {
    throw new UsageError(`--object ${wishes.object} is no absolute path of plain characters`)
  }
  const intervalS = Math.max(1, Math.round(wishes.interval ?? 1))
  const files = openMachine(undefined)
  const machine = readBpfMachine(files)
  const situation = { files, machine, checks: checkMachine(machine) }
  return {
    job,
    filter,
    situation,
    context: (ownPids, task) =>
      programContext(files, machine, { filter: task, minLatencyNs, intervalS, object: wishes.object }, ownPids),
    header: (tool, task) => ({
      ...machineHeader(files, machine, tool),
      job: job.name,
      filter: task,
      minLatencyNs,
      intervalS,
      stringBytes: job.stringBytes ?? STRING_BYTES,
      everyInterval: wishes.interval !== undefined,
    }),
  }
}

function noJob(name: string | undefined): UsageError {
  const hint = 'see what there is with: linsight bpf list'
  if (name === undefined) return new UsageError('no JOB given', { hint })
  const near = JOBS.filter(job => job.name.includes(name) || name.includes(job.name)).map(job => job.name)
  return new UsageError(`there is no job ${name}`, {
    hint: near.length === 0 ? hint : `did you mean ${near.join(' or ')}?`,
  })
}

function filterOf(job: Job, { pid, comm, cgroup, container }: JobWishes): TaskFilter {
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
