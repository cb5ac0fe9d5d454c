/** Where an answer comes from: the facts that every JSON document starts with, behind its schema. */
export interface Origin {
  host: string | undefined
  /** ISO 8601, UTC. */
  takenAt: string | undefined
  /** `live`, or the path of the recording. */
  source: string
}

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

const envelope = ({ what, origin: { host, takenAt, source } }: Document) => ({
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
