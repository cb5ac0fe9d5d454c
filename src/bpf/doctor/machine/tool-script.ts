/** What a script says it attaches, in the words of a BPF object: `kprobe/vfs_read`. */
export interface ScriptProbe {
  section: string
  name: string
}

/** bpftrace's names of probes, long and short. Source: bpftrace's reference guide, "Probes". */
const BPFTRACE_PROBE =
  /^\s*(kprobe|k|kretprobe|kr|kfunc|kretfunc|fentry|fexit|tracepoint|t|rawtracepoint|rt|uprobe|u|uretprobe|ur|usdt|hardware|h|software|s|profile|p|interval|i|iter):([\w.:*/+-]+)/gm
const LONG: Readonly<Record<string, string>> = {
  k: 'kprobe',
  kr: 'kretprobe',
  kfunc: 'fentry',
  kretfunc: 'fexit',
  t: 'tracepoint',
  rawtracepoint: 'raw_tp',
  rt: 'raw_tp',
  u: 'uprobe',
  ur: 'uretprobe',
  hardware: 'hardware',
  h: 'hardware',
  software: 'perf_event',
  s: 'perf_event',
  profile: 'perf_event',
  p: 'perf_event',
}

/** Probes of a bpftrace script, one for each kind and target. */
export function bpftraceProbes(text: string): ScriptProbe[] {
  return [...text.matchAll(BPFTRACE_PROBE)]
    .map(([, kind, target]) => ({ kind: LONG[kind!] ?? kind!, target: target!.replaceAll(':', '/') }))
    .filter(({ kind }) => !['interval', 'i'].includes(kind))
    .map(({ kind, target }) => ({ section: kind === 'perf_event' ? kind : `${kind}/${target}`, name: '' }))
}

/** Probes of a bpftrace script that always attach and trace nothing. */
export function countTimers(text: string): number {
  return text.match(/^(BEGIN|END|interval:)/gm)?.length ?? 0
}

/** How the Python of a BCC tool attaches, and what that is in the words of a BPF object. */
const BCC_ATTACHES: readonly [RegExp, string][] = [
  [/TRACEPOINT_PROBE\(|attach_tracepoint\(/, 'tracepoint/'],
  [/attach_kprobe\(|attach_kretprobe\(|\bk(ret)?probe__\w+\(/, 'kprobe/'],
  [/attach_perf_event\(/, 'perf_event'],
  [/attach_uprobe\(|attach_uretprobe\(|USDT\(/, 'uprobe/'],
]

/**
 * Kinds of probes a BCC tool attaches. A tool that knows a tracepoint for what it also probes by function takes the
 * tracepoint where the kernel has it, so functions count only where nothing else is there.
 */
export function bccProbes(text: string): ScriptProbe[] {
  const kinds = BCC_ATTACHES.filter(([form]) => form.test(text)).map(([, section]) => ({ section, name: '' }))
  return kinds.some(({ section }) => section === 'tracepoint/')
    ? kinds.filter(({ section }) => section !== 'kprobe/')
    : kinds
}

/**
 * Whether a BCC tool compiles a program, which takes kernel headers; some only look at what runs. Those for languages
 * (`javacalls`) are shell scripts around one that does.
 */
export function compilesProgram(text: string): boolean {
  return /\bBPF\(|\bu(calls|flow|gc|objnew|stat|threads)\b/.test(text)
}
