import { gunzipSync } from 'node:zlib'
import { errnoOf } from '../../../errors.ts'
import { KERNEL_OPTIONS, type BpfMachine, type BpfTool, type FileState, type KernelConfig } from './machine.ts'
import { parseKernelConfig } from './kernel-config.ts'
import { parseKeyedLines } from '../../../proc/keyed-lines.ts'
import { TRACEFS_FOLDERS } from '../../../children/tracefs.ts'
import { LIBBPF_TOOLS, TOOL_FAMILIES, TOOL_FOLDERS } from '../../jobs/bcc-tools.ts'
import type { MachineFiles } from './machine-files.ts'

/** The user namespace every process starts in maps all of itself. Source: user_namespaces(7). */
const WHOLE_UID_MAP = /^\s*0\s+0\s+4294967295\s*$/
/** Inode of the first pid namespace. Source: Linux include/linux/proc_ns.h, PROC_PID_INIT_INO. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]'
/** Folders of perf's event sources that count the cycles of a CPU: x86, hybrid x86, ARM, the others. */
const CPU_COUNTERS = /^(cpu|cpu_core|cpu_atom|armv\w*_pmu\w*|arm_\w+_pmu\w*|cpum_cf|riscv\w*)$/

/** Reads, without starting anything, what decides whether BPF tracing works on a machine. */
export function readBpfMachine(files: MachineFiles): BpfMachine {
  const text = (path: string) => attempt(() => files.readFile(path).toString('utf8'))
  const number = (path: string) => numberOf(text(path)?.trim())
  const link = (path: string) => attempt(() => files.readLink(path))
  const state = (path: string): FileState => {
    try {
      files.probe(path)
      return 'readable'
    } catch (error) {
      return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error)) ? 'absent' : 'refused'
    }
  }
  const kernel = text('proc/sys/kernel/osrelease')?.trim()
  const configFile = ['proc/config.gz', `boot/config-${kernel}`].find(path => state(path) === 'readable')
  const config = configFile === undefined ? undefined : readConfig(files, configFile)
  const status = parseKeyedLines(text('proc/self/status') ?? '', ':')
  const capabilities = status.get('CapEff')
  const pidNamespace = link('proc/self/ns/pid')
  const uidMap = text('proc/self/uid_map')
  const headers = `lib/modules/${kernel}/build/include/generated/utsrelease.h`
  const headersState = state(headers)
  const system = parseKeyedLines(text('etc/os-release') ?? '', '=')
  const places = TRACEFS_FOLDERS.map(folder => folder.slice(1)).map(path => ({
    path,
    events: state(`${path}/available_events`),
  }))
  const tracefs = places.find(place => place.events === 'readable') ?? places.find(place => place.events === 'refused')
  const inTracefs = (name: string) => (tracefs === undefined ? 'absent' : state(`${tracefs.path}/${name}`))
  return {
    kernel,
    user: {
      effectiveUid: numberOf(status.get('Uid')?.split(/\s+/)[1]),
      capabilities:
        capabilities === undefined || !/^[0-9a-f]+$/.test(capabilities) ? undefined : BigInt(`0x${capabilities}`),
      initialUserNamespace: uidMap === undefined ? undefined : WHOLE_UID_MAP.test(uidMap),
      seccomp: numberOf(status.get('Seccomp')),
      initialPidNamespace: pidNamespace === undefined ? undefined : pidNamespace === FIRST_PID_NAMESPACE,
      containerMark: ['.dockerenv', 'run/.containerenv'].find(path => state(path) !== 'absent'),
    },
    kernelSettings: {
      unprivilegedBpfDisabled: number('proc/sys/kernel/unprivileged_bpf_disabled'),
      perfEventParanoid: number('proc/sys/kernel/perf_event_paranoid'),
      perfMaxSamplesPerSecond: number('proc/sys/kernel/perf_event_max_sample_rate'),
      bpfJit: number('proc/sys/net/core/bpf_jit_enable'),
      kptrRestrict: number('proc/sys/kernel/kptr_restrict'),
      lockdown: lockdownOf(text('sys/kernel/security/lockdown'), text('proc/cmdline'), config),
      config,
      configFile: config && configFile,
    },
    kernelFiles: {
      btf: state('sys/kernel/btf/vmlinux'),
      tracefs: tracefs?.path,
      tracepoints: tracefs?.events ?? 'absent',
      syscallTracepoints: inTracefs('events/syscalls/sys_enter_openat/format'),
      functionList: inTracefs('available_filter_functions'),
      kprobeSource: state('sys/bus/event_source/devices/kprobe/type'),
      kprobeEvents: inTracefs('kprobe_events'),
      uprobeSource: state('sys/bus/event_source/devices/uprobe/type'),
      cpuFrequency: state('sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq'),
      hardwareCounters:
        attempt(() => files.list('sys/bus/event_source/devices', name => CPU_COUNTERS.test(name))) ?? [],
    },
    headers: {
      state: headersState,
      release: /UTS_RELEASE\s+"([^"]*)"/.exec(headersState === 'readable' ? (text(headers) ?? '') : '')?.[1],
      inKernel: state('sys/kernel/kheaders.tar.xz') === 'readable',
    },
    programs: {
      bpftrace: files.findProgram('bpftrace'),
      setpriv: files.findProgram('setpriv'),
      stdbuf: files.findProgram('stdbuf'),
      tools: findTools(files),
    },
    distribution: `${system.get('ID') ?? ''} ${system.get('ID_LIKE') ?? ''}`.split(' ').filter(name => name !== ''),
  }
}

