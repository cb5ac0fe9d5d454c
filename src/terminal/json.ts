/** Facts every JSON document starts with. */
export interface Envelope {
  /** `linsight/<what>/1`. */
  schema: string
  host: string | undefined
  /** ISO 8601, UTC. */
  takenAt: string | undefined
  /** `live`, or the path of the recording. */
  source: string
}

/**
 * One JSON document in pieces, so that a list of any length is never held as one text: the envelope, then `lists` with
 * one item a line, then `tail`. Keys whose value is `undefined` are left out.
 */
export function* jsonDocument(
  envelope: Envelope,
  lists: Record<string, Iterable<unknown>>,
  tail: Record<string, unknown>,
): Generator<string> {
  yield JSON.stringify(envelope).slice(0, -1)
  for (const [key, items] of Object.entries(lists)) {
    yield `,${JSON.stringify(key)}:[`
    let separator = '\n'
    for (const item of items) {
      yield `${separator}${JSON.stringify(item)}`
      separator = ',\n'
    }
    yield ']'
  }
  const rest = JSON.stringify(tail).slice(1)
  yield `${rest === '}' ? '' : ','}${rest}\n`
}
