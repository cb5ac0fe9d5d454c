import * as Flags from '@oclif/core/flags'
import { UsageError } from '../../errors.ts'
import type { BpfViewOptions } from '../show/view.ts'
import type { Terminal } from '../../cli/terminal.ts'

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 }

/** A time with a unit, seconds where there is none: `500us`, `1.5s`, `10`. */
function seconds(text: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)?$/.exec(text)
  if (match === null) {
    throw new UsageError(`${flag} ${text} is no time`, { hint: 'give a number with a unit: 500us, 10ms, 2s, 5m' })
  }
  return Number(match[1]) * SECONDS[match[2] ?? 's']!
}

const timeFlag = (flag: string, description: string, leastS: number) =>
  Flags.custom<number>({
    helpValue: 'TIME',
    description,
    parse: text => {
      const value = seconds(text, flag)
      if (value < leastS || value > 30 * 86_400)
        throw new UsageError(`${flag} ${text} is not between ${leastS} s and 30 days`)
      return Promise.resolve(value)
    },
  })()

/** Flags of every command that runs or replays a program. */
export const viewFlags = {
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
  duration: timeFlag('--duration', 'stop after this time; runs until Ctrl-C otherwise', 0.001),
  record: Flags.string({
    helpValue: 'FILE',
    description: 'write down everything, for linsight bpf replay',
    helpGroup: 'output',
  }),
  verbose: Flags.boolean({ description: 'say on stderr what is done and why' }),
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
  'min-latency': timeFlag('--min-latency', 'only what takes at least as long', 0),
  interval: timeFlag('--interval', 'print results every so often (whole seconds), not only at the end', 1),
}

/** The flags of a view, the terminal, and where the run comes from, as a view wants them. */
export function viewOptions(
  flags: { json: boolean; top?: number | undefined; heatmap: boolean },
  terminal: Terminal,
  source: string,
  everyInterval: boolean,
): BpfViewOptions {
  const { json, top = Infinity, heatmap } = flags
  return { json, top, heatmap, terminal, height: process.stdout.rows ?? 24, everyInterval, source }
}
