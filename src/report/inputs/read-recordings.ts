import { statSync } from 'node:fs'
import { TOOL_RECORDING_SCHEMA } from '../../bpf/index.ts'
import { BPF_RECORDING_SCHEMA } from '../../bpf/model.ts'
import { isObservation, type Observation } from '../../diagnose/index.ts'
import { InputError, optional } from '../../errors.ts'
import { isPage, pageRecordings } from '../../files/page-recordings.ts'
import { libcToEnter } from '../../namespaces/libc-to-enter.ts'
import { readAtMost, readHead, unpack, unpackHead } from '../../proc/open-bytes.ts'
import { openSource } from '../../proc/open-source.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { recordFirewall, recordSnapshot } from '../../snapshot/index.ts'
import { usersOf, withDumps } from '../../sockets/index.ts'
import { readSyscallProfile } from '../../syscalls/index.ts'
import { parseRecording, type Recording } from './recording.ts'

/** What a file must say of itself in its first bytes. */
const HEAD_BYTES = 64 * 1024
/** A recording is held in memory, and goes into the page. */
const MOST_BYTES = 512 * 1024 * 1024

/** Looks at this machine for some seconds. */
export type Look = (open: () => Promise<ProcSource>) => Promise<Observation>

/** The recordings in the files, each by what is in it, not by its name; without any it is this machine as it is now. */
export async function readRecordings(paths: readonly string[], look: Look): Promise<Recording[]> {
  if (paths.length === 0) return recordHere(look)
  const recordings: Recording[] = []
  for (const path of paths) recordings.push(...(await recordingsAt(path)))
  return recordings
}

/** What changes needs more than one look, so a diagnosis goes before the snapshot. */
async function recordHere(look: Look): Promise<Recording[]> {
  const name = 'this machine'
  // Opened anew each time: a source says when it was opened.
  const open = () => openSource(undefined, undefined)
  const source = await open()
  if (!source.isThisMachine) return [await recordingOf(source, name)]
  const seen = await look(open)
  return [{ name, kind: 'diagnosis', seen }, await recordingOf(await open(), name)]
}

async function recordingsAt(path: string): Promise<Recording[]> {
  const head = headOf(path)
  const text = head?.toString('latin1') ?? ''
  if (head !== undefined && isPage(head))
    return Array.from(pageRecordings(whole(path), path), recording => parseRecording(recording, path))
  if (isObservation(text)) return [parseRecording({ kind: 'diagnosis', bytes: whole(path) }, path)]
  if (firstSchema(text) === BPF_RECORDING_SCHEMA) return [{ name: path, kind: 'trace', bytes: whole(path) }]
  if (firstSchema(text) === TOOL_RECORDING_SCHEMA)
    throw new InputError('input-format', `${path} is the output of a tool, of which a report has no view`, {
      hint: `show it with: linsight bpf replay ${path}`,
    })
  if (head !== undefined && !isOfProc(head, text)) {
    const options = { isWallTime: false, files: true, threads: true, stacks: true }
    return [{ name: path, kind: 'profile', profile: await readSyscallProfile([path], options) }]
  }
  return [await recordingOf(await openSource(path, undefined), path)]
}

/** All that is recorded of a source of /proc. */
async function recordingOf(opened: ProcSource, name: string): Promise<Recording> {
  const source = await withDumps(opened)
  const users = source.isThisMachine ? usersOf(source) : undefined
  const { meta, entries } = recordSnapshot(source, { users, libc: await libcToEnter(source) })
  await recordFirewall(source, entries)
  return { name, kind: 'snapshot', recorded: { meta, entries } }
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
