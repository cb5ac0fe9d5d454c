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
  /** What it is, and the version of its form; a change that breaks readers raises the number. */
  schema: string
  /** Name of the machine the facts are from; absent where a recording does not tell. */
  host?: string | undefined
  /** When the facts were read; ISO 8601, UTC. */
  takenAt?: string | undefined
  /** `live`, or the path of the recording. */
  source: string
}

/** What every JSON document, and the last line of every stream, ends with. */
export interface Remarks<Unreadable = Record<string, never>> {
  /** What is partial or to be read with care. */
  warnings: readonly Warning[]
  /** What could not be read; of most documents nothing, else they say in which form. */
  unreadable: Unreadable
}

/** The own part of a document or line: what stands between {@link Envelope} and {@link Remarks}. */
export type Facts<Whole> = Omit<Whole, keyof Envelope | keyof Remarks | 'type'>

/** A document as a whole; the interface of each extends it and gives `schema` its text. */
export interface Whole extends Envelope, Remarks<Readonly<Record<string, unknown>>> {}

/**
 * The document `Of` as it is written: envelope, then what `Lists` names, then all else. Keys whose value is `undefined`
 * are left out. JSON Schemas are made of the interface that stands for `Of`, so each document names its own.
 */
export interface Document<Of extends Whole, Lists extends keyof Facts<Of> = never> {
  /** The `sockets` of `linsight/sockets/1`. */
  what: Of['schema'] extends `linsight/${infer What}/1` ? What : string
  origin: Origin
  /** Long lists: written one item a line, never held as one text. */
  lists?: Iterables<Pick<Of, Lists>> | undefined
  facts: Omit<Facts<Of>, Lists>
  unreadable?: Of['unreadable'] | undefined
}

type Iterables<Lists> = {
  [Key in keyof Lists]: NonNullable<Lists[Key]> extends readonly (infer Item)[] ? Iterable<Item> : never
}

/** Any document, where it is only written. */
export type AnyDocument = Document<Whole>

const envelope = ({ what, origin: { host, takenAt, source } }: AnyDocument): Envelope => ({
  schema: `linsight/${what}/1`,
  host,
  takenAt,
  source,
})

/** What stands before the lists of a document, and what stands behind them. */
export const documentFrame = (
  document: AnyDocument,
  warnings: readonly unknown[],
): { head: Envelope; tail: object } => ({
  head: envelope(document),
  tail: { ...document.facts, warnings, unreadable: document.unreadable ?? {} },
})

/** One JSON document in pieces. */
export function* documentPieces(document: AnyDocument, warnings: readonly unknown[]): Generator<string> {
  const { head, tail } = documentFrame(document, warnings)
  yield safeJson(head).slice(0, -1)
  for (const [key, items] of Object.entries<Iterable<unknown>>(document.lists ?? {})) {
    yield `,${safeJson(key)}:[`
    let separator = '\n'
    for (const item of items) {
      yield `${separator}${safeJson(item)}`
      separator = ',\n'
    }
    yield ']'
  }
  yield `,${safeJson(tail).slice(1)}\n`
}

/** The same as one line of a stream, with the `type` of what it is. */
export function documentLine(type: string, document: AnyDocument, warnings: readonly unknown[]): string {
  const lists = Object.fromEntries(
    Object.entries<Iterable<unknown>>(document.lists ?? {}).map(([key, items]) => [key, [...items]]),
  )
  const { head, tail } = documentFrame(document, warnings)
  return `${safeJson({ type, ...head, ...lists, ...tail })}\n`
}

/** The first line of a stream whose last one is a {@link documentLine}: nothing is known yet of what will be missing. */
export function startLine(document: Pick<AnyDocument, 'what' | 'origin' | 'facts'>): string {
  return `${safeJson({ type: 'start', ...envelope(document), ...document.facts })}\n`
}

/** JSON that is safe on a terminal, too: control characters and what turns text around are escaped, as JSON allows. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value)
  return UNSAFE.test(text) ? text.replaceAll(UNSAFE_ALL, escapeCharacter) : text
}

/** What JSON.stringify leaves as it is. */
const UNSAFE = /[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
const UNSAFE_ALL = new RegExp(UNSAFE, 'g')

const escapeCharacter = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
