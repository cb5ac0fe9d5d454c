import { bpfWarnings } from './warnings.ts'
import type { BpfMessage } from './output/message.ts'
import type { BpfValue } from './output/row.ts'
import { FAMILY_MAP, SCRIPT_BEAT } from '../jobs/build.ts'
import type { BpfEvent, BpfRunFacts, BpfRunState, BpfSession, BpfSummary, LeftProcess, ScriptMap } from '../model.ts'
import { printedStrings } from './output/printf.ts'
import { parseBpftraceLine } from './output/bpftrace-json.ts'
import { parseBpftraceStderr, saysSomething } from './output/bpftrace-stderr.ts'
import type { Job } from '../jobs/job.ts'
import { RunLosses } from './losses.ts'
import { inOrder } from './in-order.ts'
import { gatherResults } from './results.ts'
import { gatherScriptStacks } from './script-stacks.ts'

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
  const losses = new RunLosses(header)
  const printed = printedStrings(header.program ?? '')
  const scriptStacks = job === undefined ? gatherScriptStacks(header.program ?? '') : undefined
  let offsetNs: number | undefined
  let attached: number | undefined
  let ready = false
  let events = 0
  let end: BpfSession['end']
  let lastWords: string | undefined
  let family: readonly number[] = []
  let childrenLeft: readonly LeftProcess[] = []

  const order =
    header.dialect === 'A' ? inOrder() : { at: (_: number, act: () => void) => act(), beat() {}, flush() {} }

  const emit = (event: BpfEvent) => onEvent(event, session)
  const isCut = (value: BpfValue) => typeof value === 'string' && value.length >= header.stringBytes - 1

  /** `["beat", nsecs]`. */
  function takeBeat([, time]: readonly BpfValue[]): void {
    const timeNs = Number(time)
    if (!ready) emit({ type: 'ready', timeNs })
    ready = true
    order.beat(timeNs)
    emit({ type: 'heartbeat', timeNs })
  }

  /** A value that a user's script printed. */
  function takeValue(value: BpfValue): void {
    if (Array.isArray(value) && value[0] === SCRIPT_BEAT) {
      takeBeat(value)
      return
    }
    events += 1
    losses.cutStrings += countTexts(value, text => isCutScript(text, header.stringBytes))
    scriptStacks?.value(value)
    emit({ type: 'value', value })
  }

  /** A tuple that the program of a job printed; `beat` and `tick` are written by jobs/build.ts. */
  function takeRecord(values: readonly BpfValue[]): void {
    const [tag, time] = values
    if (tag === 'beat') takeBeat(values)
    else if (tag === 'tick') {
      emit({ type: 'tick', timeNs: Number(time) })
    } else if (reader === undefined) {
      if (results?.sample(values) === false) losses.countUnreadable()
      else events += 1
    } else {
      losses.cutStrings += values.filter(isCut).length
      if (job!.untimedRecords === true) takeRows(values)
      else order.at(Number(time), () => takeRows(values))
    }
  }

  function takeRows(values: readonly BpfValue[]): void {
    for (const row of reader!.take(values)) {
      events += 1
      if (job!.untimedRecords === true) order.at(Number(row['time']), () => emit({ type: 'row', row }))
      else emit({ type: 'row', row })
    }
  }

  function takeMap(map: ScriptMap): void {
    for (const { key } of map.entries) {
      // Parts of a key are joined with commas.
      if (key?.split(',').some(part => isCutScript(part, header.stringBytes))) losses.cutStrings += 1
    }
    scriptStacks?.map(map)
    emit({ type: 'map', map })
  }

  function takeMessage(message: BpfMessage): void {
    losses.countMessage(message)
    switch (message.type) {
      case 'value':
        if (job === undefined) takeValue(message.value)
        else if (Array.isArray(message.value)) takeRecord(message.value)
        break
      case 'map':
      case 'histogram':
      case 'stats':
      case 'series':
        if (job === undefined) takeMap(message)
        else if (message.name === FAMILY_MAP) family = message.entries.map(({ key }) => Number(key))
        else results?.map(message)
        break
      case 'text':
        events += 1
        if (message.text.length >= header.stringBytes - 1)
          losses.cutStrings += printed(message.text).filter(text => isCutScript(text, header.stringBytes)).length
        emit({ type: 'text', text: message.text })
        break
      case 'attached':
        attached = Math.max(0, message.probes - (header.ownProbes ?? 0))
    }
  }

  const summary = (): BpfSummary => ({
    events,
    attachedProbes: attached,
    ...losses.summary(),
    durationMs: end?.durationMs,
    endedBy: end?.endedBy,
    behind: end?.behind ?? false,
    childrenLeft,
  })

  const session: BpfSession = {
    header,
    line(line) {
      const message = parseBpftraceLine(line, header.dialect)
      if (message === undefined) return
      // Some errors are plain text on stdout.
      const fact = message.type === 'unreadable' ? parseBpftraceStderr(line) : undefined
      if (fact === undefined) takeMessage(message)
      else losses.countStderr(fact)
    },
    note(note) {
      if (note.linsight === 'clock') offsetNs = note.offsetNs
      else if (note.linsight === 'file') results?.file(note.pid, note.fd, note.path)
      else if (note.linsight === 'children-left') childrenLeft = note.processes
      else if (note.linsight === 'end') {
        order.flush()
        end = note
      } else {
        if (saysSomething(note.line)) lastWords = note.line
        const fact = parseBpftraceStderr(note.line)
        if (fact !== undefined) losses.countStderr(fact)
      }
    },
    wallMs: timeNs => (offsetNs === undefined ? undefined : (timeNs + offsetNs) / 1e6),
    get attached() {
      return attached
    },
    get family() {
      return family
    },
    get isReady() {
      return ready
    },
    snapshot: () => results?.snapshot(),
    stacks() {
      const snapshot = results?.snapshot()
      return snapshot?.shape === 'stacks' ? snapshot.stacks : (scriptStacks?.stacks() ?? [])
    },
    flush: () => order.flush(),
    errors: () => losses.errors,
    get lastWords() {
      return lastWords
    },
    get end() {
      return end
    },
    summary,
    warnings: () => bpfWarnings(summary(), header),
  }
  return session
}

/**
 * Whether a string of a user's script is as long as strings get; from 0.22 on a cut one ends in two dots, too. Stacks are
 * not strings and may be longer.
 */
function isCutScript(text: string, stringBytes: number): boolean {
  if (text.startsWith('\n')) return false
  return text.length === stringBytes - 1 || (text.endsWith('..') && text.length > stringBytes - 1)
}

function countTexts(value: BpfValue, counts: (text: string) => boolean): number {
  if (Array.isArray(value)) return value.reduce((sum: number, part) => sum + countTexts(part, counts), 0)
  return typeof value === 'string' && counts(value) ? 1 : 0
}
