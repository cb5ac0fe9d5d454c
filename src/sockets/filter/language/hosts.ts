import { formatIp } from '../../../kernel/ip-address.ts'
import { parseIp } from '../../../kernel/parse-ip.ts'
import { linkProtocolOf, netlinkProtocolOf } from './protocol-words.ts'
import type { HostPattern, Network } from './tree.ts'
import { integerOf } from './values.ts'

/** Why a value is no host or port: what was expected, or that it means two things. */
export class ValueError extends Error {
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

export interface HostChoice {
  /** What a value without a prefix is: where only one family is listed, of that. */
  family: 'inet' | 'unix' | 'link' | 'netlink' | 'vsock'
  /** Numbers of a service, one for each that differs by protocol. */
  service: (name: string) => readonly number[]
  /** The value was read in a way that its writer may not have meant. */
  note: (message: string, hint: string) => void
}

const PREFIX = /^(inet6?|unix|link|netlink|vsock):/i

/** The value of src and dst. Source: ss(8) "HOST SYNTAX", iproute2 misc/ss.c, parse_hostcond. */
export function hostOf(text: string, choice: HostChoice): HostPattern {
  const prefix = PREFIX.exec(text)?.[1]?.toLowerCase() as 'inet' | 'inet6' | HostChoice['family'] | undefined
  const rest = prefix === undefined ? text : text.slice(prefix.length + 1)
  switch (prefix ?? familyOf(text, choice.family)) {
    case 'unix':
      return { family: 'unix', glob: rest }
    case 'link':
      return linkOf(rest)
    case 'netlink':
      return netlinkOf(rest)
    case 'vsock':
      return vsockOf(rest)
    default:
      return inetOf(rest, prefix === 'inet' || prefix === 'inet6' ? prefix : undefined, choice)
  }
}

/** A name in the file system or an abstract one is of a unix socket, whatever else is listed. */
const familyOf = (text: string, family: HostChoice['family']) =>
  family === 'inet' && /^[/@]/.test(text) ? 'unix' : family

/** Address and port of `ADDRESS[:PORT]`. */
function inetOf(text: string, only: 'inet' | 'inet6' | undefined, choice: HostChoice): HostPattern {
  const { address, port } = splitPort(text, choice)
  return { family: 'inet', only, address: addressOf(address, text, only, choice), port: portNumber(port, choice) }
}

interface Split {
  address: string
  port: string | undefined
}

function splitPort(text: string, choice: HostChoice): Split {
  const bracketed = /^\[([^\]]*)\](\/[^:]*)?(?::(.*))?$/.exec(text)
  if (bracketed !== null) return { address: bracketed[1]! + (bracketed[2] ?? ''), port: bracketed[3] }
  if (text.startsWith('*')) {
    if (text === '*' || text[1] === ':') return { address: '*', port: text.slice(2) || undefined }
    throw new ValueError(`${text} is no address`, `a name of a unix socket is written unix:${text}`)
  }
  const slash = text.indexOf('/')
  const colon = text.indexOf(':', slash + 1) === -1 ? -1 : text.lastIndexOf(':')
  if (colon === -1) return { address: text, port: undefined }
  const split = { address: text.slice(0, colon), port: text.slice(colon + 1) }
  if (slash !== -1 || text.indexOf(':') === colon) return split
  // Of a bare IPv6 address ss takes the last group for a port; what cannot be read so is an address.
  const isAddress = parseIp(text) !== undefined
  if (isAddress && (parseIp(split.address) === undefined || integerOf(split.port) === undefined))
    return { address: text, port: undefined }
  if (isAddress)
    choice.note(
      `${text} is read as port ${split.port} of ${split.address}, as ss reads it`,
      `write [${text}] for the address, [${split.address}]:${split.port} for the port`,
    )
  return split
}

