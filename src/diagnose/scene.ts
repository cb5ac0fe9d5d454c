import type { Named } from './model.ts'
import type { Observation } from './observation.ts'
import type { ObservedNamespace } from './observed/sockets.ts'
import type { ObservedProcess } from './observed/task.ts'
import type { CallExample, FailedCall, Halves } from './observed/traced.ts'

export interface FailedGroup {
  pid: number
  comm: string
  calls: string[]
  count: number
  halves: Halves
  examples: CallExample[]
}

/** What was seen, joined: the one argument of every rule. */
export class Scene {
  readonly seconds: number
  readonly tracedSeconds: number | undefined
  readonly #processes: Map<number, ObservedProcess>
  readonly #observers: Set<number>

  constructor(readonly seen: Observation) {
    this.seconds = seen.durationMs / 1000
    this.tracedSeconds = seen.trace && seen.trace.durationMs / 1000
    this.#processes = new Map(seen.processes.map(process => [process.pid, process]))
    this.#observers = observersOf(seen)
    this.processes = seen.processes.filter(({ pid, isKernelThread }) => !isKernelThread && !this.#observers.has(pid))
  }

  /** Processes that may be accused: of programs, not of the kernel, and not this one. */
  readonly processes: readonly ObservedProcess[]

  /** Those that were there at both looks. */
  get lasting(): Required<Pick<ObservedProcess, 'a' | 'b'>>[] & ObservedProcess[] {
    return this.processes.filter(({ a, b }) => a !== undefined && b !== undefined) as never
  }

  process(pid: number): ObservedProcess | undefined {
    return this.#processes.get(pid)
  }

  isObserver(pid: number): boolean {
    return this.#observers.has(pid)
  }

  /** Who holds a socket, without the observers. */
  owners(inode: string): ObservedProcess[] {
    const pids = new Set((this.seen.socketOwners[inode] ?? []).map(({ pid }) => pid))
    return [...pids].flatMap(pid => this.#processes.get(pid) ?? [])
  }

  /** How a process is named in a finding. */
  named(pid: number, otherwise?: string): Named {
    const process = this.#processes.get(pid)
    if (process === undefined) return otherwise === undefined ? { pid } : { pid, comm: otherwise }
    const { described } = process
    return {
      pid,
      comm: process.comm,
      cmdline: described?.args?.join(' '),
      unit: described?.unit,
      container: described?.container,
      startedAt: described?.startedAt,
      netns: process.netns,
    }
  }

  /** A process that may be gone by now: then whoever started it as well, who is there to be asked. */
  startedBy(pid: number, comm: string, parent: { parentPid?: number; parentComm?: string } | undefined): Named[] {
    const itself = this.named(pid, comm)
    const { parentPid = 0 } = parent ?? {}
    if (parentPid <= 1 || this.#processes.get(pid)?.b !== undefined) return [itself]
    if (this.isObserver(parentPid)) return [itself]
    return [itself, this.named(parentPid, parent?.parentComm)]
  }

  /** A process that was seen, and who started it where it is gone. */
  askedBy(pid: number): Named[] {
    const process = this.#processes.get(pid)
    const parent = process && this.#processes.get(process.parentPid)
    return this.startedBy(pid, process?.comm ?? '', parent && { parentPid: parent.pid, parentComm: parent.comm })
  }

  /** Those of a group of failed calls. */
  failing({ pid, comm, examples }: FailedGroup): Named[] {
    return this.startedBy(pid, comm, examples[0])
  }

  /** The newer look at a namespace. */
  look(namespace: ObservedNamespace) {
    return namespace.b ?? namespace.a
  }

  /** Difference of a counter between the looks; undefined where it is not known. */
  rise(namespace: ObservedNamespace, counter: string): number | undefined {
    const before = namespace.a.counters[counter]
    const after = namespace.b?.counters[counter]
    return before === undefined || after === undefined ? undefined : after - before
  }

  /** Calls that failed, by process. */
  failed(
    calls: readonly string[] | undefined,
    errors: readonly string[],
    among: (failure: FailedCall) => boolean = () => true,
  ): FailedGroup[] {
    const groups = new Map<number, FailedGroup>()
    for (const failure of this.seen.trace?.failures ?? []) {
      const { pid, call, error, count, early, examples } = failure
      if (this.#observers.has(pid) || !errors.includes(error) || calls?.includes(call) === false) continue
      if (!among(failure)) continue
      const comm = examples[0]?.comm ?? this.#processes.get(pid)?.comm ?? ''
      const group = groups.get(pid) ?? { pid, comm, calls: [], count: 0, halves: [0, 0], examples: [] }
      if (!group.calls.includes(call)) group.calls.push(call)
      group.count += count
      group.halves[0] += early
      group.halves[1] += count - early
      group.examples.push(...examples)
      groups.set(pid, group)
    }
    return [...groups.values()]
  }

  /** How often a second, all the time: a burst in one half of it does not count. Undefined without a tracer. */
  steady([first, second]: Halves): number {
    return (2 * Math.min(first, second)) / (this.tracedSeconds ?? Infinity)
  }

  /** Processes of `counts` that were there all the time, with their steady rate. */
  steadyRates(
    counts: Readonly<Record<string, Halves>> | undefined,
  ): { process: ObservedProcess; rate: number; all: number }[] {
    return Object.entries(counts ?? {}).flatMap(([pid, halves]) => {
      const process = this.#processes.get(Number(pid))
      if (process?.b === undefined || this.#observers.has(process.pid)) return []
      return [{ process, rate: this.steady(halves), all: (halves[0] + halves[1]) / (this.tracedSeconds ?? Infinity) }]
    })
  }

  /**
   * Whether a process does something so often a second; where others leave it little of a processor, a fifth of it counts
   * that is four times as often for each second of processor time.
   */
  isOften(process: ObservedProcess, rate: number, often: number): boolean {
    if (rate >= often) return true
    const used = ((process.b?.cpuTicks ?? 0) - (process.a?.cpuTicks ?? 0)) / this.seen.userHz / this.seconds
    return rate >= often / 5 && used > 0 && rate / used >= often * 4
  }

  /** Connections that these processes accepted on the socket; undefined without a tracer. */
  accepts(inode: string): number | undefined {
    const { trace, socketOwners } = this.seen
    if (trace === undefined) return undefined
    const holders = socketOwners[inode] ?? []
    return trace.accepts
      .filter(({ pid, fd }) => holders.some(holder => holder.pid === pid && holder.fd === fd))
      .reduce((sum, { count }) => sum + count, 0)
  }

  /** What a process is doing, from where it sleeps. */
  doing(pid: number): string | undefined {
    const process = this.#processes.get(pid)
    const { described } = process ?? {}
    const state = (process?.b ?? process?.a)?.state
    if (state === 'T') return 'stopped'
    if (state === 'R') return 'running'
    const where = process?.samples?.at(-1)?.[1] || process?.wchan
    const call = described?.syscall
    if (call === undefined && where === undefined) return undefined
    return `${state === 'D' ? 'blocked' : 'asleep'}${call === undefined ? '' : ` in ${call}`}${where === undefined ? '' : ` (${where})`}`
  }
}

function observersOf({ observers, processes }: Observation): Set<number> {
  const all = new Set(observers)
  const [own, , ...tools] = observers
  const roots = new Set([own, ...tools])
  for (let grew = true; grew;) {
    grew = false
    for (const { pid, parentPid } of processes) {
      if (!roots.has(parentPid) || roots.has(pid)) continue
      roots.add(pid)
      all.add(pid)
      grew = true
    }
  }
  return all
}
