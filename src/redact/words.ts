import { formatIp } from '../kernel/ip-address.ts'
import { parseIp } from '../kernel/parse-ip.ts'
import { redactAddress } from './address.ts'
import { ARGUMENT, HARDWARE_ADDRESS, HEX_ID, HOST, NAME, USER, type Pseudonyms } from './pseudonyms.ts'

/** What a redaction works with; all texts are byte strings. */
export interface Redaction {
  pseudonyms: Pseudonyms
  /** Names of hosts (lower case) and people that are replaced wherever they occur as a word; the longer ones first. */
  hosts: readonly string[]
  users: readonly string[]
}

/** Folders and files every system has: they say nothing of a site. */
const COMMON_NAMES = new Set(
  (
    'bin boot dev etc home lib lib32 lib64 libexec local log media mnt opt proc root run sbin share snap srv sys tmp ' +
    'usr user var cache lock spool mail www mqueue shm pts sock socket sockets private public data state logs systemd ' +
    'journal dbus resolve notify bus stdout stderr stdin log dev-log syslog docker containerd docker.sock ' +
    'system_bus_socket containerd.sock containerd.sock.ttrpc udev control inaccessible .X11-unix .ICE-unix X0 X1 ' +
    'python3 node versions current netns ld.so.cache ld.so.preload resolv.conf nsswitch.conf hosts passwd group ' +
    'localtime locale locale-archive gconv gconv-modules.cache x86_64-linux-gnu aarch64-linux-gnu libc.so.6 node_modules'
  ).split(' '),
)

const COMMON_ENDINGS = /(?:\.(?:sock|socket|pid|lock|log|so|conf|db))?(?: \(deleted\))?$/

/** Addresses, hardware addresses and known names inside a text whose other words may stay. */
export function redactWords(text: string, redaction: Redaction): string {
  const { pseudonyms } = redaction
  const withoutHardware = text.replace(/(?<![0-9a-f:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f:-])/gi, match =>
    pseudonyms.of(HARDWARE_ADDRESS, match.toLowerCase().replaceAll('-', ':')),
  )
  const withoutAddresses = redactAddresses(withoutHardware, pseudonyms)
  const names = [...redaction.hosts, ...redaction.users]
  if (names.length === 0) return withoutAddresses
  const pattern = new RegExp(`(?<![a-z0-9])(?:${names.map(escapePattern).join('|')})(?![a-z0-9])`, 'gi')
  return withoutAddresses.replace(pattern, match => redactName(match, redaction))
}

/** The pseudonym of an address; undefined where a text is none. */
export function wholeAddress(text: string, pseudonyms: Pseudonyms): string | undefined {
  const bytes = parseIp(text)
  return bytes === undefined ? undefined : formatIp(redactAddress(bytes, pseudonyms))
}

