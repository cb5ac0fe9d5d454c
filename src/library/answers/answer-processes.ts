import { optional, UsageError } from '../../errors.ts'
import { originOf } from '../../proc/origin.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { isKernelThread, parsePidStat } from '../../processes/pid-stat.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { readProcView } from '../../processes/proc-view.ts'
import { readBootTimeMs, readProcessFacts } from '../../processes/read-process-facts.ts'
import { processJson } from '../../processes/show/process-json.ts'
import { processNames } from '../../processes/socket-owners.ts'
import { readProcessState } from '../../processes/state/process-state.ts'
import type { Warning } from '../../warnings.ts'
import type { ProcessQuery } from '../queries.ts'
import { processesDocument, type ProcessStateJson } from '../show/processes-document.ts'
import type { Answered } from '../thread/parts.ts'

export function answerProcesses(source: ProcSource, { pid, kernelThreads = false }: ProcessQuery): Answered {
  const wanted = pid === undefined ? undefined : new Set([pid].flat())
  for (const one of wanted ?? [])
    if (!Number.isInteger(one) || one < 1) throw new UsageError(`${String(one)} is no pid`)
  const pids = processNames(source)
    .map(Number)
    .filter(name => wanted?.has(name) ?? true)
    .sort((a, b) => a - b)
  const warnings: Warning[] = [...(source.remarks ?? [])]
  if (readProcView(source).hidepid)
    warnings.push({
      code: 'processes-hidden',
      message: '/proc is mounted with hidepid: processes of others are missing',
    })
  return { document: processesDocument(originOf(source), facts()), warnings }

  /** Each is read when it is sent. */
  function* facts(): Generator<ProcessStateJson> {
    const bootedAtMs = readBootTimeMs(source)
    for (const one of pids) {
      const json = factsOf(source, one, bootedAtMs)
      if (json !== undefined && (kernelThreads || json.kernelThread === undefined)) yield json
    }
  }
}

/** Undefined where it has ended, or another process has its pid now. */
function factsOf(source: ProcSource, pid: number, bootedAtMs: number | undefined): ProcessStateJson | undefined {
  const statOf = () => optional(() => parsePidStat(source.readFile(`${pid}/stat`)))
  const before = statOf()
  const facts = readProcessFacts(source, pid, 'full', bootedAtMs)
  const { state, threads, waitsIn, openFilesLimit } = readProcessState(source, pid)
  const residentBytes = optional(() => parsePidStatus(source.readFile(`${pid}/status`)).residentBytes)
  const after = statOf()
  if (source.mayChange && (after === undefined || after.startTicks !== before?.startTicks)) return undefined
  return {
    ...processJson(facts),
    state,
    threads,
    kernelThread: after !== undefined && isKernelThread(after) ? true : undefined,
    cpuMs: after && (after.cpuTicks * 1000) / (source.meta.userHz ?? 100),
    residentBytes,
    openFilesLimit: openFilesLimit === Infinity ? undefined : openFilesLimit,
    waitsIn,
  }
}
