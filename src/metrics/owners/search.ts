import { setImmediate as nextTurn } from 'node:timers/promises'
import { errnoOf, isVanished, optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parsePidCgroup } from '../../processes/pid-cgroup.ts'
import { readComm } from '../../processes/pid-comm.ts'
import { programName } from '../../processes/process-facts.ts'
import { readProcessFacts, readStartTicks } from '../../processes/read-process-facts.ts'
import { readPodNames, type PodNames } from '../../processes/pods/pod-names.ts'
import { processNames, readLinks, socketInode } from '../../processes/socket-owners.ts'
import { InodeTable } from './inode-table.ts'

/** A process that holds sockets. Texts are byte strings. */
export interface SocketHolder {
  pid: number
  startTicks: number | undefined
  program: string
  unit: string | undefined
  container: string | undefined
}

/** What one search through the descriptors of all processes found. */
export interface OwnerSearch {
  /** From 1 on; nobody stands at 0. */
  holders: readonly (SocketHolder | undefined)[]
  /** Inode → place in `holders`. */
  ofInode: InodeTable
  processes: number
  /** Processes whose descriptors were refused. */
  unreadable: number
  /** Of `performance.now()`. */
  beganAtMs: number
  tookMs: number
}

/** A search lets others work so often: a scrape waits for one slice, not for the search. */
const SLICE_MS = 8
/** Descriptors that are read at once. */
const SLICE_LINKS = 2000

/**
 * Searches the descriptors of all processes for sockets, in slices. Of several processes that share a socket the one with
 * the lowest pid counts, but the first process of the machine only where there is no other: it holds what it starts
 * services with. A process counts only if its start time is the same before and after.
 */
export async function searchOwners(source: ProcSource, { pause = () => nextTurn() } = {}): Promise<OwnerSearch> {
  const beganAtMs = performance.now()
  const holders: (SocketHolder | undefined)[] = [undefined]
  const ofInode = new InodeTable()
  let [processes, unreadable] = [0, 0]
  let sliceEnd = beganAtMs + SLICE_MS
  const breathe = async () => {
    if (performance.now() < sliceEnd) return
    await pause()
    sliceEnd = performance.now() + SLICE_MS
  }
  let pods: PodNames | undefined
  const podNames = () => (pods ??= readPodNames(source))
  const names = processNames(source)
  // The first process comes last: whatever another one holds as well is that one's.
  if (names[0] === '1') names.push(names.shift()!)
  for (const name of names) {
    await breathe()
    const startTicks = readStartTicks(source, Number(name))
    const inodes: number[] = []
    try {
      for await (const links of linksInSlices(source, `${name}/fd`)) {
        inodes.push(...links)
        await breathe()
      }
      processes += 1
    } catch (error) {
      if (!isVanished(error) && errnoOf(error) !== 'EINVAL') unreadable += 1
      continue
    }
    const fresh = inodes.filter(inode => ofInode.get(inode) === 0)
    if (fresh.length === 0) continue
    const holder = holderOf(source, Number(name), podNames)
    if (holder === undefined || holder.startTicks !== startTicks) continue
    const place = holders.push(holder) - 1
    for (const inode of fresh) ofInode.set(inode, place)
  }
  return { holders, ofInode, processes, unreadable, beganAtMs, tookMs: performance.now() - beganAtMs }
}

/** Inodes of sockets that a folder of descriptors leads to; a large folder in several parts. */
async function* linksInSlices(source: ProcSource, folder: string): AsyncGenerator<number[]> {
  const names = source.list(folder)
  if (names.length <= SLICE_LINKS) {
    const inodes: number[] = []
    readLinks(source, folder, (_, link) => {
      const inode = inodeOf(link)
      if (inode !== undefined) inodes.push(inode)
    })
    yield inodes
    return
  }
  for (let from = 0; from < names.length; from += SLICE_LINKS) {
    const links = names.slice(from, from + SLICE_LINKS).map(fd => optional(() => source.readLink(`${folder}/${fd}`)))
    yield links.map(link => (link === undefined ? undefined : inodeOf(link))).filter(inode => inode !== undefined)
  }
}

function inodeOf(link: string): number | undefined {
  const inode = socketInode(link)
  return inode === undefined ? undefined : Number(inode)
}

function holderOf(source: ProcSource, pid: number, podNames: () => PodNames): SocketHolder | undefined {
  const facts = readProcessFacts(source, pid, 'name', undefined)
  const program = shortName(
    programName(facts),
    optional(() => readComm(source, pid)),
  )
  const cgroup = optional(() => parsePidCgroup(source.readFile(`${pid}/cgroup`)))
  const startTicks = readStartTicks(source, pid)
  if (program === '') return undefined
  const id = cgroup?.container
  // In a pod its name tells more, and there are fewer of them than of ids.
  const name = cgroup?.pod === undefined || id === undefined ? undefined : podNames().containers.get(id)
  return { pid, startTicks, program, unit: cgroup?.unit, container: name ?? id }
}

/**
 * The last part of a path. A title that a program writes over its arguments (`postgres: user db 10.0.0.1(4711) idle`)
 * changes all the time: the kernel's name of the task stands for it.
 */
function shortName(program: string, comm: string | undefined): string {
  const base = program.slice(program.lastIndexOf('/') + 1) || program
  return /\s/.test(base) ? (comm ?? base) : base
}
