import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parsePidCgroup, type CgroupFacts } from '../../processes/pid-cgroup.ts'
import { parsePidStatus } from '../../processes/pid-status.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts, readStartTicks } from '../../processes/read-process-facts.ts'
import type { NetworkNamespace } from '../model.ts'
import { RECORDED_FOLDER } from '../recorded-folder.ts'
import type { PodNames } from '../../processes/pods/pod-names.ts'
import { labelOf } from '../rules/label.ts'
import type { FoundHolders } from './found.ts'
import { netnsName } from './nsfs-mounts.ts'

/** What is known of a namespace by those who hold it. */
export function describeNamespace(
  source: ProcSource,
  name: string,
  holders: FoundHolders,
  own: string | undefined,
  { skipStarts = false, podNames }: { skipStarts?: boolean; podNames?: (() => PodNames) | undefined } = {},
): NetworkNamespace {
  const { processes, threads, mounts, descriptors } = holders
  const inode = /^net:\[(\d+)\]$/.exec(name)?.[1]
  const isOwn = name === own
  const members = byAge(source, processes, skipStarts)
  const leader = leaderOf(source, members)
  const [thread] = threads
  const [descriptor] = descriptors
  const cgroup = leader === undefined ? thread && cgroupOfThread(source, thread) : leader.cgroup
  const program = (pid: number) => programName(readProcessFacts(source, pid, 'name', undefined))
  const names = [...new Set(mounts.flatMap(({ place }) => netnsName(place) ?? []))]
  const facts = {
    names,
    container: cgroup?.container,
    pod: cgroup?.pod,
    podName: cgroup?.pod === undefined ? undefined : podNames?.().pods.get(cgroup.pod),
    unit: cgroup?.unit,
    program: leader && program(leader.pid),
  }
  return {
    inode,
    name,
    identity: { inode, oldestStart: members[0]?.start, cookie: recordedCookie(source, inode) },
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
    pid: leader?.pid,
    pidInside: leader && pidInside(source, leader.pid),
    isOwn,
    folders: foldersOf(source, holders, leader?.pid, inode, isOwn),
    entrances: entrancesOf(holders, leader?.pid),
  }
}

interface Member {
  pid: number
  start: number | undefined
}

/** Processes by when they started, the first of them first; one alone where the machine's first process is among them. */
function byAge(source: ProcSource, processes: readonly number[], skipStarts: boolean): Member[] {
  if (skipStarts && processes.length === 1) return [{ pid: processes[0]!, start: undefined }]
  if (processes.includes(1)) return [{ pid: 1, start: readStartTicks(source, 1) }]
  const members = processes.map(pid => ({ pid, start: readStartTicks(source, pid) }))
  if (members.some(({ start }) => start !== undefined))
    return members.filter(({ start }) => start !== undefined).sort((one, other) => one.start! - other.start!)
  // Nothing tells: threads of the kernel, which have no command line, come last.
  const named = members.findIndex(({ pid }) => optional(() => source.readFile(`${pid}/cmdline`))?.length)
  return named > 0 ? [members[named]!, ...members.filter((_, at) => at !== named)] : members
}

/** The oldest process of a container, where one is in it: whoever made the namespace may have stayed outside the container. */
function leaderOf(
  source: ProcSource,
  members: readonly Member[],
): (Member & { cgroup: CgroupFacts | undefined }) | undefined {
  const read = (member: Member) => ({ ...member, cgroup: cgroupAt(source, `${member.pid}`) })
  const [oldest, ...others] = members.slice(0, MOST_MEMBERS)
  if (oldest === undefined) return undefined
  const leader = read(oldest)
  if (isContained(leader.cgroup)) return leader
  for (const other of others) {
    const member = read(other)
    if (isContained(member.cgroup)) return member
  }
  return leader
}

function isContained(cgroup: CgroupFacts | undefined): boolean {
  return cgroup?.container !== undefined || cgroup?.pod !== undefined
}

function cgroupAt(source: ProcSource, folder: string): CgroupFacts | undefined {
  return optional(() => parsePidCgroup(source.readFile(`${folder}/cgroup`)))
}

/** Of a thread a recording holds the cgroup of its process only. */
function cgroupOfThread(source: ProcSource, { pid, tid }: { pid: number; tid: number }): CgroupFacts | undefined {
  return cgroupAt(source, `${pid}/task/${tid}`) ?? cgroupAt(source, `${pid}`)
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
  leader: number | undefined,
  inode: string | undefined,
  isOwn: boolean,
): string[] {
  if (isOwn) return ['']
  const members = [
    ...first(processes, leader).map(String),
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

function entrancesOf({ processes, threads, mounts, descriptors }: FoundHolders, leader: number | undefined): string[] {
  return [
    ...first(processes, leader).map(pid => `${pid}/ns/net`),
    ...threads.slice(0, MOST_MEMBERS).map(({ pid, tid }) => `${pid}/task/${tid}/ns/net`),
    ...mounts.slice(0, MOST_MEMBERS).map(({ pid, place }) => `${pid ?? 'self'}/root${place}`),
    ...descriptors.slice(0, MOST_MEMBERS).map(({ pid, fd }) => `${pid}/fd/${fd}`),
  ]
}

/** The leader, then some of the others. */
function first(processes: readonly number[], leader: number | undefined): number[] {
  if (leader === undefined) return []
  return [leader, ...processes.filter(pid => pid !== leader).slice(0, MOST_MEMBERS)]
}