const BARE_NAMES = new Set(LIBBPF_TOOLS)

/** Whether a file in a folder of programs is called like a tool. Thousands of names are asked. */
const isToolName = (name: string) =>
  name.endsWith('-libbpf') || name.endsWith('-bpfcc') || name.endsWith('.bt') || BARE_NAMES.has(name)

/** Beside its tools BCC installs their descriptions (`execsnoop_example.txt`) and folders. */
const isToolOf = (family: BpfTool['family'], name: string) =>
  family === 'bpftrace' ? name.endsWith('.bt') : !name.includes('.') && !['doc', 'lib', 'old'].includes(name)

/** Tools of all families, in the order they would be chosen. A name with another program behind it is told on reading. */
export function findTools(files: MachineFiles): BpfTool[] {
  const tools: BpfTool[] = []
  const seen = new Set<string>()
  const add = (folder: string, file: string, only?: BpfTool['family']) => {
    const family = only ?? familyOf(file)
    const { suffix } = TOOL_FAMILIES[family]
    const name = file.endsWith(suffix) ? file.slice(0, -suffix.length) : file
    if (seen.has(`${family} ${name}`)) return
    seen.add(`${family} ${name}`)
    tools.push({ name, family, path: `/${folder}/${file}` })
  }
  for (const folder of files.programFolders) {
    // Where /sbin is a link to /usr/sbin, the latter is in the list itself.
    if (attempt(() => files.readLink(folder)) !== undefined) continue
    for (const file of names(files, folder, isToolName)) add(folder, file)
  }
  for (const [folder, family] of Object.entries(TOOL_FOLDERS))
    for (const file of names(files, folder, name => isToolOf(family, name))) add(folder, file, family)
  return tools
}

function names(files: MachineFiles, folder: string, wanted: (name: string) => boolean): string[] {
  return (attempt(() => files.list(folder, wanted)) ?? []).toSorted()
}

function familyOf(file: string): BpfTool['family'] {
  if (file.endsWith(TOOL_FAMILIES.bpftrace.suffix)) return 'bpftrace'
  return file.endsWith(TOOL_FAMILIES.bcc.suffix) ? 'bcc' : 'libbpf'
}

const LOCKDOWN_OPTIONS = {
  integrity: 'LOCK_DOWN_KERNEL_FORCE_INTEGRITY',
  confidentiality: 'LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY',
} as const

/**
 * Source: kernel_lockdown(7). The file marks the mode in force: `none [integrity] confidentiality`. securityfs is often
 * not mounted; the command line and the build then tell the mode the kernel started with.
 */
function lockdownOf(
  file: string | undefined,
  commandLine: string | undefined,
  config: KernelConfig | undefined,
): BpfMachine['kernelSettings']['lockdown'] {
  const marked = /\[(none|integrity|confidentiality)\]/.exec(file ?? '')?.[1]
  if (marked !== undefined) return { mode: marked as 'none', from: '/sys/kernel/security/lockdown' }
  const asked = /(?:^|\s)lockdown=(integrity|confidentiality)\b/.exec(commandLine ?? '')?.[1]
  if (asked !== undefined) return { mode: asked as 'integrity', from: '/proc/cmdline' }
  for (const mode of ['confidentiality', 'integrity'] as const)
    if (config?.get(LOCKDOWN_OPTIONS[mode]) === 'y') return { mode, from: 'the kernel’s build' }
  return config === undefined ? undefined : { mode: 'none', from: 'the kernel’s build and command line' }
}

function readConfig(files: MachineFiles, path: string): KernelConfig | undefined {
  return attempt(() => {
    const bytes = files.readFile(path)
    return parseKernelConfig((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'), KERNEL_OPTIONS)
  })
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
