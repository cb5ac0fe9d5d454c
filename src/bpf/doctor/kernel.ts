import { MOUNT_TRACEFS, TRACEFS_FOLDERS } from '../../children/tracefs.ts'
import { AS_ROOT, atLeast, builtWithout, caution, fail, mayTrace, ok, unknown, type Questions } from './answer.ts'

/** What the kernel offers to trace, and how. */
export const kernelQuestions = {
  kernel(m) {
    const release = m.kernel ?? 'of unknown release'
    if (atLeast(m, 5, 8)) return ok(`Linux ${release}`)
    if (atLeast(m, 4, 9)) return caution(`Linux ${release}: ring buffers and the libbpf-tools want 5.8`)
    return m.kernel === undefined
      ? unknown('/proc/sys/kernel/osrelease cannot be read')
      : fail(`Linux ${release} is too old: tracing with BPF starts at 4.9`)
  },
  'bpf-syscall'(m) {
    const { config, unprivilegedBpfDisabled } = m.kernelSettings
    if (unprivilegedBpfDisabled !== undefined || config?.get('BPF_SYSCALL') === 'y') return ok('the kernel has bpf(2)')
    return config?.get('BPF_SYSCALL') === 'n'
      ? fail(builtWithout(m, 'BPF_SYSCALL'))
      : unknown('no file tells whether the kernel has bpf(2)')
  },
  unprivileged(m) {
    const value = m.kernelSettings.unprivilegedBpfDisabled
    if (value === undefined) return unknown('/proc/sys/kernel/unprivileged_bpf_disabled is not there')
    if (mayTrace(m)) return ok(`kernel.unprivileged_bpf_disabled is ${value}, which does not concern a privileged user`)
    // Even at 0 only socket filters are open to everyone, and no tracer is one.
    return fail(
      `kernel.unprivileged_bpf_disabled is ${value}, and tracing programs are for privileged users at any value`,
      AS_ROOT,
    )
  },
  lockdown(m) {
    const { lockdown } = m.kernelSettings
    if (lockdown === undefined)
      return unknown('neither securityfs nor the kernel’s build tells', 'mount -t securityfs none /sys/kernel/security')
    if (lockdown.mode === 'none') return ok(`the kernel is not locked down (${lockdown.from})`)
    if (lockdown.mode === 'integrity')
      return caution(
        `the kernel is locked down to integrity (${lockdown.from}): tracing works, helpers that write user memory do not`,
      )
    return fail(
      `the kernel is locked down to confidentiality (${lockdown.from}): BPF programs may not read kernel memory`,
      'disable Secure Boot, or boot without lockdown=confidentiality',
    )
  },
  btf(m) {
    const { btf } = m.kernelFiles
    if (btf === 'readable') return ok('/sys/kernel/btf/vmlinux describes the kernel’s types')
    if (btf === 'refused') return fail('/sys/kernel/btf/vmlinux may not be read', AS_ROOT)
    return fail(
      '/sys/kernel/btf/vmlinux is not there: no libbpf-tool loads, and bpftrace has no types of the kernel',
      m.kernelSettings.config?.get('DEBUG_INFO_BTF') === 'n'
        ? 'boot a kernel built with CONFIG_DEBUG_INFO_BTF=y'
        : 'boot a kernel with BTF, or give the container /sys/kernel/btf',
    )
  },
  tracefs(m) {
    const { tracefs, tracepoints } = m.kernelFiles
    if (tracefs === undefined)
      return fail(
        `tracefs is mounted neither on ${TRACEFS_FOLDERS.join(' nor on ')}: no tracepoint is found`,
        MOUNT_TRACEFS,
      )
    if (tracepoints === 'readable') return ok(`tracefs is readable at /${tracefs}`)
    return fail(`/${tracefs} is there, but this user may not read it`, AS_ROOT)
  },
  'syscall-tracepoints'(m) {
    const { tracepoints, syscallTracepoints } = m.kernelFiles
    if (syscallTracepoints === 'readable') return ok('every system call has its tracepoints')
    if (tracepoints !== 'readable') return unknown('not known without tracefs')
    return fail(
      m.kernelSettings.config?.get('FTRACE_SYSCALLS') === 'n'
        ? `${builtWithout(m, 'FTRACE_SYSCALLS')}: opensnoop, execsnoop and their like have nothing to attach to`
        : 'syscalls:sys_enter_openat is not there: opensnoop, execsnoop and their like have nothing to attach to',
      'boot a kernel built with CONFIG_FTRACE_SYSCALLS=y',
    )
  },
  kprobes(m) {
    const { kprobeSource, kprobeEvents } = m.kernelFiles
    if (kprobeSource === 'readable' || kprobeEvents === 'readable')
      return ok('functions of the kernel can be probed (kprobe)')
    const missing = (['KPROBES', 'KPROBE_EVENTS'] as const).find(option => m.kernelSettings.config?.get(option) === 'n')
    if (missing === undefined && kprobeEvents === 'refused') return unknown('not known without reading tracefs')
    const because = missing === undefined ? 'neither perf nor tracefs offers kprobes' : builtWithout(m, missing)
    return fail(
      `${because}: what probes functions of the kernel cannot attach`,
      'use the jobs of linsight bpf list, which need tracepoints alone, or boot a kernel built with CONFIG_KPROBES=y',
    )
  },
  uprobes(m) {
    if (m.kernelFiles.uprobeSource === 'readable') return ok('functions of programs can be probed (uprobe)')
    if (m.kernelFiles.uprobeSource === 'refused')
      return fail('uprobes are there, but this user may not use them', AS_ROOT)
    return fail(
      m.kernelSettings.config?.get('UPROBE_EVENTS') === 'n'
        ? `${builtWithout(m, 'UPROBE_EVENTS')}: dns and bashreadline cannot attach`
        : 'perf offers no uprobes: dns and bashreadline cannot attach',
      'boot a kernel built with CONFIG_UPROBE_EVENTS=y',
    )
  },
  fentry(m) {
    const { btf, functionList, tracepoints } = m.kernelFiles
    if (btf !== 'readable') return fail('fentry needs BTF, which is not there')
    if (functionList === 'readable') return ok('functions of the kernel can be entered directly (fentry)')
    if (m.kernelSettings.config?.get('FUNCTION_TRACER') === 'n') return fail(builtWithout(m, 'FUNCTION_TRACER'))
    if (functionList === 'absent' || tracepoints !== 'readable')
      return unknown('no file that can be read tells; only loading a program would')
    return fail(
      'available_filter_functions may not be read: such kernels refuse fentry programs with EPERM',
      'use the jobs of linsight bpf list, which need tracepoints alone',
    )
  },
  hardware(m) {
    const { hardwareCounters } = m.kernelFiles
    return hardwareCounters.length > 0
      ? ok(`hardware counters: ${hardwareCounters.join(', ')}`)
      : fail(
          'no hardware counters of a CPU, as in most virtual machines: llcstat and cycles do not work, profile does, by timer',
          'on the host of the virtual machine: pass the PMU through',
        )
  },
  cpufreq(m) {
    return m.kernelFiles.cpuFrequency === 'readable'
      ? ok('the frequency of a CPU can be read')
      : fail('the frequency of a CPU cannot be read, as in most virtual machines: the tool cpufreq does not work')
  },
  sampling(m) {
    const rate = m.kernelSettings.perfMaxSamplesPerSecond
    if (rate === undefined)
      return m.kernelSettings.config?.get('PERF_EVENTS') === 'n'
        ? fail(builtWithout(m, 'PERF_EVENTS'))
        : unknown('/proc/sys/kernel/perf_event_max_sample_rate is not there')
    if (rate < 99)
      return fail(
        `kernel.perf_event_max_sample_rate is ${rate}: profile at 99 Hz is refused`,
        'sysctl kernel.perf_event_max_sample_rate=100000',
      )
    const paranoid = m.kernelSettings.perfEventParanoid
    if (paranoid !== undefined && paranoid > 1 && !mayTrace(m))
      return fail(`kernel.perf_event_paranoid is ${paranoid}: only privileged users sample the kernel`, AS_ROOT)
    return ok(`up to ${rate} samples a second`)
  },
  symbols(m) {
    const restrict = m.kernelSettings.kptrRestrict
    if (restrict === undefined) return unknown('/proc/sys/kernel/kptr_restrict is not there')
    return restrict < 2
      ? ok('kernel stacks get names')
      : caution(
          'kernel.kptr_restrict is 2: kernel stacks show addresses instead of names',
          'sysctl kernel.kptr_restrict=1',
        )
  },
  jit(m) {
    const jit = m.kernelSettings.bpfJit
    if (jit === undefined) return unknown('/proc/sys/net/core/bpf_jit_enable is not there')
    return jit > 0
      ? ok('BPF programs are compiled to machine code')
      : caution(
          'net.core.bpf_jit_enable is 0: programs are interpreted, slow, and BTF tracepoints and fentry are refused',
          'sysctl net.core.bpf_jit_enable=1',
        )
  },
} as const satisfies Questions
