import type { ToolItem } from './output/tool-item.ts'
import type { ToolRunEnd, ToolRunHeader, ToolVerdict } from './tool-run.ts'
import type { Warning, WarningCode } from '../../warnings.ts'
import type { CheckId } from '../doctor/check-machine.ts'

/** What a run of a tool left behind. */
export interface ToolRunFacts {
  header: ToolRunHeader
  end: ToolRunEnd
  /** Byte string; of a very long one the ends. */
  stderr: string
  seen: SeenItems
}

/** Counts of what a tool printed, and the oddities among it. */
export interface SeenItems {
  header: number
  row: number
  histogram: number
  stack: number
  note: number
  unparsed: number
  /** Probes a bpftrace script wanted to attach, where it said so. */
  wantedProbes: number | undefined
  /** Lost events the tool reports, on stdout and stderr. */
  lostAtLeast: number
  /** Rows whose values no running system has. */
  implausible: number
}

export function countItems() {
  const seen: SeenItems = {
    header: 0,
    row: 0,
    histogram: 0,
    stack: 0,
    note: 0,
    unparsed: 0,
    wantedProbes: undefined,
    lostAtLeast: 0,
    implausible: 0,
  }
  return {
    seen,
    count(item: ToolItem): void {
      seen[item.type] += 1
      if (item.type === 'row' && isImplausible(item.values)) seen.implausible += 1
      if (item.type !== 'note' && item.type !== 'unparsed') return
      seen.lostAtLeast += lostIn(item.text)
      const wanted = /^Attach(?:ing|ed) (\d+) probe/.exec(item.text)?.[1]
      if (wanted !== undefined) seen.wantedProbes = Number(wanted)
    },
    /** A line of stderr, which may be the only report of a loss. */
    countLoss(line: string): void {
      seen.lostAtLeast += lostIn(line)
    },
  }
}

/** A petabyte over one connection, or a task that ended and was the idle task: a structure was read at the wrong place. */
function isImplausible(values: Readonly<Record<string, unknown>>): boolean {
  const much = (key: string) => typeof values[key] === 'number' && values[key] > 1e12
  return much('txKb') || much('rxKb') || (values['pid'] === 0 && ('exitCode' in values || 'signal' in values))
}

/** `lost 83 events on CPU #0`, `Lost 5 events on CPU #1!`, `Possibly lost 12 samples`. */
function lostIn(text: string): number {
  return [...text.matchAll(/\blost (\d+) (?:events?|samples?)/gi)].reduce((sum, match) => sum + Number(match[1]), 0)
}

/** What tools say when they fail, what it means, and the check of the doctor that knows why. The first that fits counts. */
const REASONS: readonly { says: RegExp; means: string; because?: CheckId; usage?: true }[] = [
  {
    says: /Couldn't load trivial BPF program|only supports running as the root user|Missing CAP_\w+ capability|must be root|Need super-user|[Pp]ermission denied: '\/sys\/kernel|not have permission to create a BPF/,
    means: 'this user may not load BPF programs',
    because: 'user',
  },
  {
    says: /Unable to find kernel headers|Failed to compile BPF (module|text)|file not found|incomplete definition of type/,
    means: 'it compiles its program here and found no headers of this kernel',
    because: 'headers',
  },
  {
    says: /failed to find valid kernel BTF|vmlinux BTF is not found/,
    means: 'the kernel does not describe its types (BTF)',
    because: 'btf',
  },
  {
    says: /legacy kprobe event|create kprobe|create_probe_event|Error attaching probe: k|could not attach probe k|failed to attach kprobe|Failed to attach BPF program .* to kprobe|No matches for kprobe/,
    means: 'it probes functions of the kernel',
    because: 'kprobes',
  },
  {
    says: /Could not read symbols from \S*available_filter_functions|No probes to attach/,
    means: 'what it asks for matches no function of the kernel that can be probed',
    because: 'kprobes',
  },
  {
    says: /failed to determine tracepoint|tracepoint not found|No matches for tracepoint/,
    means: 'a tracepoint it wants was not found',
    because: 'tracefs',
  },
  { says: /scaling_cur_freq/, means: 'the frequency of the CPUs cannot be read', because: 'cpufreq' },
  {
    says: /failed to init perf sampling|perf_event_open failed: No such file/,
    means: 'it counts with the hardware counters of a CPU',
    because: 'hardware',
  },
  {
    says: /BPF program load failed: Operation not permitted|failed to set attach target|failed to find kernel BTF type ID/,
    means: 'it enters functions of the kernel directly (fentry)',
    because: 'fentry',
  },
  {
    says: /BPF program load failed: Invalid argument|unknown type name|does not contain a field|failed to load BPF object|no \w+ in \/proc\/kallsyms|Could not resolve symbol/,
    means: 'this release of the tool wants something this kernel does not have (any more)',
  },
  {
    says: /[Tt]oo many arguments|unrecognized option|invalid option|unrecognized arguments|--usage' for more information|the following arguments are required|must be specified|\busage:/im,
    means: 'it refuses its arguments',
    usage: true,
  },
]

