import type { Abortable, Machine } from '../machine.ts'
import type { SocketChangesDocument } from '../show/socket-changes-document.ts'
import { closedError, type Conversation } from './conversation.ts'
import type { Question } from './protocol.ts'
import type { Started } from './start.ts'

/** The thread is given this long to end what it began, such as a tracer. */
const CLOSE_MS = 5000

/** A machine about which a thread is asked. */
export function threadedMachine(conversation: Conversation, started: Started): Machine {
  let closing: Promise<void> | undefined

  const one =
    <Query extends object, Answer>(question: Question) =>
    async ({ signal, ...query }: Partial<Query> & Abortable = {}): Promise<Answer> => {
      for await (const document of conversation.ask(question, query, signal)) return document as Answer
      throw new Error(`${question}() has no answer`)
    }

  async function* watch({ signal, ...query }: object & Abortable = {}): AsyncGenerator<SocketChangesDocument, void> {
    try {
      yield* conversation.ask('watch', query, signal) as AsyncGenerator<SocketChangesDocument, void>
    } catch (error) {
      if (!(signal?.aborted && error === signal.reason)) throw error
    }
  }

  async function close(): Promise<void> {
    conversation.fail(closedError())
    const gone = started.ended(CLOSE_MS)
    started.line.send({ end: true })
    await gone
  }

  const closeOnce = () => (closing ??= close())
  return {
    sockets: one('sockets'),
    timeWait: one('timeWait'),
    processes: one('processes'),
    diagnose: one('diagnose'),
    watch,
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}
