import { sshForwarding } from './ssh-forwarding.ts'
import { pastaPort } from './pasta-ports.ts'

/** Where the host's side of a forwarder listens. */
export interface ListensAt {
  protocol: 'tcp' | 'udp' | 'sctp'
  port: number
}

/** What the command line of a process says about a port it listens on. Texts are byte strings. */
export type Forwarding =
  | { kind: 'address'; program: string; address: string; port: number | undefined }
  /** Into a network namespace, whatever address it has there; the port undefined where it is not told. */
  | {
      kind: 'namespace'
      program: string
      pid?: number | undefined
      path?: string | undefined
      port: number | undefined
    }
  /** Into the namespace of a process that it started. */
  | { kind: 'child'; program: string }
  /** To an address as another machine sees it. */
  | { kind: 'remote'; program: string; address: string; port: number | undefined; through: string | undefined }
  | { kind: 'unix'; program: string; path: string }
  /** A proxy whose configuration or requests decide. */
  | { kind: 'unknown'; program: string }

/** Proxies that decide by their configuration, or by what is asked. */
const DECIDES_ITSELF: ReadonlySet<string> = new Set(['haproxy', 'nginx', 'envoy', 'kube-proxy', 'traefik', 'caddy'])

/**
 * What a process that listens at a port forwards it to, by its arguments; undefined where it is no forwarder, or forwards
 * another port. `name` is its program's, for titles like `nginx: master process`.
 */
export function forwardingOf(args: readonly string[], name: string, at: ListensAt): Forwarding | undefined {
  const program = baseName(name)
  // Docker's proxy is known by its options: it was run as docker-proxy, as docker and as exe.
  const docker = dockerForwarding(args, at)
  if (docker !== 'other') return docker
  const rest = args.slice(1)
  switch (program.replace(/\.avx2$/, '')) {
    case 'socat':
    case 'socat1':
      return socatForwarding(rest, at)
    case 'ssh':
    case 'autossh':
      return sshForwarding(program, rest, at)
    case 'systemd-socket-proxyd':
      return proxydForwarding(rest)
    case 'pasta':
      return pastaForwarding(rest, at)
    case 'passt':
      return { kind: 'unknown', program: 'passt' }
    case 'slirp4netns':
      return slirpForwarding(rest)
    case 'rootlessport':
    case 'containers-rootlessport':
    case 'rootlesskit':
      return { kind: 'child', program }
    default:
      return DECIDES_ITSELF.has(program) ? { kind: 'unknown', program } : undefined
  }
}

/** `/usr/bin/socat` → `socat`; a title's first word: `nginx: master process` → `nginx`. */
function baseName(name: string): string {
  const last = name.slice(name.lastIndexOf('/') + 1)
  return /^([\w.-]+):(?: |$)/.exec(last)?.[1] ?? last
}

/** The value behind `-name`, `--name` or in `--name=value`. */
function optionValue(args: readonly string[], name: string): string | undefined {
  for (const [at, word] of args.entries()) {
    if (word === `-${name}` || word === `--${name}`) return args[at + 1]
    const [, value] = new RegExp(`^--?${name}=([^]*)$`).exec(word) ?? []
    if (value !== undefined) return value
  }
  return undefined
}

/** `docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 -container-ip 172.17.0.2 -container-port 80`. */
function dockerForwarding(args: readonly string[], { protocol, port }: ListensAt): Forwarding | 'other' | undefined {
  const [address, hostPort] = [optionValue(args, 'container-ip'), optionValue(args, 'host-port')]
  if (address === undefined || hostPort === undefined) return 'other'
  if (hostPort !== String(port) || (optionValue(args, 'proto') ?? 'tcp') !== protocol) return undefined
  const inside = portNumber(optionValue(args, 'container-port'))
  return { kind: 'address', program: 'docker-proxy', address, port: inside }
}

/** `socat TCP-LISTEN:8080,fork TCP4:172.17.0.2:80`: the address that is not the one it listens at. */
function socatForwarding(args: readonly string[], { protocol }: ListensAt): Forwarding | undefined {
  const program = 'socat'
  const addresses = args.filter(word => !word.startsWith('-')).map(word => word.split(',')[0]!)
  for (const address of addresses) {
    const unix = /^(?:unix|unix-connect|unix-client|abstract|abstract-connect):([^]+)$/i.exec(address)?.[1]
    if (unix !== undefined) return { kind: 'unix', program, path: /^abstract/i.test(address) ? `@${unix}` : unix }
    const [, kind = '', host = '', port] =
      /^((?:tcp|udp|openssl|ssl|sctp)[46]?(?:-connect|-datagram|-sendto)?|open-ssl):(\[[^\]]*\]|[^:]*):([^:]+)$/i.exec(
        address,
      ) ?? []
    if (port === undefined) continue
    if (kind.toLowerCase().startsWith('udp') !== (protocol === 'udp')) continue
    return { kind: 'address', program, address: host.replace(/^\[(.*)\]$/, '$1'), port: portNumber(port) }
  }
  return undefined
}

