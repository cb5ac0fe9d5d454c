import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads'
import type { ProcSource } from '../../proc/proc-source.ts'
import { sockstatGauge } from '../../proc/net/sockstat.ts'
import { isProcessorFree, startThread } from '../start-thread.ts'
import {
  CLAIMED,
  CONTROL_PLACES,
  DONE,
  GO,
  TABLES_READ,
  UNCLAIMED,
  type Orders,
  type OwnerThreadData,
  type ProcessShare,
} from './shared-search.ts'

export type { ProcessShare } from './shared-search.ts'

/** Sockets from which on a second thread pays for its start, which takes 30 ms of another processor. */
const MANY_SOCKETS = 20_000

/** A thread that has not answered by then is given up, and its processes are read here. */
const LIMIT_MS = 30_000

/** Text of owner-thread-program.ts with all it imports, put here by scripts/build.mjs; absent where the sources run unbuilt. */
declare const OWNER_THREAD: string

/** Work that a thread began at the end of the list; we begin at the front until we meet. */
export interface SharedScan {
  /** Processes as /proc names them. */
  names: readonly string[]
  /** Claims a process for us; false where the thread has it already. */
  claim: (index: number) => boolean
  /** Says that the tables are read: what is found from now on is at least as new as their rows. */
  tablesRead: () => void
  /** Waits for the thread; its processes in the order of the list, undefined where it failed. */
  finish: () => ProcessShare[] | undefined
}

/**
 * Starts the thread where this machine has very many sockets and a free processor, so that it is ready by the time the
 * process names are. The answer sets it to work. Undefined where a thread would not pay, or /proc is not the live one.
 */
export function startOwnerThread(
  source: ProcSource,
  pays = socketsInUse(source) >= MANY_SOCKETS && isProcessorFree(),
): ((names: readonly string[]) => SharedScan) | undefined {
  if (!source.isThisMachine || !pays) return undefined
  const control = new Int32Array(new SharedArrayBuffer(CONTROL_PLACES * Int32Array.BYTES_PER_ELEMENT))
  const { port1, port2 } = new MessageChannel()
  const thread = startThread(typeof OWNER_THREAD === 'string' ? OWNER_THREAD : undefined, {
    workerData: { port: port2, control } satisfies OwnerThreadData,
    transferList: [port2],
  })
  if (thread === undefined) return undefined
  return names => {
    const claims = new Int32Array(new SharedArrayBuffer(names.length * Int32Array.BYTES_PER_ELEMENT))
    port1.postMessage({ names, claims } satisfies Orders)
    Atomics.store(control, GO, 1)
    Atomics.notify(control, GO)
    return {
      names,
      claim: index => Atomics.compareExchange(claims, index, UNCLAIMED, CLAIMED) === UNCLAIMED,
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
    return sockstatGauge(source.readFile('net/sockstat'), 'sockets', 'used') ?? 0
  } catch {
    return 0
  }
}
