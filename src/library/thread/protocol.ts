import type { ErrorCode, Excerpt } from '../../errors.ts'

/** What can be asked; the names are those of the methods of a machine. */
export type Question = 'open' | 'sockets' | 'timeWait' | 'processes' | 'diagnose' | 'watch'

/** To the thread. */
export type Call =
  | { id: number; ask: Question; query: unknown }
  /** One more part may be sent. */
  | { id: number; more: true }
  /** Nobody waits for it any more. */
  | { id: number; stop: true }
  | { end: true }

/** From the thread: an answer comes in parts that are small enough to be read without a pause that is felt. */
export type Part =
  /** The beginning of a document, as JSON. */
  | { id: number; head: string }
  /** Items of one of its lists, a JSON array. */
  | { id: number; list: string; items: string }
  /** All else, as JSON: the document is whole. */
  | { id: number; tail: string }
  /** There are no more documents. */
  | { id: number; done: true }
  | { id: number; error: ErrorMessage }

/** An error as it crosses from one thread to the other. */
export interface ErrorMessage {
  name: string
  message: string
  /** Absent for what is no error of ours. */
  code?: ErrorCode | undefined
  hint?: string | undefined
  excerpt?: Excerpt | undefined
  stack?: string | undefined
}

/** Parts that the thread may send ahead: it makes the next one while one is read. */
export const AHEAD = 2

/** The end of a conversation, as both threads have it: a port, or the thread itself. */
export interface Line<Sent, Received> {
  send(message: Sent): void
  onMessage(listener: (message: Received) => void): void
  close(): void
}
