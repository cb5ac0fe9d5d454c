import { gunzipSync } from 'node:zlib'
import { errnoOf, optional } from '../../../errors.ts'
import { KERNEL_OPTIONS, type BpfMachine, type BpfTool, type FileState, type KernelConfig } from './machine.ts'
import { parseKernelConfig } from './kernel-config.ts'
import { parseKeyedLines } from '../../../proc/keyed-lines.ts'
import { TRACEFS_FOLDERS } from '../../../children/tracefs.ts'
import { LIBBPF_TOOLS, TOOL_FAMILIES, TOOL_FOLDERS } from '../../jobs/bcc-tools.ts'
import type { MachineFiles } from './machine-files.ts'
import { isInitialPidNamespace } from '../../../processes/pid-namespace.ts'
import { parsePidStatus } from '../../../processes/pid-status.ts'

/** The user namespace every process starts in maps all of itself. Source: user_namespaces(7). */
const WHOLE_UID_MAP = /^\s*0\s+0\s+4294967295\s*$/
/** Folders of perf's event sources that count the cycles of a CPU: x86, hybrid x86, ARM, the others. */
const CPU_COUNTERS = /^(cpu|cpu_core|cpu_atom|armv\w*_pmu\w*|arm_\w+_pmu\w*|cpum_cf|riscv\w*)$/

/** Reads, without starting anything, what decides whether BPF tracing works on a machine. */
export function readBpfMachine(files: MachineFiles): BpfMachine {
  const read = readerOf(files)
  const kernel = read.text('proc/sys/kernel/osrelease')?.trim()
  const system = parseKeyedLines(read.text('etc/os-release') ?? '', '=')
  return {
    kernel,
    user: readUser(read),
    kernelSettings: readKernelSettings(read, kernel),
    kernelFiles: readKernelFiles(read),
    headers: readHeaders(read, kernel),
    programs: {
      bpftrace: files.findProgram('bpftrace'),
      setpriv: files.findProgram('setpriv'),
      stdbuf: files.findProgram('stdbuf'),
      tools: findTools(files),
    },
    distribution: `${system.get('ID') ?? ''} ${system.get('ID_LIKE') ?? ''}`.split(' ').filter(name => name !== ''),
  }
}

type Reader = ReturnType<typeof readerOf>

/** Reads of files that may be absent or refused. */
function readerOf(files: MachineFiles) {
  const text = (path: string) => optional(() => files.readFile(path).toString('utf8'))
  return {
    text,
    number: (path: string) => numberOf(text(path)?.trim()),
    bytes: (path: string) => optional(() => files.readFile(path)),
    link: (path: string) => optional(() => files.readLink(path)),
    names: (path: string, wanted: (name: string) => boolean) => optional(() => files.list(path, wanted)) ?? [],
    state(path: string): FileState {
      try {
        files.probe(path)
        return 'readable'
      } catch (error) {
        return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error)) ? 'absent' : 'refused'
      }
    },
  }
}

function readUser(read: Reader): BpfMachine['user'] {
  const status = optional(() => parsePidStatus(read.bytes('proc/self/status') ?? Buffer.alloc(0)))
  const uidMap = read.text('proc/self/uid_map')
  const pidNamespace = read.link('proc/self/ns/pid')
  return {
    effectiveUid: status?.uids?.[1],
    capabilities: status?.capEff,
    initialUserNamespace: uidMap === undefined ? undefined : WHOLE_UID_MAP.test(uidMap),
    seccomp: status?.seccomp,
    initialPidNamespace: pidNamespace === undefined ? undefined : isInitialPidNamespace(pidNamespace),
    containerMark: ['.dockerenv', 'run/.containerenv'].find(path => read.state(path) !== 'absent'),
  }
}