const FATAL =
  /(^|\n)(failed to (?!get syms)|libbpf: failed|libbpf: Error|error: |ERROR: |Error: |Exception: |Traceback|bpf: Failed|.*Could not (attach|resolve)|.*perf_event_open failed|.*fatal error: )/

/**
 * Decides whether a run did its work. The exit status alone does not say: tools end with 0 after most failures, and
 * some with 1 after a good run.
 */
export function judgeRun(facts: ToolRunFacts): ToolVerdict {
  const { seen } = facts
  const { tool, wrongHeaders, timers = 2 } = facts.header
  const { exitCode, signal, endedBy } = facts.end
  const stderr = withoutNoise(facts.stderr)
  const results = seen.row + seen.histogram + seen.stack
  const skippedProbes = [...stderr.matchAll(/could not attach probe ([^\s,]+), skipping/gi)].map(match => match[1]!)
  const { lostAtLeast } = seen
  const warnings: Warning[] = []
  const warn = (code: WarningCode, message: string) => void warnings.push({ code, message })

  if (lostAtLeast > 0)
    warn('events-lost', `at least ${lostAtLeast} events were lost: ${tool} could not be read fast enough`)
  if (skippedProbes.length > 0)
    warn('probes-skipped', `${tool} went on without ${skippedProbes.length} of its probes: ${listed(skippedProbes)}`)
  if (wrongHeaders !== undefined) {
    const { headers, kernel } = wrongHeaders
    warn(
      'headers-differ',
      `${tool} was compiled with the headers of ${headers} while ${kernel} runs: what it reads from structures may be wrong`,
    )
  }
  if (seen.implausible > 0)
    warn(
      'values-implausible',
      `${seen.implausible} rows hold values no system has: ${tool} reads this kernel’s structures at the wrong place`,
    )
  if (seen.unparsed > 0)
    warn(
      'lines-unknown',
      `${seen.unparsed} lines of ${tool} fit nothing it is known to print; they are passed on unchanged`,
    )
  const stacks = facts.stderr.match(/missed (kernel|user) stack|\[Missed (Kernel|User) Stack\]/gi)?.length ?? 0
  if (stacks > 0)
    warn('stacks-missed', `${stacks} stacks could not be read: raise --stack-storage-size where the tool has it`)
  if (endedBy === 'terminate' || endedBy === 'kill')
    warn(
      'ended-by-force',
      `${tool} did not end when asked and was ended by force: what it prints at its end is missing`,
    )

  const wanted = seen.wantedProbes === undefined ? undefined : seen.wantedProbes - timers
  const nothingAttached =
    wanted !== undefined && (skippedProbes.length > 0 || wanted <= 0) && skippedProbes.length >= wanted
  const crashed = signal !== undefined && endedBy === 'itself'
  const failed = exitCode !== 0 && endedBy === 'itself'
  const failure =
    results === 0 && (nothingAttached || crashed || failed || FATAL.test(stderr)) ? failureOf(facts, stderr) : undefined
  if (failure === undefined) {
    if (crashed) warn('tool-crashed', `${tool} was ended by ${signal} after ${results} results`)
    else if (results === 0) warn('no-events', noEvents(facts))
  }
  return { failure, warnings, lostAtLeast, skippedProbes }
}

function failureOf(
  { header: { tool }, end: { signal, exitCode, endedBy } }: ToolRunFacts,
  stderr: string,
): ToolVerdict['failure'] {
  const reason = REASONS.find(({ says }) => says.test(stderr))
  if (reason !== undefined)
    return { message: `${tool} could not start: ${reason.means}`, because: reason.because, usage: reason.usage }
  if (signal !== undefined && endedBy === 'itself') return { message: `${tool} crashed (${signal})` }
  const last = stderr.trim().split('\n').at(-1)!.trim()
  return { message: last === '' ? `${tool} ended with status ${exitCode} and said nothing` : `${tool} failed: ${last}` }
}

function noEvents({ header: { tool }, seen }: ToolRunFacts): string {
  return seen.header > 0
    ? `${tool} printed its header and nothing below it: nothing of the kind happened, or its probes miss what this kernel calls it`
    : `${tool} printed no result`
}

/** Removes lines that look like errors and are harmless here; see the doctor's memlock check. */
function withoutNoise(stderr: string): string {
  return stderr
    .split('\n')
    .filter(
      line =>
        !/RLIMIT_MEMLOCK for bpftrace|modprobe: not found|[Mm]issed (kernel|user|Kernel|User) [sS]tack|try raising 'ulimit -l'/.test(
          line,
        ),
    )
    .join('\n')
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ')
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown
}
