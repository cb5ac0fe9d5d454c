import type { Check } from '../doctor/check-machine.ts'
import { ToolError, UsageError } from '../../errors.ts'
import type { BpfMachine, BpfTool } from '../doctor/machine/machine.ts'
import type { Dialect } from './output/bpftrace-json.ts'
import type { Job, ProgramContext, TaskFilter } from '../jobs/job.ts'
import type { MachineFiles } from '../doctor/machine/machine-files.ts'
import { findBpftrace } from '../doctor/find-bpftrace.ts'
import { judgeJob, listAll } from '../doctor/list-tools.ts'

export type BackendWish = 'auto' | 'bpftrace' | 'bcc'

/** What a job is run with, and why. */
export type Backend =
  | { kind: 'bpftrace'; path: string; version: string; dialect: Dialect; why: string }
  | { kind: 'tool'; tool: BpfTool; why: string }

interface Situation {
  files: MachineFiles
  machine: BpfMachine
  checks: readonly Check[]
}

/**
 * What a job is run with: our own program wherever it attaches, the first tool that does otherwise. Nothing is started
 * that is known not to attach.
 *
 * @throws MachineError where bpftrace is missing, ToolError where nothing attaches
 */
export async function chooseBackend(
  job: Job,
  wish: BackendWish,
  context: ProgramContext,
  situation: Situation,
): Promise<Backend> {
  const { machine, checks } = situation
  const own = judgeJob(job, context, checks)
  if (wish !== 'bcc' && own.works === 'yes') {
    const { path, version, dialect } = await findBpftrace(machine)
    return { kind: 'bpftrace', path, version, dialect, why: 'its own program attaches here' }
  }
  const candidates = wish === 'bpftrace' ? [] : substitutesOf(job, situation)
  const tool = candidates.find(candidate => candidate.works !== 'no')
  if (tool?.path !== undefined && tool.family !== 'own') {
    const why = own.works === 'yes' ? '--backend bcc asks for it' : `its own program does not attach: ${own.reason}`
    return { kind: 'tool', tool: { name: tool.name, family: tool.family, path: tool.path }, why }
  }
  const reason = own.reason ?? candidates[0]?.reason ?? 'no tool of BCC or libbpf stands in for it here'
  throw new ToolError(`${job.name} cannot attach anything here: ${reason}`, {
    hint:
      own.remedy ??
      (own.works === 'yes' ? `linsight bpf run ${job.name} --backend bpftrace works here` : 'see linsight bpf doctor'),
  })
}

function substitutesOf(job: Job, { files, machine, checks }: Situation) {
  const entry = listAll(files, machine, checks).find(candidate => candidate.name === job.name)
  return (entry?.backends ?? []).filter(backend => backend.family !== 'own')
}

/** A filter as options of a libbpf-tool or BCC tool; both know only -p everywhere. */
export function toolArguments(filter: TaskFilter, tool: BpfTool): string[] {
  const { pid, ...others } = filter
  const unknown = Object.entries(others).find(([, value]) => value !== undefined)
  if (unknown !== undefined) {
    throw new UsageError(`${tool.name}, which stands in for the job here, cannot filter by ${unknown[0]}`, {
      hint: 'filter by --pid, or use --backend bpftrace',
    })
  }
  return pid === undefined ? [] : ['-p', String(pid)]
}
