/** What became of an attempt to read a file: it can be read, it is not there, or it is there and we may not. */
export type FileState = 'readable' | 'absent' | 'refused'

/** Options of the kernel's build that tracing depends on, without `CONFIG_`. */
export const KERNEL_OPTIONS = [
  'BPF_SYSCALL',
  'BPF_EVENTS',
  'BPF_JIT',
  'DEBUG_INFO_BTF',
  'DYNAMIC_FTRACE',
  'FTRACE_SYSCALLS',
  'FUNCTION_TRACER',
  'IKHEADERS',
  'KPROBES',
  'KPROBE_EVENTS',
  'LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY',
  'LOCK_DOWN_KERNEL_FORCE_INTEGRITY',
  'PERF_EVENTS',
  'TRACEPOINTS',
  'UPROBE_EVENTS',
] as const

export type KernelConfig = ReadonlyMap<(typeof KERNEL_OPTIONS)[number], string>

/**
 * What the files of a machine say about tracing with BPF on it. A fact that no file states is absent: not zero, not false.
 */
export interface BpfMachine {
  /** As `uname -r` prints it. */
  kernel: string | undefined
  user: {
    effectiveUid: number | undefined
    /** Bit set of capability(7) numbers in force. */
    capabilities: bigint | undefined
    /** Whether user 0 here is user 0 of the machine. */
    initialUserNamespace: boolean | undefined
    /** 0 none, 1 strict, 2 filter. Source: proc_pid_status(5). */
    seccomp: number | undefined
    initialPidNamespace: boolean | undefined
    /** The file that marks this as a container. */
    containerMark: string | undefined
  }
  kernelSettings: {
    unprivilegedBpfDisabled: number | undefined
    perfEventParanoid: number | undefined
    perfMaxSamplesPerSecond: number | undefined
    bpfJit: number | undefined
    kptrRestrict: number | undefined
    /** The mode in force and the file it is known from. */
    lockdown: { mode: 'none' | 'integrity' | 'confidentiality'; from: string } | undefined
    /** Options of the kernel's build, without `CONFIG_`: `y`, `m`, `n` or a text. Absent: no file tells. */
    config: KernelConfig | undefined
    configFile: string | undefined
  }
  kernelFiles: {
    btf: FileState
    /** The folder tracefs is mounted on, relative to the root; absent: neither of the two usual ones. */
    tracefs: string | undefined
    tracepoints: FileState
    syscallTracepoints: FileState
    functionList: FileState
    kprobeSource: FileState
    kprobeEvents: FileState
    uprobeSource: FileState
    cpuFrequency: FileState
    /** Names below /sys/bus/event_source/devices that count cycles of a CPU. */
    hardwareCounters: readonly string[]
  }
  /** Kernel headers under /lib/modules; `release` is what they were made for. */
  headers: { state: FileState; release: string | undefined; inKernel: boolean }
  programs: {
    bpftrace: string | undefined
    setpriv: string | undefined
    stdbuf: string | undefined
    tools: readonly BpfTool[]
  }
  /** `ID` and `ID_LIKE` of os-release. */
  distribution: readonly string[]
}

/** A tracing tool installed on the machine. */
export interface BpfTool {
  /** Without suffix: `execsnoop`. */
  name: string
  family: 'libbpf' | 'bcc' | 'bpftrace'
  /** Absolute path on the machine. */
  path: string
}
