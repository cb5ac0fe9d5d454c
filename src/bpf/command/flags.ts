import * as Flags from '@oclif/core/flags'
import { durationMsFlag } from '../../cli/duration-flag.ts'
import { jsonView } from '../show/run-json.ts'
import { textView } from '../show/run-text.ts'
import type { BpfSubject, BpfView } from '../show/subject.ts'
import type { Terminal } from '../../cli/terminal.ts'

/** Exit codes of what runs until it is stopped, with or without a command. */
export const OTHER_STATUS = ['129, 143  ended by SIGHUP, SIGTERM', 'other  that of CMD, where it ended by itself']

/** Of every command that writes a stream. */
export const streamFlags = {
  json: Flags.boolean({ description: 'one JSON object a line instead of text', helpGroup: 'output' }),
}

/** Flags of every command that runs or replays a program. */
export const viewFlags = {
  ...streamFlags,
  top: Flags.integer({
    min: 1,
    helpValue: 'N',
    description: 'only the first N rows, histograms or stacks',
    helpGroup: 'output',
  }),
  heatmap: Flags.boolean({
    description: 'histograms over time instead of one sum: a column for each interval',
    helpGroup: 'output',
  }),
  flame: Flags.string({
    helpValue: 'FILE',
    description: 'write stacks as a flame graph: .svg, .speedscope.json, or folded text for any other ending',
    helpGroup: 'output',
  }),
}

/** Flags of every command that runs a program live. */
export const runFlags = {
  ...streamFlags,
  duration: durationMsFlag('duration', {
    description: 'stop after this time; runs until Ctrl-C otherwise',
    leastMs: 1,
  }),
  record: Flags.string({
    helpValue: 'FILE',
    description: 'record everything, for linsight bpf replay',
    helpGroup: 'output',
  }),
  verbose: Flags.boolean({ description: 'print on stderr what is done and why' }),
}

/** Flags that choose what a job traces. */
export const filterFlags = {
  pid: Flags.integer({
    char: 'p',
    min: 1,
    max: 4_194_304,
    helpValue: 'PID',
    description: 'only this process',
    helpGroup: 'filter',
  }),
  comm: Flags.string({
    helpValue: 'NAME',
    description: 'only tasks of this name (15 bytes at most)',
    helpGroup: 'filter',
  }),
  cgroup: Flags.string({
    helpValue: 'PATH',
    description: 'only tasks of this cgroup2 folder, not of those below it',
    helpGroup: 'filter',
  }),
  container: Flags.string({
    helpValue: 'ID',
    description: 'only tasks of this container, by the beginning of its id',
    helpGroup: 'filter',
  }),
  'min-latency': durationMsFlag('min-latency', { description: 'only what takes at least this long', leastMs: 0 }),
  interval: durationMsFlag('interval', {
    description: 'print results at this interval (whole seconds), not only at the end',
    leastMs: 1000,
  }),
}

/** How a run is shown: as JSON lines, or as text that fits the terminal. */
export function viewOf(
  subject: BpfSubject,
  flags: { json: boolean; top?: number | undefined; heatmap?: boolean | undefined },
  terminal: Terminal,
  { source, everyInterval }: { source: string; everyInterval: boolean },
): BpfView {
  const { json, top = Infinity, heatmap = false } = flags
  if (json) return jsonView(subject, { everyInterval, top, source })
  const { interactive, width } = terminal
  return textView(subject, { interactive, width, height: process.stdout.rows ?? 24, everyInterval, heatmap, top })
}
