import type { Warning } from '../warnings.ts'

/** Where an answer comes from: the facts that every JSON document starts with, behind its schema. */
export interface Origin {
  host: string | undefined
  /** ISO 8601, UTC. */
  takenAt: string | undefined
  /** `live`, or the path of the recording. */
  source: string
}

/** What every JSON document, and the first or last line of every stream, begins with. */
export interface Envelope {
  schema: string
  host?: string | undefined
  /** ISO 8601, UTC. */
  takenAt?: string | undefined
  /** `live`, or the path of the recording. */
  source: string
}

/** What every JSON document, and the last line of every stream, ends with. */
export interface Remarks {
  warnings: readonly Warning[]
  /** Reason → how many files, processes or folders could not be read for it. */
  unreadable: Readonly<Record<string, unknown>>
}

/** The own part of a document or line: what stands between {@link Envelope} and {@link Remarks}. */
export type Facts<Whole> = Omit<Whole, keyof Envelope | keyof Remarks | 'type'>

/** A report as its JSON document holds it. Keys whose value is `undefined` are left out. */
export interface Document {
  /** The `sockets` of `linsight/sockets/1`. */
  what: string
  origin: Origin
  /** Long lists: written one item a line, never held as one text. */
  lists?: Readonly<Record<string, Iterable<unknown>>> | undefined
  facts?: object | undefined
  /** Reason → how many files, processes or folders could not be read for it. */
  unreadable?: Readonly<Record<string, unknown>> | undefined
}

const envelope = ({ what, origin: { host, takenAt, source } }: Document): Envelope => ({
  schema: `linsight/${what}/1`,
  host,
  takenAt,
  source,
})

/** One JSON document in pieces. */
export function* documentPieces(document: Document, warnings: readonly unknown[]): Generator<string> {
  yield JSON.stringify(envelope(document)).slice(0, -1)
  for (const [key, items] of Object.entries(document.lists ?? {})) {
    yield `,${JSON.stringify(key)}:[`
    let separator = '\n'
    for (const item of items) {
      yield `${separator}${JSON.stringify(item)}`
      separator = ',\n'
    }
    yield ']'
  }
  const tail = { ...document.facts, warnings, unreadable: document.unreadable ?? {} }
  yield `,${JSON.stringify(tail).slice(1)}\n`
}

/** The same as one line of a stream, with the `type` of what it is. */
export function documentLine(type: string, document: Document, warnings: readonly unknown[]): string {
  const lists = Object.fromEntries(Object.entries(document.lists ?? {}).map(([key, items]) => [key, [...items]]))
  return `${JSON.stringify({
    type,
    ...envelope(document),
    ...lists,
    ...document.facts,
    warnings,
    unreadable: document.unreadable ?? {},
  })}\n`
}

/** The first line of a stream whose last one is a {@link documentLine}: nothing is known yet of what will be missing. */
export function startLine(document: Pick<Document, 'what' | 'origin' | 'facts'>): string {
  return `${JSON.stringify({ type: 'start', ...envelope(document), ...document.facts })}\n`
}
