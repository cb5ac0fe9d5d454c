import { InputError } from '../../errors.ts'
import {
  BPF_RECORDING_SCHEMA,
  DIALECTS,
  type BpfEvent,
  type BpfNote,
  type BpfRunHeader,
  type BpfRunState,
  type BpfSession,
} from '../model.ts'
import { findJob } from '../jobs/catalog.ts'
import type { Job } from '../jobs/job.ts'
import type { RecordedLines } from '../../proc/line-file.ts'
import { followRun } from './session.ts'

/** How notes of the recorder begin, among the lines of the tool, which all begin with `{"type"`. */
const NOTE = '{"linsight":'
export const isNote = (line: string): boolean => line.startsWith(NOTE)

/** What takes the events of a recording, made once its header is known. */
interface Follower {
  onEvent(event: BpfEvent, run: BpfRunState): void
}

/** Reads a recording through the code a live run goes through; returns the run and what `begin` made for it. */
export async function replayRecording<F extends Follower>(
  recording: RecordedLines,
  begin: (header: BpfRunHeader, job: Job | undefined) => F,
): Promise<F & { session: BpfSession }> {
  let replayed: (F & { session: BpfSession }) | undefined
  const { path } = recording
  await recording.each(line => {
    if (replayed === undefined) {
      const header = parseHeader(line, path)
      const job = jobOf(header, path)
      const follower = begin(header, job)
      const session = followRun(header, job, (event, run) => follower.onEvent(event, run))
      follower.onEvent({ type: 'start' }, session)
      replayed = { ...follower, session }
    } else if (isNote(line)) {
      const note = parseNote(line)
      // A line cut short by the end of the disk or of the recorder is no note.
      if (note !== undefined) replayed.session.note(note)
    } else {
      replayed.session.line(line)
    }
  })
  if (replayed === undefined) throw new InputError('input-format', `${path} is empty, so it is no recording`)
  const run: F & { session: BpfSession } = replayed
  // A recording that was cut short has no end that would do it.
  run.session.flush()
  return run
}

/** The job of a recording; undefined for a user's script. */
export function jobOf({ job: name }: BpfRunHeader, path: string): Job | undefined {
  const job = name === undefined ? undefined : findJob(name)
  if (name !== undefined && job === undefined) {
    throw new InputError('input-format', `${path} is a recording of ${name}, a job this version does not know`)
  }
  return job
}

/** The first line of a recording, a byte string. */
export function parseHeader(line: string, path: string): BpfRunHeader {
  let header: Partial<BpfRunHeader> | null
  try {
    header = JSON.parse(utf8(line)) as Partial<BpfRunHeader> | null
  } catch (error) {
    throw new InputError('input-format', `${path} is no recording of a run: its first line is no JSON`, {
      cause: error,
    })
  }
  if (typeof header !== 'object' || header?.schema !== BPF_RECORDING_SCHEMA) {
    throw new InputError(
      'input-format',
      `${path} is no recording of a run: its schema is not ${BPF_RECORDING_SCHEMA}`,
      {
        hint: 'make one with: linsight bpf run JOB --record FILE',
      },
    )
  }
  const complete =
    typeof header.program === 'string' &&
    typeof header.toolVersion === 'string' &&
    DIALECTS.some(dialect => dialect === header.dialect) &&
    typeof header.filter === 'object' &&
    header.filter !== null
  if (!complete) throw new InputError('input-format', `the recording ${path} is damaged: its header is not complete`)
  return header as BpfRunHeader
}

/** A note of the recorder; undefined where its line was cut short. */
export function parseNote(line: string): BpfNote | undefined {
  try {
    return JSON.parse(utf8(line)) as BpfNote
  } catch {
    return undefined
  }
}

const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