/** Every address in a text, as inet_ntop prints them. */
export function redactAddresses(text: string, pseudonyms: Pseudonyms): string {
  const replace = (match: string) => wholeAddress(match, pseudonyms) ?? match
  return text
    .replace(/(?<![0-9a-z:.])[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*/gi, replace)
    .replace(/(?<![0-9a-z:.])\d{1,3}(?:\.\d{1,3}){3}(?![0-9a-z:]*\.\d)/gi, replace)
}

/** A host or user name of the lists of the redaction; `web1` and `web1.acme.com` are one host. */
export function redactName(name: string, { pseudonyms, hosts }: Redaction): string {
  const lower = name.toLowerCase()
  if (!hosts.includes(lower)) return pseudonyms.of(USER, name)
  const dot = lower.indexOf('.')
  return dot === -1 ? pseudonyms.of(HOST, lower) : `${pseudonyms.of(HOST, lower.slice(0, dot))}.example`
}

/**
 * A path, or the name of a unix socket: every element but the common ones becomes a pseudonym of the same length. Slashes,
 * blanks, control characters and the `@` of abstract names stay, so that readers split it as they did the original.
 */
export function redactPath(path: string, redaction: Redaction): string {
  // Names the kernel chose: autobound abstract sockets and terminals.
  if (/^@[0-9a-f]{5}$/.test(path) || /^\/dev\/(?:null|zero|full|u?random|tty|ptmx|fuse|pts\/\d+|net\/tun)$/.test(path))
    return path
  const ending = / \(deleted\)$/.exec(path)?.[0] ?? ''
  const body = path.slice(0, path.length - ending.length)
  return body.replace(/[^/@\s\x00-\x1f\x7f]+/g, element => redactElement(element, redaction.pseudonyms)) + ending
}

function redactElement(element: string, pseudonyms: Pseudonyms): string {
  if (COMMON_NAMES.has(element) || /^\d{1,7}$/.test(element) || /^\.{1,2}$/.test(element)) return element
  const ending = COMMON_ENDINGS.exec(element)?.[0] ?? ''
  return pseudonyms.of(NAME, element.slice(0, element.length - ending.length)) + ending
}

/** Addresses, known names and paths in a sentence; settings of the kernel are named by paths that every system has. */
export function redactText(text: string, redaction: Redaction): string {
  return redactWords(text, redaction).replace(/(?<![\w/.])\/(?!proc\/sys\/|sys\/kernel\/)[^\s"'`,;:()<>]+/g, path =>
    redactPath(path, redaction),
  )
}

/** A link of /proc/PID: what the kernel names by itself stays, paths are redacted, a program keeps its own name. */
export function redactLink(target: string, redaction: Redaction, isProgram = false): string {
  if (/^(?:[a-z_]+:\[\d+\]|anon_inode:[[\]\w:.-]+)$/.test(target)) return target
  if (!isProgram) return redactPath(target, redaction)
  const name = target.lastIndexOf('/') + 1
  return redactPath(target.slice(0, name), redaction) + redactWords(target.slice(name), redaction)
}

/**
 * /proc/PID/cmdline: the program's own name stays, everything behind it becomes `arg1`, `arg2`. A title written over
 * the arguments (`nginx: master process …`) is treated word by word.
 */
export function redactCmdline(text: string, redaction: Redaction): string {
  const [program = '', ...args] = text.split('\0')
  const argument = (arg: string) => redactArgument(arg, redaction)
  // In an absolute path the blanks before the last slash belong to folders.
  const name = program.startsWith('/') ? program.lastIndexOf('/') + 1 : 0
  const [first = '', ...rest] = program.slice(name).split(/(\s+)/)
  const own = redactPath(program.slice(0, name), redaction) + redactLink(first, redaction, true)
  return [own + rest.map(word => (/^\s*$/.test(word) ? word : argument(word))).join(''), ...args.map(argument)].join(
    '\0',
  )
}

/** One argument of a command line; that it is empty may be seen. */
export const redactArgument = (argument: string, { pseudonyms }: Redaction): string =>
  argument === '' ? '' : pseudonyms.of(ARGUMENT, argument)

/** Words of control group paths that managers use; ids keep their length, all else becomes a pseudonym. */
const CGROUP_WORDS = new Set(
  (
    'system user init app session machine background slice scope service socket mount swap timer docker containerd cri ' +
    'crio libpod conmon kubepods besteffort burstable guaranteed pod lxc payload monitor systemd journald logind udevd ' +
    'resolved networkd timesyncd ssh sshd cron crond dbus broker nginx getty serial tty1 ttyS0 rsyslog container unified'
  ).split(' '),
)

const UUID_OR_ID = /([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{12,64})/i

/** /proc/PID/cgroup: `0::/system.slice/docker-<id>.scope`; which kind of unit or container it is stays readable. */
export function redactCgroup(text: string, { pseudonyms }: Redaction): string {
  const word = (part: string) => (CGROUP_WORDS.has(part) || /^\d{0,7}$/.test(part) ? part : pseudonyms.of(NAME, part))
  const id = (part: string) =>
    part.includes('-') || part.includes('_') ? redactUuid(part, pseudonyms) : pseudonyms.of(HEX_ID, part)
  const path = (part: string) =>
    redactAddresses(part, pseudonyms)
      .split(UUID_OR_ID)
      .map((piece, i) => (i % 2 === 1 ? id(piece) : piece.replace(/[^\s/.:@_-]+/g, word)))
      .join('')
  return text.replace(
    /^(\d+:[^:]*:)?(.*)$/gm,
    (_, controllers: string | undefined, rest: string) => (controllers ?? '') + path(rest),
  )
}

function redactUuid(text: string, pseudonyms: Pseudonyms): string {
  const digits = pseudonyms.of(HEX_ID, text.replace(/[-_]/g, ''))
  let at = 0
  return text.replace(/[0-9a-f]/gi, () => digits[at++] ?? '0')
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
