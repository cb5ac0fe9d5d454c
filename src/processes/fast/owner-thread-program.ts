// The program of the thread that searches for owners; built into owner-thread.ts as text.
import { readdirSync, readlinkSync, statSync } from 'node:fs'
import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import {
  CLAIMED,
  DONE,
  GO,
  TABLES_READ,
  UNCLAIMED,
  type Orders,
  type OwnerThreadData,
  type ProcessShare,
} from './shared-search.ts'

/** Descriptors from which on it pays to ask first how many there are. */
const MANY_DESCRIPTORS = 32

const SOCKET = 'socket:['
const IO_URING = 'anon_inode:[io_uring]'

/** Length of a link up to which the inode in it is exact as a number. */
const EXACT_LINK_LENGTH = SOCKET.length + 15 + ']'.length
const ZERO = 0x30

const { port, control } = workerData as OwnerThreadData
try {
  Atomics.wait(control, GO, 0)
  const { names, claims } = (receiveMessageOnPort(port) as { message: Orders }).message
  const shares: ProcessShare[] = []
  // From the end of the list: the other thread begins at the front.
  for (let index = names.length - 1; index >= 0; index -= 1) {
    if (Atomics.compareExchange(claims, index, UNCLAIMED, CLAIMED) !== UNCLAIMED) break
    shares.push(readProcess(names[index]!, Atomics.load(control, TABLES_READ) === 0))
  }
  port.postMessage(shares.toReversed())
} finally {
  // Nobody waits for this thread longer than it runs.
  Atomics.store(control, DONE, 1)
  Atomics.notify(control, DONE)
}

function readProcess(name: string, early: boolean): ProcessShare {
  const sockets: number[] = []
  const others: string[] = []
  const failure = readDescriptors(`/proc/${name}/fd/`, (fd, link) => {
    const inode = inodeOf(link)
    if (inode > 0) sockets.push(Number(fd), inode)
    else if (link.startsWith(SOCKET) || link === IO_URING) others.push(fd, link)
  })
  return { name, early, ...(failure && { failure }), sockets: Float64Array.from(sockets), others }
}

/**
 * As many descriptors as the kernel counts are read without a list of them; from the first gap on they are listed. A
 * thread has no current folder of its own, so paths are whole.
 */
function readDescriptors(folder: string, visit: (fd: string, link: string) => void): ProcessShare['failure'] {
  let ofFolder = true
  try {
    const { size } = statSync(folder)
    const count = size < MANY_DESCRIPTORS ? 0 : size
    let next = 0
    ofFolder = count === 0
    for (; next < count; next += 1) {
      const fd = String(next)
      let link: string
      try {
        link = readlinkSync(folder + fd)
      } catch {
        break
      }
      visit(fd, link)
    }
    if (count > 0 && next === count) return undefined
    const listed = readdirSync(folder)
    ofFolder = false
    for (const fd of listed) {
      if (Number(fd) < next) continue
      let link: string
      try {
        link = readlinkSync(folder + fd)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'ENOENT' || code === 'ESRCH') continue
        throw error
      }
      visit(fd, link)
    }
    return undefined
  } catch (error) {
    return { code: (error as NodeJS.ErrnoException).code ?? 'EIO', ofFolder }
  }
}

/** `socket:[2221543]` → 2221543; 0 for any other link, and for an inode that does not fit a number. */
function inodeOf(link: string): number {
  const end = link.length - 1
  if (link.length > EXACT_LINK_LENGTH || !link.startsWith(SOCKET) || link.charCodeAt(SOCKET.length) === ZERO) return 0
  let inode = 0
  for (let at = SOCKET.length; at < end; at += 1) inode = inode * 10 + link.charCodeAt(at) - ZERO
  return inode
}
