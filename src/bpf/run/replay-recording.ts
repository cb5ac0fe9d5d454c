import { InputError } from '../../errors.ts'
import { BPF_RECORDING_SCHEMA, type BpfNote, type BpfRunHeader } from '../model.ts'
import { findJob } from '../jobs/catalog.ts'
import type { Job } from '../jobs/job.ts'
import { readLines } from '../../proc/line-file.ts'
import { followRun, type BpfListener, type BpfSession } from './session.ts'

/** Notes of ours among the lines of the tool, which all begin with `{"type"`. */
const NOTE = '{"linsight":'

/** Reads a recording through the code a live run goes through. `begin` learns what it is a recording of. */
export async function replayRecording(
  path: string,
  begin: (header: BpfRunHeader, job: Job | undefined) => (session: BpfSession) => BpfListener,
): Promise<BpfSession> {
  let session: BpfSession | undefined
  await readLines(path, line => {
    if (session === undefined) {
      const header = parseHeader(line, path)
      const job = header.job === undefined ? undefined : findJob(header.job)
      if (header.job !== undefined && job === undefined) {
        throw new InputError(
          'input-format',
          `${path} is a recording of ${header.job}, a job this version does not know`,
        )
      }
      session = followRun(header, job, begin(header, job))
    } else if (line.startsWith(NOTE)) {
      const note = parseNote(line)
      // A line cut short by the end of the disk or of the recorder is no note.
      if (note !== undefined) session.note(note)
    } else {
      session.line(line)
    }
  })
  if (session === undefined) throw new InputError('input-format', `${path} is empty, so it is no recording`)
  return session
}

function parseHeader(line: string, path: string): BpfRunHeader {
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
    ['A', 'B', 'C'].includes(header.dialect ?? '') &&
    typeof header.filter === 'object' &&
    header.filter !== null
  if (!complete) throw new InputError('input-format', `the recording ${path} is damaged: its header is not complete`)
  return header as BpfRunHeader
}

function parseNote(line: string): BpfNote | undefined {
  try {
    return JSON.parse(utf8(line)) as BpfNote
  } catch {
    return undefined
  }
}

const utf8 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')
