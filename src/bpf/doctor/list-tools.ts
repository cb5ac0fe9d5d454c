import { predictAttach, type Need, type Prediction } from './attach.ts'
import type { Check } from './check-machine.ts'
import type { Candidate, ListEntry } from './list-entry.ts'
import type { MachineContext } from './machine-context.ts'
import type { BpfMachine, BpfTool } from './machine/machine.ts'
import { bpfPrograms } from './machine/bpf-object.ts'
import { bccProbes, bpftraceProbes, compilesProgram } from './machine/tool-script.ts'
import { HIDDEN_NEEDS, NEAREST_JOB } from '../jobs/bcc-tools.ts'
import { JOBS } from '../jobs/catalog.ts'
import type { Job, Probe, ProgramContext } from '../jobs/job.ts'
import type { MachineFiles } from './machine/machine-files.ts'
import { missingProbes, programContext } from '../run/context.ts'

/** Everything there is to run: our jobs with the tools that can stand in for them, then the tools no job covers. */
export function listAll({ files, machine, checks }: MachineContext): ListEntry[] {
  const tools = machine.programs.tools
    .map(tool => judgeTool(files, tool, checks))
    .filter(candidate => candidate !== undefined)
  const context = probeContext(files, machine)
  const jobs = JOBS.map(job => {
    const backends = [
      judgeJob(job, context, checks),
      ...(['libbpf', 'bcc'] as const).flatMap(family =>
        job.substitutes[family].flatMap(name => tools.filter(tool => tool.family === family && tool.name === name)),
      ),
    ]
    return entryOf(job.name, 'job', job.title, backends)
  })
  const covered = new Set(jobs.flatMap(job => [job.name, ...job.backends.map(backend => backend.name)]))
  const working = new Set(jobs.filter(job => job.works === 'yes').map(job => job.name))
  const names = [...new Set(tools.map(tool => tool.name))].filter(name => !covered.has(name)).toSorted()
  const others = names.map(name => {
    const entry = entryOf(
      name,
      'tool',
      undefined,
      tools.filter(tool => tool.name === name),
    )
    const job = jobFor(name)
    return entry.works === 'no' && job !== undefined && working.has(job)
      ? Object.assign(entry, { substitute: job })
      : entry
  })
  return [...jobs, ...others]
}

/** A job whose own program cannot run is taken over by the first tool that can. */
function entryOf(name: string, kind: ListEntry['kind'], title: string | undefined, backends: Candidate[]): ListEntry {
  const [first] = backends
  const best =
    backends.find(backend => backend.works === 'yes') ?? backends.find(backend => backend.works === 'unknown')
  const { works, reason, remedy } = best ?? first!
  return { name, kind, title, works, reason, remedy, backends }
}

/** The job that answers what a tool is for. */
export function jobFor(tool: string): string | undefined {
  const own = JOBS.find(
    job => job.name === tool || job.substitutes.libbpf.includes(tool) || job.substitutes.bcc.includes(tool),
  )
  return own?.name ?? NEAREST_JOB[tool]
}

/** What jobs can count on here, or nothing where a recording holds no more of the machine than the doctor looked at. */
export function probeContext(files: MachineFiles, machine: BpfMachine): ProgramContext | undefined {
  return files.kind === 'live' ? programContext({ files, machine }, { filter: {}, intervalS: 1 }, []) : undefined
}

/** Whether our own program of a job attaches here. */
export function judgeJob(job: Job, context: ProgramContext | undefined, checks: readonly Check[]): Candidate {
  const prediction = predictAttach(
    job.probes.filter(probe => !probe.optional).map(probe => ({ section: sectionOf(probe), name: '' })),
    ['bpftrace'],
    checks,
  )
  const candidate = candidateOf({ name: job.name, family: 'own' }, prediction)
  const missing = candidate.works === 'yes' && context !== undefined ? missingProbes(job, context)[0] : undefined
  if (missing === undefined) return candidate
  return { ...candidate, works: 'no', reason: `there is no ${missing.kind} ${missing.target} on this machine` }
}

function sectionOf({ kind, target }: Probe): string {
  if (kind === 'tracepoint') return `tracepoint/${target.replace(':', '/')}`
  return kind === 'uprobe' ? `uprobe/${target}` : 'perf_event'
}

/** Whether a tool works here; undefined where the file is another program of that name, as `profile` and `capable` may be. */
export function judgeTool(files: MachineFiles, tool: BpfTool, checks: readonly Check[]): Candidate | undefined {
  let file: Buffer
  try {
    file = files.readFile(tool.path.slice(1))
  } catch (error) {
    return {
      ...tool,
      works: 'unknown',
      reason: `${tool.path} could not be read (${(error as { code?: string }).code})`,
    }
  }
  if (file.length === 0) return { ...tool, works: 'unknown', reason: 'the recording does not hold the tool itself' }
  if (tool.family === 'libbpf') {
    const programs = bpfPrograms(file)
    if (programs.length === 0) return undefined
    return candidateOf(tool, predictAttach(programs, ['btf', ...(HIDDEN_NEEDS[tool.name] ?? [])], checks))
  }
  const text = file.toString('latin1')
  if (tool.family === 'bpftrace') return candidateOf(tool, predictAttach(bpftraceProbes(text), ['bpftrace'], checks))
  const needs: Need[] = compilesProgram(text) ? ['headers'] : []
  return candidateOf(tool, predictAttach(bccProbes(text), needs, checks))
}

function candidateOf(what: Pick<Candidate, 'name' | 'family' | 'path'>, prediction: Prediction): Candidate {
  if (prediction.attaches) return { ...what, works: 'yes' }
  const [against] = prediction.against
  return { ...what, works: 'no', because: against!.code, reason: against!.finding, remedy: against!.do[0] }
}
