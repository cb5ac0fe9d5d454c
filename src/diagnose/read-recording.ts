import { statSync } from 'node:fs'
import { InputError, optional, systemReason } from '../errors.ts'
import { stdinForCaller } from '../files/caller-rights.ts'
import { openBytes, readAtMost, readHead, unpack, unpackHead } from '../proc/open-bytes.ts'
import { isPage, pageRecordings, recordingOfPage } from '../files/page-recordings.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { parseSnapshot } from '../proc/snapshot-format.ts'
import { pidsToDescribe } from './conclude.ts'
import { describeProcess } from './look/describe.ts'
import { observeOnce } from './look/observe-once.ts'
import type { Observation } from './observation.ts'
import { isObservation, parseObservation } from './recording.ts'

/** A recording of a large machine has some megabytes. */
const MOST_BYTES = 256 * 1024 * 1024

/** What a recording of a diagnosis holds, or one of /proc, which `open` opens. */
export async function readRecording(path: string, open: (path: string) => Promise<ProcSource>): Promise<Observation> {
  const isFile = path !== '-' && optional(() => statSync(path).isFile()) === true
  // What comes through a pipe can be read once only.
  const isPipe = path === '-' || optional(() => statSync(path).isFIFO()) === true
  const bytes = isPipe ? await pipedBytes(path) : isFile ? optional(() => readAtMost(path, MOST_BYTES)) : undefined
  const text = bytes && optional(() => unpack(bytes, MOST_BYTES))
  if (text !== undefined && isObservation(text.toString('latin1', 0, 100)))
    return parseObservation(text.toString('utf8'), path)
  if (text !== undefined && isPage(text)) {
    const seen = observationInPage(text, path)
    if (seen !== undefined) return seen
    return seenOnce(parseSnapshot(recordingOfPage(text, 'snapshot', path).toString('utf8'), path))
  }
  if (isPipe && text !== undefined && !text.toString('latin1', 0, 100).trimStart().startsWith('{'))
    throw new InputError(
      'input-format',
      `what came from ${path === '-' ? 'standard input' : path} is no recording in JSON`,
      { hint: 'an archive is read as a file: --from FILE' },
    )
  return seenOnce(isPipe && text !== undefined ? parseSnapshot(text.toString('utf8'), path) : await open(path))
}

/** Bytes of a file, packed or not, that surely hold the first {@link isObservation} asks for. */
const HEAD_BYTES = 4096

/** What a file holds that is a recording of a diagnosis; undefined where it is something else, or not to be read. */
export function observationAt(path: string): Observation | undefined {
  if (optional(() => statSync(path).isFile()) !== true) return undefined
  const head = optional(() => unpackHead(readHead(path, HEAD_BYTES)))
  if (head !== undefined && isPage(head)) return observationInPage(readAtMost(path, MOST_BYTES), path)
  if (head === undefined || !isObservation(head.toString('latin1', 0, 100))) return undefined
  return parseObservation(unpack(readAtMost(path, MOST_BYTES), MOST_BYTES).toString('utf8'), path)
}

/** What a report was made from, where a diagnosis is among it. */
function observationInPage(page: Buffer, path: string): Observation | undefined {
  for (const { kind, bytes } of pageRecordings(page, path))
    if (kind === 'diagnosis') return parseObservation(bytes.toString('utf8'), path)
  return undefined
}

/** One look at a recording of /proc, with those whom findings name described. */
export function seenOnce(source: ProcSource): Observation {
  const seen = observeOnce(source)
  describe(source, seen, pidsToDescribe(seen))
  return seen
}

/** Describes these processes in what was recorded. */
export function describe(source: ProcSource, seen: Observation, pids: Iterable<number>): void {
  const named = new Set(pids)
  for (const process of seen.processes)
    if (named.has(process.pid)) process.described = describeProcess(source, process, seen)
}

/** Everything that comes through a pipe, or from stdin. */
async function pipedBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of path === '-' ? stdinForCaller() : openBytes(path)) chunks.push(chunk)
    return Buffer.concat(chunks)
  } catch (error) {
    const label = path === '-' ? 'standard input' : path
    throw new InputError('input-unreadable', `the recording ${label} could not be read: ${systemReason(error)}`, {
      cause: error,
    })
  }
}
