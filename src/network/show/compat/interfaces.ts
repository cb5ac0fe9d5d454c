import { hasInterfaceFlag, interfaceFlagLetters, interfaceFlagNames } from '../../meanings/interface-flags.ts'
import { netmaskOf } from '../../netmask.ts'
import type { InterfaceAddress, InterfaceFacts, InterfacesReport, NetworkInterface } from '../../model.ts'
import { inNetstatOrder } from '../../rules/interface-order.ts'

export interface CompatInterfaceOptions {
  /** -a: those that are down, too. */
  all: boolean
  /** -e: the long form. */
  long: boolean
  /** The title is printed once, also where -c repeats the rest. */
  title: boolean
}

type Told = NetworkInterface & { facts: InterfaceFacts }

/** Byte for byte what `netstat -i` of net-tools 2.10 prints of interfaces whose facts are known. */
export function* compatInterfaces(report: InterfacesReport, options: CompatInterfaceOptions): Generator<string> {
  if (options.title) yield 'Kernel Interface table\n'
  if (!options.long) yield 'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n'
  const known = report.interfaces.filter((each): each is Told => each.facts !== undefined)
  for (const each of inNetstatOrder(known.flatMap(withAliases))) {
    if (!options.all && !hasInterfaceFlag(each.facts.flags, 'UP')) continue
    yield options.long ? longForm(each) : shortForm(each)
  }
}

/** An IPv4 address with a label of its own (eth0:1) is an interface to netstat, one without counters. */
function withAliases(each: Told): Told[] {
  const labels = new Set(each.addresses.flatMap(({ label }) => (label === undefined ? [] : [label])))
  labels.delete(each.name)
  const own = (name: string) =>
    each.addresses.filter(({ family, label }) => family === 'inet' && (label ?? each.name) === name)
  return [
    { ...each, addresses: [...own(each.name), ...each.addresses.filter(({ family }) => family === 'inet6')] },
    ...[...labels].map(name => ({ ...each, name, counters: undefined, addresses: own(name) })),
  ]
}

const left = (value: bigint | undefined, width: number) => String(value ?? 0n).padEnd(width)
const right = (value: bigint | undefined, width: number) => String(value ?? 0n).padStart(width)

function shortForm({ name, counters, facts }: Told): string {
  const numbers =
    counters === undefined
      ? '     - no statistics available -'.padEnd(56)
      : `${right(counters.rx.packets, 8)} ${right(counters.rx.errs, 6)} ${right(counters.rx.drop, 6)} ${left(counters.rx.fifo, 6)} ` +
        `${right(counters.tx.packets, 8)} ${right(counters.tx.errs, 6)} ${right(counters.tx.drop, 6)} ${right(counters.tx.fifo, 6)} `
  return `${name.slice(0, 15).padEnd(15)} ${String(facts.mtu).padStart(5)} ${numbers}${interfaceFlagLetters(facts.flags)}\n`
}

const INDENT = '        '

function longForm({ name, counters, facts, addresses }: Told): string {
  const { flags, mtu } = facts
  const ipv4 = addresses.find(({ family }) => family === 'inet')
  const lines = [`${name}: flags=${flags}<${interfaceFlagNames(flags).join(',')}>  mtu ${mtu}`]
  if (ipv4 !== undefined) lines.push(INDENT + ipv4Text(ipv4, flags))
  for (const address of addresses) if (address.family === 'inet6') lines.push(INDENT + ipv6Text(address))
  lines.push(`${INDENT}${hardwareText(facts)}`)
  if (counters !== undefined) {
    const { rx, tx } = counters
    lines.push(
      `${INDENT}RX packets ${rx.packets}  bytes ${rx.bytes} (${bytesText(rx.bytes ?? 0n)})`,
      `${INDENT}RX errors ${rx.errs}  dropped ${rx.drop}  overruns ${rx.fifo}  frame ${rx.frame}`,
      `${INDENT}TX packets ${tx.packets}  bytes ${tx.bytes} (${bytesText(tx.bytes ?? 0n)})`,
      `${INDENT}TX errors ${tx.errs}  dropped ${tx.drop} overruns ${tx.fifo}  carrier ${tx.carrier}  collisions ${tx.colls}`,
    )
  }
  return `${lines.join('\n')}\n\n`
}

function ipv4Text({ address, prefixLength, broadcast, peer }: InterfaceAddress, flags: number): string {
  return [
    `inet ${address}`,
    `netmask ${netmaskOf(prefixLength)}`,
    ...(hasInterfaceFlag(flags, 'BROADCAST') ? [`broadcast ${broadcast ?? '0.0.0.0'}`] : []),
    ...(hasInterfaceFlag(flags, 'POINTOPOINT') ? [`destination ${peer ?? address}`] : []),
  ].join('  ')
}

const SCOPES: readonly (readonly [bit: number, name: string])[] = [
  [0x20, 'link'],
  [0x40, 'site'],
  [0x10, 'host'],
]
const COMPATIBLE = 0x80

function ipv6Text({ address, prefixLength, scope = 0 }: InterfaceAddress): string {
  const rest = scope & ~COMPATIBLE
  const names = [
    ...(scope & COMPATIBLE ? ['compat'] : []),
    ...(rest === 0 ? ['global'] : []),
    ...SCOPES.filter(([bit]) => rest & bit).map(([, name]) => name),
  ]
  return `inet6 ${address}  prefixlen ${prefixLength}  scopeid 0x${scope.toString(16)}${names.length > 0 ? `<${names.join(',')}>` : ''}`
}

/** Kinds of hardware that netstat has a name for. Source: ARPHRD_… of net/if_arp.h. */
const HARDWARE: Readonly<Record<number, readonly [name: string, title: string, address: 'shown' | 'blank' | 'none']>> =
  {
    1: ['ether', 'Ethernet', 'shown'],
    512: ['ppp', 'Point-to-Point Protocol', 'none'],
    768: ['tunnel', 'IPIP Tunnel', 'blank'],
    772: ['loop', 'Local Loopback', 'none'],
    776: ['sit', 'IPv6-in-IPv4', 'none'],
  }

function hardwareText({ hardwareType, hardwareAddress, txQueueLength }: InterfaceFacts): string {
  const [name, title, shown] = HARDWARE[hardwareType] ?? (['unspec', 'UNSPEC', 'shown'] as const)
  const address = name === 'unspec' ? unknownHardware(hardwareAddress) : hardwareAddress
  const text = shown === 'none' ? name : `${name} ${shown === 'blank' ? '' : address}`
  return `${text}  txqueuelen ${txQueueLength}  (${title})`
}

/** 16 bytes, of which netstat knows the first 8. */
function unknownHardware(address: string): string {
  const bytes = address.split(':').filter(Boolean).slice(0, 8)
  return Array.from({ length: 16 }, (_, i) => (bytes[i] ?? '00').toUpperCase()).join('-')
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const

/** One decimal, cut off and not rounded; a unit begins behind its first value: 1024 is still `1024.0 B`. */
function bytesText(bytes: bigint): string {
  let unit = 0
  while (unit < UNITS.length - 1 && bytes > 1024n ** BigInt(unit + 1)) unit += 1
  // Ten times so many bytes would not fit into netstat's 64 bits: it divides first.
  const tenths = unit === 6 ? bytes / 115292150460684697n : BigInt.asUintN(64, bytes * 10n) / 1024n ** BigInt(unit)
  return `${tenths / 10n}.${tenths % 10n} ${UNITS[unit]}`
}
