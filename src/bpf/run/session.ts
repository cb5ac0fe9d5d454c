import { bpfRemarks } from './remarks.ts'
import type { BpfMessage } from './output/message.ts'
import type { BpfRow, BpfValue } from './output/row.ts'
import type { BpfNote, BpfRunHeader, BpfSnapshot, BpfSummary, ScriptMap } from '../model.ts'
import type { Warning } from '../../warnings.ts'
import { parseBpftraceLine } from './output/bpftrace-json.ts'
import { parseBpftraceStderr, type StderrFact } from './output/bpftrace-stderr.ts'
import { MAP_KEYS } from '../jobs/build.ts'
import type { Job } from '../jobs/job.ts'
import { gatherResults } from './results.ts'

/** Who wants to hear of what happens. Everything is called as it happens, in order. */
export interface BpfListener {
  /** All probes are attached; `timeNs` is the tracer's clock now. Only our own programs say so. */
  ready?(timeNs: number): void
  /** Everything before that time of the tracer's clock has been handed out. */
  beat?(timeNs: number): void
  row?(row: BpfRow): void
  /** Text of a user's script. */
  text?(text: string): void
  value?(value: BpfValue): void
  map?(map: ScriptMap): void
  /** An interval is over and all results were renewed. */
  tick?(timeNs: number): void
  stderr?(fact: StderrFact): void
}

export interface BpfSession {
  readonly header: BpfRunHeader
  /** One line of the tool's stdout, a byte string. */
  line(line: string): void
  note(note: BpfNote): void
  /** Milliseconds since 1970 of a time of the tracer's clock; nothing before the clocks were compared. */
  wallMs(timeNs: number): number | undefined
  readonly attached: number
  readonly isReady: boolean
  /** Results so far; nothing for a stream of events. */
  snapshot(): BpfSnapshot | undefined
  errors(): readonly string[]
  summary(): BpfSummary
  /** What is missing from the results, and why. */
  remarks(): Warning[]
}

/**
 * Follows one run, live or recorded: the tool's lines and our notes go in, rows and results come out. Both kinds of run
 * go through here, so a replay cannot differ from what was seen.
 */
export function followRun(
  header: BpfRunHeader,
  job: Job | undefined,
  listenerOf: (session: BpfSession) => BpfListener,
): BpfSession {
  const reader = job?.shape === 'events' ? job.reader(header) : undefined
  const results = job === undefined || job.shape === 'events' ? undefined : gatherResults(job)
  const skipped = new Set<string>()
  const fullMaps = new Set<string>()
  const alike = new Set<string>()
  const faults = new Map<string, number>()
  const errors: string[] = []
  let offsetNs: number | undefined
  let attached: number | undefined
  let ready = false
  let events = 0
  let lost = 0
  let lostAtEnd = 0
  let cut = 0
  let unreadable = 0
  let end: (BpfNote & { linsight: 'end' }) | undefined

  const isCut = (value: BpfValue) => typeof value === 'string' && value.length >= header.stringBytes - 1

  function record(values: readonly BpfValue[]): void {
    const tag = values[0]
    if (tag === 'beat') {
      if (!ready) listener.ready?.(Number(values[1]))
      ready = true
      listener.beat?.(Number(values[1]))
    } else if (tag === 'tick') {
      listener.tick?.(Number(values[1]))
    } else {
      if (reader !== undefined) cut += values.filter(isCut).length
      results?.sample(values)
      if (reader === undefined) events += 1
      for (const row of reader?.take(values) ?? []) {
        events += 1
        listener.row?.(row)
      }
    }
  }

  function take(message: BpfMessage): void {
    switch (message.type) {
      case 'value':
        if (job !== undefined && Array.isArray(message.value)) record(message.value)
        else if (job === undefined) {
          events += 1
          listener.value?.(message.value)
        }
        break
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        if (message.entries.length >= MAP_KEYS) fullMaps.add(message.name)
        if (message.doubleKeys) alike.add(message.name)
        if (job === undefined) listener.map?.(message)
        else results?.map(message)
        break
      case 'text':
        events += 1
        listener.text?.(message.text)
        break
      case 'attached':
        attached = message.probes
        break
      case 'lost':
        lost += message.events
        break
      case 'fault':
        // -E2BIG of an update: the map holds as many keys as it can.
        if (message.helper === 'map_update_elem' && message.code === -7) fullMaps.add('a map of the program')
        else addTo(faults, message.helper === undefined ? message.message : `${message.helper}: ${message.message}`)
        break
      case 'unreadable':
        unreadable += 1
    }
  }

  const summary = (): BpfSummary => ({
    events,
    attachedProbes: attached,
    skippedProbes: [...skipped],
    lostAtLeast: Math.max(lost, lostAtEnd),
    cutStrings: cut,
    fullMaps: [...fullMaps],
    mapsWithAlikeKeys: [...alike],
    faults: [...faults].map(([message, count]) => ({ message, count })),
    unreadableLines: unreadable,
    durationMs: end?.durationMs,
    endedBy: end?.endedBy,
  })

  const session: BpfSession = {
    header,
    line(line) {
      const message = parseBpftraceLine(line, header.dialect)
      if (message !== undefined) take(message)
    },
    note(note) {
      if (note.linsight === 'clock') offsetNs = note.offsetNs
      else if (note.linsight === 'file') results?.file(note.pid, note.fd, note.path)
      else if (note.linsight === 'end') end = note
      else {
        const fact = parseBpftraceStderr(note.line)
        if (fact === undefined) return
        if (fact.kind === 'skipped') skipped.add(fact.probe)
        if (fact.kind === 'error') errors.push(fact.at === undefined ? fact.text : `line ${fact.at.line}: ${fact.text}`)
        if (fact.kind === 'lost') lostAtEnd = Math.max(lostAtEnd, fact.events)
        listener.stderr?.(fact)
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
    errors: () => errors,
    summary,
    remarks: () => bpfRemarks(summary(), header),
  }
  const listener = listenerOf(session)
  return session
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
