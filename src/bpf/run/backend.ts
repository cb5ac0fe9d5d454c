import type { MachineContext } from '../doctor/machine-context.ts'
import type { Dialect } from '../model.ts'
import { ToolError, UsageError } from '../../errors.ts'
import type { BpfTool } from '../doctor/machine/machine.ts'
import { findBpftrace } from '../doctor/find-bpftrace.ts'
import type { Job, ProgramContext, TaskFilter } from '../jobs/job.ts'
import { judgeJob, listAll } from '../doctor/list-tools.ts'

export type BackendChoice = 'auto' | 'bpftrace' | 'bcc'

/** What a job is run with, and why. */
export type Backend =
  | { kind: 'bpftrace'; path: string; version: string; dialect: Dialect; why: string }
  | { kind: 'tool'; tool: BpfTool; why: string }

/**
 * Chooses what runs a job: its own program wherever that attaches, otherwise the first tool that does. Nothing is chosen
 * that is known not to attach.
 *
 * @throws MachineError where bpftrace is missing, ToolError where nothing attaches
 */
export async function chooseBackend(
  job: Job,
  choice: BackendChoice,
  programContext: ProgramContext,
  context: MachineContext,
): Promise<Backend> {
  const { machine, checks } = context
  const own = judgeJob(job, programContext, checks)
  if (choice !== 'bcc' && own.works === 'yes') {
    const { path, version, dialect } = await findBpftrace(machine)
    return { kind: 'bpftrace', path, version, dialect, why: 'its own program attaches here' }
  }
  const candidates = choice === 'bpftrace' ? [] : substitutesOf(job, context)
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

function substitutesOf(job: Job, context: MachineContext) {
  const entry = listAll(context).find(candidate => candidate.name === job.name)
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
