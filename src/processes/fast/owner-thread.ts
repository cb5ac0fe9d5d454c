import type * as FileSystem from 'node:fs'
import { availableParallelism } from 'node:os'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { parseSockstat } from '../../proc/sockstat.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

/** Sockets from which on a second thread pays for its start, which takes 30 ms of another processor. */
const MANY_SOCKETS = 20_000

/** After so long without an answer the thread is given up, and its processes are read here. */
const LIMIT_MS = 30_000

/** What the thread read of one process. */
export interface ProcessShare {
  name: string
  /** It was read before {@link SharedScan.tablesRead}: a socket may have come to it since. */
  early: boolean
  /** Why it was refused, and whether that was said of the folder already. */
  failure?: { code: string; ofFolder: boolean }
  /** Descriptor and inode in turn. */
  sockets: Float64Array
  /** Links that need a closer look: descriptor and target in turn. */
  others: string[]
}

/** Work that a thread began at the end of the list; we begin at the front until we meet. */
export interface SharedScan {
  /** Processes as /proc names them. */
  names: readonly string[]
  /** Whether a process is still ours to read; from then on the thread leaves it alone. */
  claim: (index: number) => boolean
  /** Says that the tables are read: what is found from now on is at least as new as their rows. */
  tablesRead: () => void
  /** Waits for the thread; its processes in the order of the list, undefined where it failed. */
  finish: () => ProcessShare[] | undefined
}

interface Orders {
  names: readonly string[]
  /** One for each process, 1 once somebody reads it. */
  claims: Int32Array
}

// Places in the array both threads see.
const GO = 0
const DONE = 1
const TABLES_READ = 2

/**
 * Starts the thread where this machine has very many sockets and a free processor, so that it is ready by the time the
 * process names are. The answer sets it to work. Undefined where a thread would not pay, or /proc is not the live one.
 */
export function startHolderThread(
  source: ProcSource,
  pays = socketsInUse(source) >= MANY_SOCKETS && isProcessorFree(source),
): ((names: readonly string[]) => SharedScan) | undefined {
  if (!source.isThisMachine || !pays) return undefined
  const control = new Int32Array(new SharedArrayBuffer(12))
  const { port1, port2 } = new MessageChannel()
  const worker = new Worker(PROGRAM, { eval: true, workerData: { port: port2, control }, transferList: [port2] })
  // Without it everything is read here: nothing to tell anybody.
  worker.on('error', () => {})
  worker.unref()
  return names => {
    const claims = new Int32Array(new SharedArrayBuffer(4 * names.length))
    port1.postMessage({ names, claims } satisfies Orders)
    Atomics.store(control, GO, 1)
    Atomics.notify(control, GO)
    return {
      names,
      claim: index => Atomics.compareExchange(claims, index, 0, 1) === 0,
      tablesRead: () => Atomics.store(control, TABLES_READ, 1),
      finish() {
        Atomics.wait(control, DONE, 0, LIMIT_MS)
        const answer: { message: ProcessShare[] } | undefined = receiveMessageOnPort(port1)
        port1.close()
        return answer?.message
      },
    }
  }
}

function socketsInUse(source: ProcSource): number {
  try {
    return parseSockstat(source.readFile('net/sockstat')).get('sockets')?.get('used') ?? 0
  } catch {
    return 0
  }
}

/** No more tasks want to run at this moment, ours among them, than there are processors: `0.52 0.58 0.59 1/316 27104`. */
function isProcessorFree(source: ProcSource): boolean {
  try {
    const runnable = / (\d+)\/\d+ /.exec(source.readFile('loadavg').toString('latin1'))?.[1]
    return Number(runnable) <= availableParallelism()
  } catch {
    return false
  }
}

/**
 * The whole program of the thread, which is started from its text: nothing outside of it can be used, nor a function
 * inside it, which the bundle would name by one outside. A thread has no current folder of its own, so paths are whole.
 */
function readShare(fs: typeof FileSystem, threads: typeof import('node:worker_threads')): void {
  const MANY_DESCRIPTORS = 32
  const DIGITS_AT = 8
  const SAFE_END = 24
  const ZERO = 0x30
  const { port, control } = threads.workerData as { port: MessagePort; control: Int32Array }
  Atomics.wait(control, 0, 0)
  const { names, claims } = (threads.receiveMessageOnPort(port) as { message: Orders }).message
  const shares: ProcessShare[] = []
  for (let index = names.length - 1; index >= 0; index -= 1) {
    if (Atomics.compareExchange(claims, index, 0, 1) !== 0) break
    const name = names[index]!
    const folder = `/proc/${name}/fd/`
    const sockets: number[] = []
    // TABLES_READ, which stands outside.
    const early = Atomics.load(control, 2) === 0
    const share: ProcessShare = { name, early, sockets: new Float64Array(0), others: [] }
    let ofFolder = true
    try {
      // As many as the kernel counts are read without a list of them; from the first gap on they are listed.
      const { size } = fs.statSync(folder)
      let listed = size < MANY_DESCRIPTORS ? fs.readdirSync(folder) : undefined
      ofFolder = listed === undefined
      let next = 0
      for (let at = 0; at < (listed?.length ?? size); at += 1) {
        const fd = listed?.[at] ?? String(at)
        if (Number(fd) < next) continue
        let link
        try {
          link = fs.readlinkSync(folder + fd)
        } catch (error) {
          if (listed === undefined) {
            listed = fs.readdirSync(folder)
            ofFolder = false
            next = at
            at = -1
            continue
          }
          const { code } = error as { code?: string }
          if (code === 'ENOENT' || code === 'ESRCH') continue
          throw error
        }
        // `socket:[2221543]`, as a number where it fits one.
        let inode = 0
        const end = link.length - 1
        if (end < SAFE_END && link.startsWith('socket:[') && link.charCodeAt(DIGITS_AT) !== ZERO)
          for (let digit = DIGITS_AT; digit < end; digit += 1) inode = inode * 10 + link.charCodeAt(digit) - ZERO
        if (inode > 0) sockets.push(Number(fd), inode)
        else if (link.startsWith('socket:[') || link === 'anon_inode:[io_uring]') share.others.push(fd, link)
      }
    } catch (error) {
      share.failure = { code: (error as { code?: string }).code ?? 'EIO', ofFolder }
    }
    share.sockets = Float64Array.from(sockets)
    shares.push(share)
  }
  port.postMessage(shares.toReversed())
}

/** Whatever becomes of it, nobody waits for it longer than it runs. */
const PROGRAM = `const threads = require('node:worker_threads')
try { (${readShare.toString()})(require('node:fs'), threads) } finally {
  const { control } = threads.workerData
  Atomics.store(control, ${DONE}, 1)
  Atomics.notify(control, ${DONE})
}`
