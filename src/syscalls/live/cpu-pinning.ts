import { optional } from '../../errors.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { pinToOneCpu, type CpuPin } from './cpu-pin.ts'
import { findTool } from '../../children/find-tool.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readProcess, threadsOf } from './target.ts'

/** How often we look whether the tracee still is one thread without children. */
const LOOK_EACH_MS = 100

/**
 * Keeps tracee and tracer on one CPU as long as the tracee is a single thread without children, which cannot run on two
 * at once anyway: about six times faster than handing over between CPUs. What it becomes more than that has all its CPUs.
 *
 * @returns ends it, and gives the CPUs back
 */
export function keepOnOneCpu(proc: ProcSource, pid: number, tracerOf: () => number): () => Promise<void> {
  const taskset = findTool(['taskset'])
  const cpus = allowedCpus(proc, pid)
  if (taskset === undefined || cpus === undefined || /^\d+$/.test(cpus)) return async () => {}
  let pin: CpuPin | undefined
  let wantsPin = true
  let work = Promise.resolve()
  const look = async () => {
    const tracer = tracerOf()
    const process = readProcess(proc, pid)
    if (process === undefined || tracer === 0) return
    const children = childrenOf(proc, pid)
    const single = process.threads === 1 && children.length === 0
    if (pin === undefined && single && wantsPin) pin = await pinToOneCpu(taskset, pid, tracer, cpus)
    else if (pin !== undefined && !single) {
      // One that forks once will do so again: children would inherit the pin each time.
      wantsPin = false
      await pin.undo(children)
      pin = undefined
    }
  }
  const timer = setInterval(() => void (work = work.then(look)), LOOK_EACH_MS)
  return async () => {
    clearInterval(timer)
    wantsPin = false
    await work
    await pin?.undo(childrenOf(proc, pid))
  }
}

/** `0-1`, of Cpus_allowed_list. */
function allowedCpus(proc: ProcSource, pid: number): string | undefined {
  return optional(() => parsePidStatus(proc.readFile(`${pid}/status`)))?.cpusAllowed
}

/** All descendants that still have their parents. Source: proc_tid_children(5); empty where the kernel has no such file. */
function childrenOf(proc: ProcSource, pid: number): number[] {
  const children = threadsOf(proc, pid).flatMap(tid => {
    try {
      const text = proc.readFile(`${pid}/task/${tid}/children`).toString('latin1')
      return text.split(' ').filter(Boolean).map(Number)
    } catch {
      return []
    }
  })
  return [...children, ...children.flatMap(child => childrenOf(proc, child))]
}
