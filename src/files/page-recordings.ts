import { gunzipSync } from 'node:zlib'
import { InputError } from '../errors.ts'

/** What a recording inside a report is: which commands read it. */
export const PAGE_KINDS = ['snapshot', 'diagnosis', 'profile', 'trace'] as const
export type PageKind = (typeof PAGE_KINDS)[number]

/** How a page of `linsight report` begins. */
export const PAGE_MARK = '<!doctype html><!-- linsight/report/1 -->'

/** Whether bytes begin as a page of `linsight report` does. */
export const isPage = (head: Buffer): boolean => head.toString('latin1', 0, PAGE_MARK.length) === PAGE_MARK

/** A recording; where the page is cut or changed, its end or something else than base64. */
const RECORDING = /<script type="application\/octet-stream" data-kind="([^"]*)">([A-Za-z0-9+/=]*)(<\/script>)?/g

/** A page cannot make us unpack more than this. */
const MOST_BYTES = 512 * 1024 * 1024

export interface PageRecording {
  kind: PageKind
  bytes: Buffer
}

/** The element of a page that holds a recording: gzip in base64, which is no markup. */
export const recordingElement = (kind: PageKind, packed: Buffer): string =>
  `<script type="application/octet-stream" data-kind="${kind}">${packed.toString('base64')}</script>\n`

/** The recordings that a page was made from. */
export function* pageRecordings(page: Buffer, label: string): Generator<PageRecording> {
  const damaged = (cause?: unknown) =>
    new InputError('input-format', `the report ${label} is damaged: a recording in it is not whole`, { cause })
  const text = page.toString('latin1')
  for (const [, name, base64, end] of text.matchAll(RECORDING)) {
    const kind = PAGE_KINDS.find(known => known === name)
    if (kind === undefined) continue
    if (end === undefined) throw damaged()
    try {
      yield { kind, bytes: gunzipSync(Buffer.from(base64!, 'base64'), { maxOutputLength: MOST_BYTES }) }
    } catch (error) {
      throw damaged(error)
    }
  }
  if (!text.trimEnd().endsWith('</html>'))
    throw new InputError('input-format', `the report ${label} is cut short: recordings may be missing`)
}

const NAMES: Readonly<Record<PageKind, string>> = {
  snapshot: 'snapshot',
  diagnosis: 'recorded diagnosis',
  profile: 'profile of system calls',
  trace: 'recording of a bpf run',
}

/** The first recording of a kind in a page. */
export function recordingOfPage(page: Buffer, kind: PageKind, label: string): Buffer {
  const others = new Set<PageKind>()
  for (const recording of pageRecordings(page, label)) {
    if (recording.kind === kind) return recording.bytes
    others.add(recording.kind)
  }
  const held = [...others].map(other => `a ${NAMES[other]}`)
  const last = held.pop()
  const only = last === undefined ? '' : `, only ${held.length > 0 ? `${held.join(', ')} and ` : ''}${last}`
  throw new InputError('input-format', `the report ${label} holds no ${NAMES[kind]}${only}`)
}

/** The bytes of a file; of a page those of its recording of this kind. */
export async function* orPageRecording(
  chunks: AsyncIterable<Buffer>,
  kind: PageKind,
  label: string,
): AsyncGenerator<Buffer> {
  const page: Buffer[] = []
  let isFirst = true
  for await (const chunk of chunks) {
    if (isFirst && isPage(chunk)) page.push(Buffer.from(chunk))
    else if (page.length > 0) page.push(Buffer.from(chunk))
    else yield chunk
    isFirst = false
  }
  if (page.length > 0) yield recordingOfPage(Buffer.concat(page), kind, label)
}
