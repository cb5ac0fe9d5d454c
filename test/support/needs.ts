// What a test needs beyond Node and this repository, asked in one way:
//   describe('title', needs('root', 'bpftrace'), () => …)
// Where it is absent, the tests are skipped and closing-reporter.ts says so once. With CI set, an absent tool is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestOptions } from 'vitest'
import { isExecutableFile } from '../../src/children/find-tool.ts'

declare module 'vitest' {
  interface TaskMeta {
    unmet?: Unmet[]
  }
}

/** Something absent and what brings it; `packages` where that is apt-get install. */
export interface Unmet {
  need: string
  packages?: string
  remedy?: string
}

/** Debian packages of the tools that tests start, by the name of the tool. */
const PACKAGES = {
  bash: 'bash',
  bpftrace: 'bpftrace',
  chromium: 'chromium',
  busybox: 'busybox',
  dash: 'dash',
  dpkg: 'dpkg',
  'firefox-esr': 'firefox-esr',
  fish: 'fish',
  gcc: 'gcc libc6-dev',
  grep: 'grep',
  gzip: 'gzip',
  ip: 'iproute2',
  'iptables-nft': 'iptables',
  'libbpf-tools': 'libbpf-tools',
  lintian: 'lintian',
  man: 'man-db',
  mandoc: 'mandoc',
  mkfifo: 'coreutils',
  mount: 'mount',
  netstat: 'net-tools',
  nft: 'nftables',
  nsenter: 'util-linux',
  openssl: 'openssl',
  perf: 'linux-perf',
  prometheus: 'prometheus',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  promtool: 'prometheus',
  ps: 'procps',
  python3: 'python3',
  'qemu-aarch64': 'qemu-user libc6-arm64-cross libgcc-s1-arm64-cross libstdc++6-arm64-cross',
  setcap: 'libcap2-bin',
  setpriv: 'util-linux',
  sleep: 'coreutils',
  ss: 'iproute2',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  stdbuf: 'coreutils',
  strip: 'binutils',
  strace: 'strace',
  sysctl: 'procps',
  'systemd-analyze': 'systemd',
  tmux: 'tmux',
  unshare: 'util-linux',
  zsh: 'zsh',
}

type Tool = keyof typeof PACKAGES

/** Tools that every POSIX system has; the others imply Linux. */
const POSIX = new Set<string>(['bash', 'grep', 'gzip', 'mkfifo', 'ps', 'sleep'])

/** What is no package. */
const CONDITIONS = {
  Linux: { isMet: () => process.platform === 'linux', remedy: undefined },
  root: { isMet: () => process.getuid?.() === 0, remedy: 'run the tests as root' },
  namespaces: {
    isMet: () => spawnSync('unshare', ['--net', '--mount', 'true']).status === 0,
    remedy: 'a container needs CAP_SYS_ADMIN for them',
  },
  tracefs: {
    isMet: () => existsSync('/sys/kernel/tracing/events/sched'),
    remedy: 'mount -t tracefs tracefs /sys/kernel/tracing',
  },
} satisfies Record<string, { isMet(): boolean; remedy: string | undefined }>

type Condition = keyof typeof CONDITIONS

/** A need of one test file: `isMet` is asked only where all else is there. */
interface OwnNeed {
  need: string
  isMet(): boolean
  remedy?: string
}

/** Options of a test or a suite: skipped where something is absent. All tools but those of POSIX imply Linux. */
export function needs(...wanted: readonly (Tool | Condition | OwnNeed)[]): TestOptions {
  const unmet = unmetOf(wanted)
  const absent = unmet.filter(({ packages }) => packages !== undefined)
  if (process.env['CI'] && absent.length > 0)
    throw new Error(`${absent.map(({ need }) => need).join(', ')} must be there where CI is set: ${aptLine(absent)}`)
  return { skip: unmet.length > 0, meta: { unmet } }
}

function unmetOf(wanted: readonly (Tool | Condition | OwnNeed)[]): Unmet[] {
  if (wanted.some(need => typeof need === 'string' && !POSIX.has(need)) && !isMet('Linux')) return [{ need: 'Linux' }]
  const tools = wanted.filter((need): need is Tool => typeof need === 'string' && need in PACKAGES)
  const unmet: Unmet[] = tools.filter(tool => !isOnPath(tool)).map(need => ({ need, packages: PACKAGES[need] }))
  // Some conditions are tried out with the tools.
  const order: Condition[] = unmet.length > 0 ? ['root'] : ['root', 'namespaces', 'tracefs']
  const condition = order.find(need => wanted.includes(need) && !isMet(need))
  if (condition !== undefined) unmet.push(told(condition, CONDITIONS[condition].remedy))
  if (unmet.length > 0) return unmet
  const own = wanted.filter(need => typeof need === 'object').find(need => !need.isMet())
  return own === undefined ? [] : [told(own.need, own.remedy)]
}

const told = (need: string, remedy: string | undefined): Unmet => ({ need, ...(remedy !== undefined && { remedy }) })

const known = new Map<Condition, boolean>()

function isMet(condition: Condition): boolean {
  if (!known.has(condition)) known.set(condition, CONDITIONS[condition].isMet())
  return known.get(condition)!
}

/** Tests start tools by name, so where the shell would find them is what counts. */
function isOnPath(tool: Tool): boolean {
  const names = tool === 'libbpf-tools' ? ['execsnoop', 'execsnoop-libbpf'] : [tool]
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some(folder => names.some(name => isExecutableFile(join(folder, name))))
}

export function aptLine(unmet: readonly Unmet[]): string {
  const packages = unmet.flatMap(({ packages = '' }) => packages.split(' ')).filter(Boolean)
  return `apt-get install -y ${[...new Set(packages)].toSorted().join(' ')}`
}
