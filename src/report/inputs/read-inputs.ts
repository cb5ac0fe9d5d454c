import { statSync } from 'node:fs'
import { TOOL_RECORDING_SCHEMA } from '../../bpf/index.ts'
import { BPF_RECORDING_SCHEMA } from '../../bpf/model.ts'
import { isObservation } from '../../diagnose/index.ts'
import { InputError, optional, UsageError } from '../../errors.ts'
import { isPage, pageRecordings, type PageRecording } from '../../files/page-recordings.ts'
import { linesOf } from '../../proc/line-file.ts'
import { readAtMost, readHead, unpack, unpackHead } from '../../proc/open-bytes.ts'
import { openSource } from '../../proc/open-source.ts'
import { parseSnapshot } from '../../proc/snapshot-format.ts'
import { parseProfileJson, readSyscallProfile } from '../../syscalls/index.ts'
import { readDiagnosisInput } from './diagnosis-input.ts'
import type { InputParts } from './parts.ts'
import { readProfileInput } from './profile-input.ts'
import { readSnapshotInput } from './snapshot-input.ts'
import { readTraceInput } from './trace-input.ts'

/** What a file must say of itself in its first bytes. */
const HEAD_BYTES = 64 * 1024
/** A recording is held in memory, and goes into the page. */
const MOST_BYTES = 512 * 1024 * 1024

/** What the files add, each by what is in it, not by its name; without any it is this machine. */
export async function readInputs(paths: readonly string[], redact: boolean): Promise<InputParts[]> {
  if (paths.length === 0)
    return [await readSnapshotInput(await openSource(undefined, undefined), 'this machine', redact)]
  const parts: InputParts[] = []
  for (const path of paths) for (const part of await readInput(path, redact)) parts.push(part)
  return parts
}

async function readInput(path: string, redact: boolean): Promise<InputParts[]> {
  const head = headOf(path)
  const text = head?.toString('latin1') ?? ''
  if (head !== undefined && isPage(head)) {
    const page = whole(path)
    const parts: InputParts[] = []
    for (const recording of pageRecordings(page, path)) parts.push(await readRecording(recording, path, redact))
    return parts
  }
  if (isObservation(text)) return [await readRecording({ kind: 'diagnosis', bytes: whole(path) }, path, redact)]
  if (firstSchema(text) === BPF_RECORDING_SCHEMA)
    return [await readRecording({ kind: 'trace', bytes: whole(path) }, path, redact)]
  if (firstSchema(text) === TOOL_RECORDING_SCHEMA)
    throw new InputError('input-format', `${path} is the output of a tool, of which a report has no view`, {
      hint: `show it with: linsight bpf replay ${path}`,
    })
  if (head !== undefined && !isOfProc(head, text)) {
    refuseRedaction(redact, path)
    const files = { isWallTime: false, files: true, threads: true, stacks: true }
    return [readProfileInput(await readSyscallProfile([path], files), path)]
  }
  return [await readSnapshotInput(await openSource(path, undefined), path, redact)]
}

/** A recording by its bytes. */
async function readRecording({ kind, bytes }: PageRecording, path: string, redact: boolean): Promise<InputParts> {
  if (kind === 'snapshot') return readSnapshotInput(parseSnapshot(bytes.toString('utf8'), path), path, redact)
  refuseRedaction(redact, path)
  if (kind === 'diagnosis') return readDiagnosisInput(bytes.toString('utf8'), path)
  if (kind === 'trace') return readTraceInput(linesOf(bytes, path), bytes, path)
  return readProfileInput(parseProfileJson(bytes.toString('utf8'), path), path)
}

/** Only of /proc it is known where names stand. */
function refuseRedaction(redact: boolean, path: string): void {
  if (redact)
    throw new UsageError(`--redact replaces names in recordings of /proc, and ${path} is another`, {
      hint: 'leave it out, or make the report of a snapshot alone',
    })
}

/** The beginning of a file, unpacked; undefined for a folder, a pipe, or what cannot be read: others say why. */
function headOf(path: string): Buffer | undefined {
  if (path === '-' || optional(() => statSync(path).isFile()) !== true) return undefined
  return optional(() => unpackHead(readHead(path, HEAD_BYTES)))
}

const whole = (path: string): Buffer => unpack(readAtMost(path, MOST_BYTES), MOST_BYTES)

/** The schema that a JSON text, or the first line of a stream, names at its beginning. */
const firstSchema = (text: string): string | undefined => /^\s*\{\s*"schema":\s*"([^"]+)"/.exec(text)?.[1]

/** Tables and archives of /proc, and JSON that is no profile: the reader of snapshots says what is wrong with others. */
function isOfProc(head: Buffer, text: string): boolean {
  if (text.trimStart().startsWith('{')) return firstSchema(text) !== 'linsight/syscall-profile/1'
  return head.toString('latin1', 257, 262) === 'ustar' || /^\s*sl\s+local_address/.test(text)
}