function readKernelSettings(read: Reader, kernel: string | undefined): BpfMachine['kernelSettings'] {
  const configFile = ['proc/config.gz', `boot/config-${kernel}`].find(path => read.state(path) === 'readable')
  const config = configFile === undefined ? undefined : readConfig(read, configFile)
  return {
    unprivilegedBpfDisabled: read.number('proc/sys/kernel/unprivileged_bpf_disabled'),
    perfEventParanoid: read.number('proc/sys/kernel/perf_event_paranoid'),
    perfMaxSamplesPerSecond: read.number('proc/sys/kernel/perf_event_max_sample_rate'),
    bpfJit: read.number('proc/sys/net/core/bpf_jit_enable'),
    kptrRestrict: read.number('proc/sys/kernel/kptr_restrict'),
    lockdown: lockdownOf(read.text('sys/kernel/security/lockdown'), read.text('proc/cmdline'), config),
    config,
    configFile: config && configFile,
  }
}

function readKernelFiles(read: Reader): BpfMachine['kernelFiles'] {
  const places = TRACEFS_FOLDERS.map(folder => folder.slice(1)).map(path => ({
    path,
    events: read.state(`${path}/available_events`),
  }))
  const tracefs = places.find(place => place.events === 'readable') ?? places.find(place => place.events === 'refused')
  const inTracefs = (name: string) => (tracefs === undefined ? 'absent' : read.state(`${tracefs.path}/${name}`))
  return {
    btf: read.state('sys/kernel/btf/vmlinux'),
    tracefs: tracefs?.path,
    tracepoints: tracefs?.events ?? 'absent',
    syscallTracepoints: inTracefs('events/syscalls/sys_enter_openat/format'),
    functionList: inTracefs('available_filter_functions'),
    kprobeSource: read.state('sys/bus/event_source/devices/kprobe/type'),
    kprobeEvents: inTracefs('kprobe_events'),
    uprobeSource: read.state('sys/bus/event_source/devices/uprobe/type'),
    cpuFrequency: read.state('sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq'),
    hardwareCounters: read.names('sys/bus/event_source/devices', name => CPU_COUNTERS.test(name)),
  }
}

function readHeaders(read: Reader, kernel: string | undefined): BpfMachine['headers'] {
  const path = `lib/modules/${kernel}/build/include/generated/utsrelease.h`
  const state = read.state(path)
  return {
    state,
    release: /UTS_RELEASE\s+"([^"]*)"/.exec(state === 'readable' ? (read.text(path) ?? '') : '')?.[1],
    inKernel: read.state('sys/kernel/kheaders.tar.xz') === 'readable',
  }
}

const BARE_NAMES = new Set(LIBBPF_TOOLS)

/** Whether a file in a folder of programs is called like a tool. Thousands of names are asked. */
const isToolName = (name: string) =>
  name.endsWith('-libbpf') || name.endsWith('-bpfcc') || name.endsWith('.bt') || BARE_NAMES.has(name)

/** Beside its tools BCC installs their descriptions (`execsnoop_example.txt`) and folders. */
const isToolOf = (family: BpfTool['family'], name: string) =>
  family === 'bpftrace' ? name.endsWith('.bt') : !name.includes('.') && !['doc', 'lib', 'old'].includes(name)

/** Lists the tools of all families in the order of preference, by file name alone: a file may turn out to be another program. */
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
    if (optional(() => files.readLink(folder)) !== undefined) continue
    for (const file of names(files, folder, isToolName)) add(folder, file)
  }
  for (const [folder, family] of Object.entries(TOOL_FOLDERS))
    for (const file of names(files, folder, name => isToolOf(family, name))) add(folder, file, family)
  return tools
}

function names(files: MachineFiles, folder: string, wanted: (name: string) => boolean): string[] {
  return (optional(() => files.list(folder, wanted)) ?? []).toSorted()
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

function readConfig(read: Reader, path: string): KernelConfig | undefined {
  return optional(() => {
    const bytes = read.bytes(path)
    if (bytes === undefined) return undefined
    return parseKernelConfig((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1'), KERNEL_OPTIONS)
  })
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}
