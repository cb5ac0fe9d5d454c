import type { CheckId } from '../doctor/check-machine.ts'
import { MachineError, ToolError, UsageError } from '../../errors.ts'
import type { BpfTool } from '../doctor/machine/machine.ts'
import type { ToolRunHeader, ToolVerdict } from './tool-run.ts'
import { NEAREST_JOB } from '../jobs/bcc-tools.ts'
import { findJob } from '../jobs/catalog.ts'
import type { Candidate } from '../doctor/list-entry.ts'
import { jobFor, judgeJob, probeContext } from '../doctor/list-tools.ts'
import type { MachineContext } from '../doctor/machine-context.ts'

/** Checks that every job depends on, too. */
const RIGHTS: ReadonlySet<CheckId | undefined> = new Set<CheckId>([
  'user',
  'capabilities',
  'user-namespace',
  'lockdown',
])

/**
 * The words of `linsight bpf run` that stand for a tool and its arguments; nothing where no job that works here answers
 * the same question, or where an argument has no counterpart.
 */
export function substituteJob(tool: BpfTool, args: readonly string[], context: MachineContext): string[] | undefined {
  const job = workingJob(tool, context)
  if (job === undefined || NEAREST_JOB[tool.name] !== undefined) return undefined
  if (args.length === 0) return [job]
  const [flag, pid] = args
  return args.length === 2 && flag === '-p' && /^\d+$/.test(pid!) ? [job, '--pid', pid!] : undefined
}

/** Why a tool that cannot attach here was not started, and what to do. */
export function refusal(tool: Candidate & BpfTool, context: MachineContext): Error {
  const message = refusalText(tool)
  if (RIGHTS.has(tool.because)) return new MachineError('not-permitted', message, { hint: tool.remedy })
  return new ToolError(message, { hint: hintInstead(tool, context) ?? tool.remedy })
}

export function refusalText(tool: Candidate & BpfTool): string {
  return `${tool.name} (${tool.path}) was not started because it cannot attach here: ${tool.reason}`
}

/** Turns the failure of a tool into an error, with what the doctor knows about it where it happened on this machine. */
export function toolFailure(
  run: Pick<ToolRunHeader, 'tool' | 'family' | 'path'>,
  failure: NonNullable<ToolVerdict['failure']>,
  context: MachineContext | undefined,
): Error {
  if (failure.usage) return new UsageError(failure.message, { hint: `see linsight bpf bcc ${run.tool} --help` })
  if (context === undefined) return new ToolError(failure.message)
  const tool = { name: run.tool, family: run.family, path: run.path }
  const check = context.checks.find(({ code, severity }) => code === failure.because && severity === 'critical')
  const message = check === undefined ? failure.message : `${failure.message}; ${check.finding}`
  if (RIGHTS.has(check?.code)) return new MachineError('not-permitted', message, { hint: check?.do[0] })
  return new ToolError(message, { hint: hintInstead(tool, context) ?? check?.do[0] })
}

function hintInstead(tool: BpfTool, context: MachineContext): string | undefined {
  const job = workingJob(tool, context)
  if (job === undefined) return undefined
  const nearest = NEAREST_JOB[tool.name] !== undefined
  return `linsight bpf run ${job} ${nearest ? 'comes nearest to it' : 'answers the same'} and works here`
}

/** The job that answers what the tool is for, where it works here. */
function workingJob(tool: BpfTool, { files, machine, checks }: MachineContext): string | undefined {
  const job = findJob(jobFor(tool.name) ?? '')
  return job !== undefined && judgeJob(job, probeContext(files, machine), checks).works === 'yes' ? job.name : undefined
}
