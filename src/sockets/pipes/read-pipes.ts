import { errnoOf, isVanished, optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts } from '../../processes/read-process-facts.ts'
import { processNames } from '../../processes/socket-owners.ts'
import { parseDescriptorFacts } from './descriptor-flags.ts'
import type { PipeHolder, SharedPipe } from './shared-pipe.ts'

/** Pipes and eventfds, and how the search went. */
export interface PipesRead {
  pipes: SharedPipe[]
  /** Processes whose descriptors were read. */
  processes: number
  /** errno name → processes whose descriptors were refused. */
  unreadable: Map<string, number>
}

/**
 * Every pipe and eventfd that several processes have open, from the links /proc/PID/fd/N (`pipe:[2221543]`,
 * `anon_inode:[eventfd]`) and the flags in /proc/PID/fdinfo/N; with `pids` those that one of these has open, also alone.
 * Does not show: descriptors of single threads, those in flight over a unix socket, named pipes.
 */
export function readPipes(source: ProcSource, pids: readonly number[] = []): PipesRead {
  const found = new Map<string, { pipe: SharedPipe; byPid: Map<number, PipeHolder> }>()
  const unreadable = new Map<string, number>()
  let processes = 0
  for (const name of processNames(source)) {
    try {
      for (const { fd, kind, id, ...mode } of pipesOf(source, name)) take(Number(name), fd, kind, id, mode)
      processes += 1
    } catch (error) {
      if (!isVanished(error)) unreadable.set(errnoOf(error), (unreadable.get(errnoOf(error)) ?? 0) + 1)
    }
  }
  const pipes = [...found.values()].filter(({ byPid }) =>
    pids.length === 0 ? byPid.size > 1 : pids.some(pid => byPid.has(pid)),
  )
  for (const { pipe, byPid } of pipes) pipe.holders = named(source, pipe, byPid)
  return { pipes: pipes.map(({ pipe }) => pipe).filter(({ holders }) => holders.length > 0), processes, unreadable }

  function take(pid: number, fd: number, kind: SharedPipe['kind'], id: string, mode: Mode): void {
    const key = `${kind} ${id}`
    let entry = found.get(key)
    if (entry === undefined) found.set(key, (entry = { pipe: { kind, id, holders: [] }, byPid: new Map() }))
    const holder = entry.byPid.get(pid)
    if (holder === undefined) entry.byPid.set(pid, { pid, program: '', fds: [fd], ...mode })
    else {
      holder.fds.push(fd)
      holder.reads = either(holder.reads, mode.reads)
      holder.writes = either(holder.writes, mode.writes)
    }
  }
}

interface Mode {
  reads: boolean | undefined
  writes: boolean | undefined
}

/** One known yes is enough, one unknown leaves a no open. */
function either(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false
}

const PIPE = /^pipe:\[(\d+)\]$/
const EVENTFD = 'anon_inode:[eventfd]'

function* pipesOf(
  source: ProcSource,
  name: string,
): Generator<Mode & { fd: number; kind: SharedPipe['kind']; id: string }> {
  for (const fd of source.list(`${name}/fd`)) {
    const link = optional(() => source.readLink(`${name}/fd/${fd}`))
    const inode = link === undefined ? undefined : PIPE.exec(link)?.[1]
    if (inode === undefined && link !== EVENTFD) continue
    const facts = optional(() => parseDescriptorFacts(source.readFile(`${name}/fdinfo/${fd}`)))
    const id = inode ?? facts?.eventfdId
    // Without its number nothing tells one eventfd from another.
    if (id === undefined) continue
    const kind = inode === undefined ? 'eventfd' : 'pipe'
    yield { fd: Number(fd), kind, id, reads: facts?.reads, writes: facts?.writes }
  }
}

/** Who still has it open once the name was read: a pid may have gone to another process meanwhile. */
function named(source: ProcSource, { kind, id }: SharedPipe, byPid: ReadonlyMap<number, PipeHolder>): PipeHolder[] {
  const holders: PipeHolder[] = []
  for (const holder of [...byPid.values()].sort((a, b) => a.pid - b.pid)) {
    const facts = readProcessFacts(source, holder.pid, 'name', undefined)
    const link = optional(() => source.readLink(`${holder.pid}/fd/${holder.fds[0]}`))
    if (link !== (kind === 'pipe' ? `pipe:[${id}]` : EVENTFD)) continue
    holders.push({ ...holder, program: programName(facts), fds: holder.fds.sort((a, b) => a - b) })
  }
  return holders
}
