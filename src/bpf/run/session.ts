import { bpfWarnings } from './warnings.ts'
import type { BpfMessage } from './output/message.ts'
import type { BpfValue } from './output/row.ts'
import type { BpfEvent, BpfNote, BpfRunFacts, BpfRunState, BpfSession, BpfSummary } from '../model.ts'
import { parseBpftraceLine } from './output/bpftrace-json.ts'
import { parseBpftraceStderr } from './output/bpftrace-stderr.ts'
import type { Job } from '../jobs/job.ts'
import { RunLosses } from './losses.ts'
import { gatherResults } from './results.ts'

/**
 * Follows one run, live or recorded: the tool's lines and our notes go in, events and results come out. Both kinds of
 * run go through here, so a replay cannot differ from what was seen. `job` is absent for a user's script.
 */
export function followRun(
  header: BpfRunFacts,
  job: Job | undefined,
  onEvent: (event: BpfEvent, run: BpfRunState) => void,
): BpfSession {
  const reader = job?.shape === 'events' ? job.reader(header) : undefined
  const results = job === undefined || job.shape === 'events' ? undefined : gatherResults(job)
  const losses = new RunLosses()
  let offsetNs: number | undefined
  let attached: number | undefined
  let ready = false
  let events = 0
  let end: (BpfNote & { linsight: 'end' }) | undefined

  const emit = (event: BpfEvent) => onEvent(event, session)
  const isCut = (value: BpfValue) => typeof value === 'string' && value.length >= header.stringBytes - 1

  /** A tuple that the program of a job printed; `beat` and `tick` are written by jobs/build.ts. */
  function takeRecord(values: readonly BpfValue[]): void {
    const [tag, time] = values
    if (tag === 'beat') {
      const timeNs = Number(time)
      if (!ready) emit({ type: 'ready', timeNs })
      ready = true
      emit({ type: 'heartbeat', timeNs })
    } else if (tag === 'tick') {
      emit({ type: 'tick', timeNs: Number(time) })
    } else if (reader === undefined) {
      events += 1
      results?.sample(values)
    } else {
      losses.cutStrings += values.filter(isCut).length
      for (const row of reader.take(values)) {
        events += 1
        emit({ type: 'row', row })
      }
    }
  }

  function takeMessage(message: BpfMessage): void {
    losses.countMessage(message)
    switch (message.type) {
      case 'value':
        if (job === undefined) {
          events += 1
          emit({ type: 'value', value: message.value })
        } else if (Array.isArray(message.value)) takeRecord(message.value)
        break
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        if (job === undefined) emit({ type: 'map', map: message })
        else results?.map(message)
        break
      case 'text':
        events += 1
        emit({ type: 'text', text: message.text })
        break
      case 'attached':
        attached = message.probes
    }
  }

  const summary = (): BpfSummary => ({
    events,
    attachedProbes: attached,
    ...losses.summary(),
    durationMs: end?.durationMs,
    endedBy: end?.endedBy,
  })

  const session: BpfSession = {
    header,
    line(line) {
      const message = parseBpftraceLine(line, header.dialect)
      if (message !== undefined) takeMessage(message)
    },
    note(note) {
      if (note.linsight === 'clock') offsetNs = note.offsetNs
      else if (note.linsight === 'file') results?.file(note.pid, note.fd, note.path)
      else if (note.linsight === 'end') end = note
      else {
        const fact = parseBpftraceStderr(note.line)
        if (fact !== undefined) losses.countStderr(fact)
      }
    },
    wallMs: timeNs => (offsetNs === undefined ? undefined : (timeNs + offsetNs) / 1e6),
    get attached() {
      return attached ?? 0
    },
    get isReady() {
      return ready
    },
    snapshot: () => results?.snapshot(),
    errors: () => losses.errors,
    summary,
    warnings: () => bpfWarnings(summary(), header),
  }
  return session
}
