import { basename } from 'node:path'
import { optional } from '../../../errors.ts'
import { parseCmdline } from '../../../processes/pid-cmdline.ts'
import { readComm } from '../../../processes/pid-comm.ts'
import type { ThreadNote } from './counted-threads.ts'
import type { ThreadEvent } from './counter-output.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readProcess, threadsOf } from '../target.ts'

/** Gathers names, exec lines and parents of threads, from /proc where they still live and from what the program tells. */
export interface ThreadNotes {
  readonly notes: Map<number, ThreadNote>
  /** What the next exec of a process we hold will be: a short one would be gone before we could look. */
  expect(pid: number, argv: readonly string[]): void
  /** Threads of a process that runs when the tracing starts. */
  seed(pid: number): void
  take(event: ThreadEvent, atNs: number): void
  /** Names of the threads that only the end shows. */
  finish(tids: Iterable<number>): void
}

export function threadNotes(proc: ProcSource): ThreadNotes {
  const notes = new Map<number, ThreadNote>()
  const noteOf = (tid: number): ThreadNote => {
    let note = notes.get(tid)
    if (note === undefined) notes.set(tid, (note = { execs: [] }))
    return note
  }
  const expected = new Map<number, readonly string[]>()
  return {
    notes,
    expect: (pid, argv) => void expected.set(pid, argv),
    seed(pid) {
      for (const tid of threadsOf(proc, pid)) Object.assign(noteOf(tid), { pid, comm: readComm(proc, tid) })
      const argv = argvOf(proc, pid)
      if (argv !== undefined) noteOf(pid).execs.push({ path: argv[0]!, argv })
    },
    take(event, atNs) {
      if (event.kind === 'fork') {
        const parent = noteOf(event.tid)
        // A name is inherited; the note of an id that is used again starts anew.
        notes.set(event.child, {
          execs: [],
          parentTid: event.tid,
          comm: parent.comm,
          startNs: atNs,
        })
      } else if (event.kind === 'exec') {
        const note = noteOf(event.pid)
        const held = expected.get(event.pid)
        expected.delete(event.pid)
        const argv = held === undefined ? argvOf(proc, event.pid) : [...held]
        // A later exec may have come between: its path says so.
        const known = argv !== undefined && basename(argv[0]!) === basename(event.path)
        note.pid = event.pid
        note.comm = event.comm
        note.execs.push({
          atNs,
          path: event.path,
          argv: known ? argv : [event.path],
        })
      } else {
        Object.assign(noteOf(event.tid), { pid: event.pid, comm: event.comm, endNs: atNs })
      }
    },
    finish(tids) {
      for (const tid of tids) {
        const note = noteOf(tid)
        if (note.endNs === undefined) note.comm = readComm(proc, tid) ?? note.comm
        note.pid ??= readProcess(proc, tid)?.processId
      }
    },
  }
}

function argvOf(proc: ProcSource, pid: number): string[] | undefined {
  const argv = optional(() => parseCmdline(proc.readFile(`${pid}/cmdline`)))
  return argv?.length === 0 ? undefined : argv
}
