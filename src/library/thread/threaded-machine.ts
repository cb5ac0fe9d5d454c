import { checkQuery } from '../check-query.ts'
import type { Abortable, Machine } from '../machine.ts'
import type { SocketChangesDocument } from '../show/socket-changes-document.ts'
import { closedError, type Conversation } from './conversation.ts'
import type { Question } from './protocol.ts'
import type { Started } from './start.ts'

/** The thread is given this long to end what it began, such as a tracer. */
const CLOSE_MS = 5000

/** Ends the thread of a machine that nobody can ask any more, and that was not closed. */
const forgotten = new FinalizationRegistry<() => Promise<void>>(end => void end())

/** A machine about which a thread is asked. */
export function threadedMachine(conversation: Conversation, started: Started): Machine {
  const end = ending(conversation, started)

  async function* ask(question: Question, asked: object & Abortable) {
    checkQuery(question, asked)
    const { signal, ...query } = asked
    yield* conversation.ask(question, query, signal)
  }
  // Every method refers to it: while one of them is at hand, or answers, the machine is not forgotten.
  forgotten.register(ask, end)

  const one =
    <Query extends object, Answer>(question: Question) =>
    async (query: Query & Abortable = {} as Query): Promise<Answer> => {
      for await (const document of ask(question, query)) return document as Answer
      throw new Error(`${question}() has no answer`)
    }

  async function* watch(query: Abortable = {}): AsyncGenerator<SocketChangesDocument, void> {
    try {
      yield* ask('watch', query) as AsyncGenerator<SocketChangesDocument, void>
    } catch (error) {
      const { signal } = query
      if (!(signal?.aborted && error === signal.reason)) throw error
    }
  }

  return {
    sockets: one('sockets'),
    timeWait: one('timeWait'),
    processes: one('processes'),
    diagnose: one('diagnose'),
    watch,
    close: end,
    [Symbol.asyncDispose]: end,
  }
}

/** What ends the thread; apart, since it must not refer to the machine. */
function ending(conversation: Conversation, started: Started): () => Promise<void> {
  let gone: Promise<void> | undefined
  return () => {
    if (gone === undefined) {
      conversation.fail(closedError())
      gone = started.ended(CLOSE_MS)
      started.line.send({ end: true })
    }
    return gone
  }
}
