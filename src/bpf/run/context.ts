import { machine as architecture } from 'node:os'
import type { BpfMachine } from '../doctor/machine/machine.ts'
import type { MachineContext } from '../doctor/machine-context.ts'
import { BPF_RECORDING_SCHEMA, type Dialect } from '../model.ts'
import { parseTracepointFields } from '../doctor/machine/tracepoint-format.ts'
import type { Job, Probe, ProgramContext, TaskFilter } from '../jobs/job.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'

export interface ProgramOptions {
  filter: TaskFilter
  minLatencyNs?: number | undefined
  intervalS: number
  /** Files for uprobes, where the user names them. */
  object?: string | undefined
}

/** What a program can count on here: tracepoints and their fields, kernel types, the files of functions. */
export function programContext(
  { files, machine }: Pick<MachineContext, 'files' | 'machine'>,
  options: ProgramOptions,
  ownPids: readonly number[],
): ProgramContext {
  const known = new Map<string, ReadonlySet<string> | undefined>()
  const fieldsOf = (name: string) => {
    if (!known.has(name)) known.set(name, readFields(files, machine, name))
    return known.get(name)
  }
  return {
    filter: options.filter,
    minLatencyNs: options.minLatencyNs,
    intervalS: options.intervalS,
    ownPids,
    btf: machine.kernelFiles.btf === 'readable',
    hasTracepoint: (name, field) => {
      const fields = fieldsOf(name)
      return fields !== undefined && (field === undefined || fields.has(field))
    },
    objectPath: name => options.object ?? (name === 'libc' ? libcPath(files) : files.findProgram(name)),
  }
}

/** The part of a header that is the same for every run on this machine. */
export function machineHeader({ files, machine }: MachineContext, tool: { version: string; dialect: Dialect }) {
  return {
    schema: BPF_RECORDING_SCHEMA,
    tool: 'bpftrace',
    toolVersion: tool.version,
    dialect: tool.dialect,
    host: files.meta.host,
    kernel: machine.kernel,
    machine: architecture(),
    takenAt: files.meta.takenAt ?? new Date().toISOString(),
    btf: machine.kernelFiles.btf === 'readable',
  } as const
}

/** Probes a job cannot do without and this kernel does not have. */
export function missingProbes(job: Job, context: ProgramContext): Probe[] {
  return job.probes.filter(probe => probe.optional !== true && isMissing(probe, context))
}

function isMissing(probe: Probe, context: ProgramContext): boolean {
  if (probe.kind === 'tracepoint') return !context.hasTracepoint(probe.target)
  return probe.kind === 'uprobe' && context.objectPath(probe.target.split(':')[0]!) === undefined
}

function readFields(files: MachineFiles, machine: BpfMachine, name: string): ReadonlySet<string> | undefined {
  const folder = machine.kernelFiles.tracefs
  if (folder === undefined) return undefined
  try {
    return parseTracepointFields(files.readFile(`${folder}/events/${name.replace(':', '/')}/format`))
  } catch {
    return undefined
  }
}

/** The C library this process runs with, which is that of most programs of the machine. */
function libcPath(files: MachineFiles): string | undefined {
  try {
    const maps = files.readFile('proc/self/maps').toString('latin1')
    return /\s(\/\S*\/libc(?:\.so\.6|-[\d.]+\.so))$/m.exec(maps)?.[1]
  } catch {
    return undefined
  }
}