/** `systemd-socket-proxyd [--exit-idle-time=…] HOST:PORT|PATH`. */
function proxydForwarding(args: readonly string[]): Forwarding {
  const program = 'systemd-socket-proxyd'
  const target = args.find((word, at) => !word.startsWith('-') && !PROXYD_VALUES.has(args[at - 1] ?? ''))
  if (target === undefined) return { kind: 'unknown', program }
  if (/^[/@]/.test(target)) return { kind: 'unix', program, path: target }
  const [, host = target, port] = /^(.*):(\d{1,5})$/.exec(target) ?? []
  return { kind: 'address', program, address: host.replace(/^\[(.*)\]$/, '$1'), port: portNumber(port) }
}

const PROXYD_VALUES: ReadonlySet<string> = new Set(['-c', '--connections-max', '--exit-idle-time'])

/** `pasta -t 8080:80 … PID`, `pasta --netns PATH -u 53`. */
function pastaForwarding(args: readonly string[], at: ListensAt): Forwarding | undefined {
  const program = 'pasta'
  const flags = at.protocol === 'udp' ? ['-u', '--udp-ports'] : ['-t', '--tcp-ports']
  const specs = args.flatMap((word, i) => {
    if (flags.includes(word)) return [args[i + 1] ?? '']
    const [, value] = /^(--(?:udp|tcp)-ports)=(.*)$/.exec(word) ?? []
    if (value !== undefined && word.startsWith(`${flags[1]}=`)) return [word.slice(flags[1]!.length + 1)]
    return word.startsWith(flags[0]!) && !word.startsWith('--') && word.length > 2 ? [word.slice(2)] : []
  })
  const port = specs.map(spec => pastaPort(spec, at.port)).find(found => found !== undefined)
  // Nothing given is all that listens inside.
  if (port === undefined && specs.length > 0) return undefined
  const inside = port ?? at.port
  const path = optionValue(args, 'netns')
  const operand = args.find((word, i) => !word.startsWith('-') && !PASTA_VALUES.has(args[i - 1] ?? ''))
  if (path !== undefined || operand?.includes('/') === true)
    return { kind: 'namespace', program, path: path ?? operand, port: inside }
  // Without a pid it has started a command of its own.
  return /^\d+$/.test(operand ?? '')
    ? { kind: 'namespace', program, pid: Number(operand), port: inside }
    : { kind: 'child', program }
}

/** Options of pasta(1) whose value is a word of its own. */
const PASTA_VALUES: ReadonlySet<string> = new Set(
  (
    '-l --log-file --log-size --runas -p --pcap -P --pid -m --mtu -a --address -n --netmask -M --mac-addr -g --gateway ' +
    '-i --interface -o --outbound --outbound-if4 --outbound-if6 -D --dns --dns-forward --dns-host -S --search ' +
    '-I --ns-ifname -t --tcp-ports -u --udp-ports -T --tcp-ns -U --udp-ns --userns --netns --ns-mac-addr ' +
    '--map-host-loopback --map-guest-addr'
  ).split(' '),
)

/** `slirp4netns [OPTION…] PID|PATH [TAP]`: the ports come over a socket. */
function slirpForwarding(args: readonly string[]): Forwarding {
  const program = 'slirp4netns'
  const target = args.find((word, at) => !word.startsWith('-') && !SLIRP_VALUES.has(args[at - 1] ?? '')) ?? ''
  if (/^\d+$/.test(target)) return { kind: 'namespace', program, pid: Number(target), port: undefined }
  return target === '' ? { kind: 'unknown', program } : { kind: 'namespace', program, path: target, port: undefined }
}

/** Options of slirp4netns(1) whose value is a word of its own. */
const SLIRP_VALUES: ReadonlySet<string> = new Set(
  '-e --exit-fd -r --ready-fd -m --mtu -a --api-socket --cidr --netns-type --userns-path --outbound-addr --outbound-addr6 --macaddress --target-type'.split(
    ' ',
  ),
)

/** Undefined where the text is a name of a service, or nothing. */
export function portNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined
}
