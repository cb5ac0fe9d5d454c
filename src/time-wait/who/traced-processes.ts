import { optional } from '../../errors.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts } from '../../processes/read-process-facts.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { TracedProcess } from './close-tracker.ts'
import type { SockStateEvent } from './sock-state-event.ts'

/**
 * The processes of a trace, each looked at when it is first seen. One that is gone by then has the name of the thread in
 * the trace: its own where that is its first thread, else no more than the name of a thread.
 */
export class TracedProcesses {
  readonly #source: ProcSource
  readonly #known = new Map<number, TracedProcess>()

  constructor(source: ProcSource) {
    this.#source = source
  }

  of({ pid: ofThread, tid, comm }: SockStateEvent): TracedProcess {
    const pid = ofThread ?? tid
    const isFirstThread = ofThread === tid
    let known = this.#known.get(pid)
    if (known === undefined) this.#known.set(pid, (known = this.#identify(pid, comm, isFirstThread)))
    else if (known.isThreadName && isFirstThread) {
      known.program = comm
      delete known.isThreadName
    }
    return known
  }

  #identify(pid: number, comm: string, isFirstThread: boolean): TracedProcess {
    const facts = readProcessFacts(this.#source, pid, 'name', undefined)
    const program = programName(facts)
    return {
      pid,
      program: program || comm,
      ...(program === '' && !isFirstThread && { isThreadName: true as const }),
      commandLine: facts.args?.join(' '),
      netns: optional(() => this.#source.readLink(`${pid}/ns/net`)),
    }
  }
}