function addressOf(
  text: string,
  whole: string,
  only: 'inet' | 'inet6' | undefined,
  { note }: HostChoice,
): '*' | Network | { name: string } {
  if (text === '' || /^(\*|any|all|default)$/i.test(text)) return '*'
  const slash = text.indexOf('/')
  const host = slash === -1 ? text : text.slice(0, slash)
  const bytes = host.includes(':') ? parseIp(host) : ipv4Of(host)
  if (bytes === undefined) {
    if (slash === -1 && isHostName(host)) return { name: host.toLowerCase() }
    throw new ValueError(`${whole} is no address`, 'an address is written 10.0.0.1, 10.0.0.0/8, [::1] or [fd00::]/8')
  }
  if (only !== undefined && (bytes.length === 4) !== (only === 'inet'))
    throw new ValueError(`${host} is no ${only === 'inet' ? 'IPv4' : 'IPv6'} address`)
  if (slash === -1 && bytes.length === 4 && !/\..*\..*\./.test(host))
    note(
      `${host} is read as the single address ${formatIp(bytes)}, as ss reads it`,
      `a network is written ${formatIp(bytes)}/${8 * host.split('.').length}`,
    )
  const bits = slash === -1 ? bytes.length * 8 : prefixBits(text.slice(slash + 1), bytes.length)
  if (bits === undefined)
    throw new ValueError(`${text.slice(slash)} is no prefix of an ${bytes.length === 4 ? 'IPv4' : 'IPv6'} address`)
  return { bytes: [...bytes], bits }
}

/** `10.9.0.1`, or its beginning; each number as in C. Source: iproute2 lib/utils.c, get_addr_ipv4. */
function ipv4Of(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4)
  const parts = text.split('.')
  if (parts.length > 4) return undefined
  for (const [i, part] of parts.entries()) {
    const value = integerOf(part)
    if (value === undefined || value > 255) return undefined
    bytes[i] = value
  }
  return bytes
}

/** Bits of `24` or, of IPv4, `255.255.255.0`. */
function prefixBits(text: string, bytes: number): number | undefined {
  const bits = integerOf(text)
  if (bits !== undefined) return bits <= bytes * 8 ? bits : undefined
  const mask = bytes === 4 ? parseIp(text) : undefined
  if (mask?.length !== 4) return undefined
  const ones = [...mask].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return /^1*0*$/.test(ones) ? ones.lastIndexOf('1') + 1 : undefined
}

const isHostName = (text: string) => /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(text) && /[a-z]/i.test(text)

/** A port: a number in C's notation, the name of a service, `*` or nothing; a colon may lead it. */
export function portOf(text: string, choice: Pick<HostChoice, 'service'>): number | '*' {
  const port = text.startsWith(':') ? text.slice(1) : text
  return portNumber(port, choice) ?? '*'
}

function portNumber(text: string | undefined, { service }: Pick<HostChoice, 'service'>): number | undefined {
  if (text === undefined || text === '' || text === '*') return undefined
  const number = integerOf(text)
  if (number !== undefined) return number
  const [port, other] = service(text)
  if (port === undefined) throw new ValueError(`${text} is no port`, 'a port is a number, the name of a service, or *')
  if (other !== undefined)
    throw new ValueError(`${text} is a service on port ${port} and on port ${other}`, 'give the number')
  return port
}

function linkOf(text: string): HostPattern {
  const [protocol = '', device = ''] = text.split(':', 2)
  const number = isAny(protocol) ? undefined : linkProtocolOf(protocol)
  if (number === undefined && !isAny(protocol))
    throw new ValueError(`${protocol} is no protocol of packets`, 'it is written arp, ip, ipv6, all or 0x88cc')
  return { family: 'link', protocol: number, device: isAny(device) ? undefined : device }
}

function netlinkOf(text: string): HostPattern {
  const [protocol = '', port = ''] = text.split(':', 2)
  const number = isAny(protocol) ? undefined : netlinkProtocolOf(protocol)
  if (number === undefined && !isAny(protocol))
    throw new ValueError(`${protocol} is no netlink protocol`, 'it is written rtnl, genl, audit, uevent or a number')
  const portNumeric = port.toLowerCase() === 'kernel' ? 0 : integerOf(port)
  if (portNumeric === undefined && !isAny(port))
    throw new ValueError(`${port} is no netlink port`, 'it is a number or the word kernel')
  return { family: 'netlink', protocol: number, port: isAny(port) ? undefined : portNumeric }
}

function vsockOf(text: string): HostPattern {
  const [cid = '', port = ''] = text.split(':', 2)
  const numbers = [cid, port].map(part => (isAny(part) ? undefined : integerOf(part)))
  const wrong = [cid, port].find((part, i) => !isAny(part) && numbers[i] === undefined)
  if (wrong !== undefined) throw new ValueError(`${wrong} is no number`, 'vsock is written vsock:CID:PORT')
  return { family: 'vsock', cid: numbers[0], port: numbers[1] }
}

const isAny = (text: string) => text === '' || text === '*'
