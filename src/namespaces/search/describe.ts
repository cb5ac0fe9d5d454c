import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parsePidCgroup, type CgroupFacts } from '../../processes/pid-cgroup.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts, readStartTicks } from '../../processes/read-process-facts.ts'
import type { NetworkNamespace } from '../model.ts'
import { RECORDED_FOLDER } from '../recorded-folder.ts'
import { labelOf } from '../rules/label.ts'
import type { FoundHolders } from './found.ts'
import { netnsName } from './nsfs-mounts.ts'

/** What is known of a namespace by those who hold it. */
export function describeNamespace(
  source: ProcSource,
  name: string,
  holders: FoundHolders,
  own: string | undefined,
): NetworkNamespace {
  const { processes, threads, mounts, descriptors } = holders
  const inode = /^net:\[(\d+)\]$/.exec(name)?.[1]
  const isOwn = name === own
  const oldest = oldestOf(source, processes)
  const [thread] = threads
  const [descriptor] = descriptors
  const cgroup = cgroupOf(source, oldest?.pid, thread)
  const program = (pid: number) => programName(readProcessFacts(source, pid, 'name', undefined))
  const names = [...new Set(mounts.flatMap(({ place }) => netnsName(place) ?? []))]
  const facts = {
    names,
    container: cgroup?.container,
    pod: cgroup?.pod,
    unit: cgroup?.unit,
    program: oldest && program(oldest.pid),
  }
  return {
    inode,
    name,
    identity: { inode, oldestStart: oldest?.start, cookie: recordedCookie(source, inode) },
    holders,
    ...facts,
    ...labelOf({
      ...facts,
      isFirst: processes.includes(1),
      isRecording: false,
      thread: thread && { ...thread, program: program(thread.pid) },
      mount: mounts[0]?.place,
      descriptor: descriptor && { ...descriptor, program: program(descriptor.pid) },
    }),
    runtime: cgroup?.runtime,
    pid: oldest?.pid,
    pidInside: oldest && pidInside(source, oldest.pid),
    isOwn,
    folders: foldersOf(source, holders, oldest?.pid, inode, isOwn),
    entrances: entrancesOf(holders, oldest?.pid),
  }
}

/** The process that started first; where none tells, the first that has a command line: threads of the kernel have none. */
function oldestOf(
  source: ProcSource,
  processes: readonly number[],
): { pid: number; start: number | undefined } | undefined {
  if (processes.length === 0) return undefined
  if (processes.includes(1)) return { pid: 1, start: readStartTicks(source, 1) }
  let oldest: { pid: number; start: number } | undefined
  for (const pid of processes) {
    const start = readStartTicks(source, pid)
    if (start !== undefined && (oldest === undefined || start < oldest.start)) oldest = { pid, start }
  }
  if (oldest !== undefined) return oldest
  const named = processes.find(pid => optional(() => source.readFile(`${pid}/cmdline`))?.length)
  return { pid: named ?? processes[0]!, start: undefined }
}

function cgroupOf(
  source: ProcSource,
  pid: number | undefined,
  thread: { pid: number; tid: number } | undefined,
): CgroupFacts | undefined {
  const folder = pid ?? (thread && `${thread.pid}/task/${thread.tid}`)
  const own = folder === undefined ? undefined : optional(() => parsePidCgroup(source.readFile(`${folder}/cgroup`)))
  // Of a thread a recording holds the cgroup of its process only.
  return own ?? (thread && optional(() => parsePidCgroup(source.readFile(`${thread.pid}/cgroup`))))
}

/** The pid that a process has in its own pid namespace, where that is another one. Source: NSpid, proc_pid_status(5). */
function pidInside(source: ProcSource, pid: number): number | undefined {
  // The link costs a tenth of the text.
  const pidNamespace = optional(() => source.readLink(`${pid}/ns/pid`))
  if (pidNamespace !== undefined && pidNamespace === optional(() => source.readLink('self/ns/pid'))) return undefined
  const inside = optional(() => parsePidStatus(source.readFile(`${pid}/status`)).nsPids)?.at(-1)
  return inside === pid ? undefined : inside
}

function recordedCookie(source: ProcSource, inode: string | undefined): string | undefined {
  if (source.isThisMachine || inode === undefined) return undefined
  const text = optional(() => source.readFile(`${RECORDED_FOLDER}/${inode}/cookie`).toString('latin1').trim())
  return text !== undefined && /^\d+$/.test(text) ? text : undefined
}

/** Processes that may be asked for the tables: any of them may end meanwhile. */
const MOST_MEMBERS = 16

function foldersOf(
  source: ProcSource,
  { processes, threads }: FoundHolders,
  oldest: number | undefined,
  inode: string | undefined,
  isOwn: boolean,
): string[] {
  if (isOwn) return ['']
  const members = [
    ...first(processes, oldest).map(String),
    ...threads.slice(0, MOST_MEMBERS).map(({ pid, tid }) => `${pid}/task/${tid}`),
  ]
  if (source.isThisMachine) return members
  // A recording holds the tables of a namespace under one of its processes.
  const recorded = [...processes.map(String), ...members, `${RECORDED_FOLDER}/${inode}`]
  const holding = recorded.find(folder => RECORDED_FILES.some(file => has(source, `${folder}/net/${file}`)))
  return holding === undefined ? [] : [holding]
}

/** Tables one of which every recording of a namespace holds. */
const RECORDED_FILES = ['sockstat', 'tcp', 'protocols', 'unix', 'udp'] as const

const has = (source: ProcSource, path: string) => optional(() => source.readFile(path)) !== undefined

function entrancesOf({ processes, threads, mounts, descriptors }: FoundHolders, oldest: number | undefined): string[] {
  return [
    ...first(processes, oldest).map(pid => `${pid}/ns/net`),
    ...threads.slice(0, MOST_MEMBERS).map(({ pid, tid }) => `${pid}/task/${tid}/ns/net`),
    ...mounts.slice(0, MOST_MEMBERS).map(({ pid, place }) => `${pid ?? 'self'}/root${place}`),
    ...descriptors.slice(0, MOST_MEMBERS).map(({ pid, fd }) => `${pid}/fd/${fd}`),
  ]
}

/** The oldest, then some of the others. */
function first(processes: readonly number[], oldest: number | undefined): number[] {
  if (oldest === undefined) return []
  return [oldest, ...processes.filter(pid => pid !== oldest).slice(0, MOST_MEMBERS)]
}
