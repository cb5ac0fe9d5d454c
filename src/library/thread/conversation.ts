import { UsageError } from '../../errors.ts'
import { errorOf } from './error-message.ts'
import { Assembly } from './parts.ts'
import type { Call, Line, Part, Question } from './protocol.ts'

/** The main thread's end of the line: what was asked, and what came of it. */
export interface Conversation {
  /** Documents, one for each that the other end yields. Throws the reason of `signal` where that is aborted. */
  ask(question: Question, query: object, signal?: AbortSignal): AsyncGenerator<object, void>
  /** What is still asked fails with `error`, and nothing can be asked any more. */
  fail(error: Error): void
}

export interface ConversationOptions {
  /** Whether somebody waits for an answer: the program must not end meanwhile. */
  onBusy: (isBusy: boolean) => void
}

/** What came for one question and was not taken yet. */
interface Waiting {
  parts: Part[]
  failure: Error | undefined
  wake: (() => void) | undefined
}

export function converse(line: Line<Call, Part>, { onBusy }: ConversationOptions): Conversation {
  const waiting = new Map<number, Waiting>()
  let failure: Error | undefined
  let next = 1

  line.onMessage(part => {
    const asked = waiting.get(part.id)
    // Of one that nobody waits for any more.
    if (asked === undefined) return
    asked.parts.push(part)
    asked.wake?.()
  })

  return {
    async *ask(question, query, signal) {
      signal?.throwIfAborted()
      if (failure !== undefined) throw failure
      const id = next
      next += 1
      const asked: Waiting = { parts: [], failure: undefined, wake: undefined }
      const onAbort = () => {
        asked.failure = signal!.reason as Error
        asked.wake?.()
      }
      if (waiting.size === 0) onBusy(true)
      waiting.set(id, asked)
      signal?.addEventListener('abort', onAbort, { once: true })
      let isOver = false
      try {
        line.send({ id, ask: question, query })
        const assembly = new Assembly()
        for (;;) {
          const part = await nextPart(asked)
          if ('error' in part) {
            isOver = true
            throw errorOf(part.error)
          }
          if ('done' in part) {
            isOver = true
            return
          }
          const whole = assembly.add(part)
          // Others have their turn between two parts.
          await turn()
          line.send({ id, more: true })
          if (whole !== undefined) yield whole
        }
      } finally {
        signal?.removeEventListener('abort', onAbort)
        waiting.delete(id)
        if (!isOver && failure === undefined) line.send({ id, stop: true })
        if (waiting.size === 0) onBusy(false)
      }
    },
    fail(error) {
      failure ??= error
      for (const asked of waiting.values()) {
        asked.failure = error
        asked.wake?.()
      }
    },
  }
}

async function nextPart(asked: Waiting): Promise<Part> {
  for (;;) {
    if (asked.failure !== undefined) throw asked.failure
    const part = asked.parts.shift()
    if (part !== undefined) return part
    await new Promise<void>(resolve => {
      asked.wake = resolve
    })
  }
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve))

export const closedError = () =>
  new UsageError('what was opened has been closed', { hint: 'ask before close(), or open it again' })
