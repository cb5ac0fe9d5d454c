import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import { errnoOf, LinsightError, MachineError } from '../../errors.ts'
import type { Call, Line, Part } from './protocol.ts'

/** Name of the bundle of program.ts, put here by scripts/build.mjs; absent where the sources run unbuilt. */
declare const LIBRARY_THREAD: string

/** By a name that no bundler and no compiler follows: what a program loads, and its types, are without what the thread does. */
const UNBUILT: string = './serve.ts'

/** A thread, and the line to it. */
export interface Started {
  line: Line<Call, Part>
  /** Whether the program has to go on until the thread has answered. */
  hold(isHeld: boolean): void
  /** Resolves when the thread has ended. It is ended by force where it takes longer than this. */
  ended(limitMs: number): Promise<void>
}

/** Starts what answers; `onFailure` is told where it ends by itself. */
export async function startAnswering(onFailure: (error: Error) => void): Promise<Started> {
  // Sources that run unbuilt have no thread: the same messages then stay in this one.
  if (typeof LIBRARY_THREAD === 'undefined') {
    const { serve } = (await import(UNBUILT)) as { serve: (line: Line<Part, Call>) => void }
    const { port1, port2 } = new MessageChannel()
    serve(lineOf<Part, Call>(port2))
    port2.unref()
    const hold = (isHeld: boolean) => (isHeld ? port1.ref() : port1.unref())
    return { line: lineOf<Call, Part>(port1), hold, ended: async () => {} }
  }
  return startThread(join(__dirname, LIBRARY_THREAD), onFailure)
}

function startThread(file: string, onFailure: (error: Error) => void): Started {
  if (!existsSync(file))
    throw new LinsightError('unexpected', `linsight's thread is not at ${file}`, {
      hint: 'a program that is bundled leaves linsight out of the bundle: mark it as external',
    })
  const worker = newWorker(file)
  let isEnding = false
  const gone = new Promise<void>(resolve => worker.once('exit', () => resolve()))
  worker.on('error', error =>
    onFailure(new LinsightError('unexpected', `linsight's thread failed: ${error.message}`, { cause: error })),
  )
  worker.once('exit', code => {
    if (!isEnding) onFailure(new LinsightError('unexpected', `linsight's thread ended with status ${code}`))
  })
  return {
    line: {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      send: message => worker.postMessage(message),
      onMessage: listener => void worker.on('message', listener),
      close: () => {},
    },
    hold: isHeld => (isHeld ? worker.ref() : worker.unref()),
    async ended(limitMs) {
      isEnding = true
      worker.ref()
      const timer = setTimeout(() => void worker.terminate(), limitMs)
      await gone
      clearTimeout(timer)
    },
  }
}

function newWorker(file: string): Worker {
  try {
    // Nothing of the program's own is for this thread: no loaders or inspectors, no input.
    return new Worker(file, { execArgv: [], argv: [], name: 'linsight' })
  } catch (error) {
    if (errnoOf(error) !== 'ERR_ACCESS_DENIED') throw error
    throw new MachineError('not-permitted', 'node does not let this program start the thread that linsight works in', {
      hint: 'start it with --allow-worker, and --allow-fs-read=/',
      cause: error,
    })
  }
}

/** A line over a port. */
export function lineOf<Sent, Received>(port: MessagePort): Line<Sent, Received> {
  return {
    send: message => port.postMessage(message),
    onMessage: listener => void port.on('message', listener),
    close: () => port.close(),
  }
}
