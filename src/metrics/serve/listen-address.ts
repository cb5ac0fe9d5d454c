import { UsageError } from '../../errors.ts'
import { endpoint, formatIp } from '../../kernel/ip-address.ts'
import { parseIp } from '../../kernel/parse-ip.ts'

/** Where answers are given. */
export interface ListenAddress {
  /** An IP address, as inet_ntop prints it. */
  host: string
  /** 0: one that is free. */
  port: number
  /** Nobody outside of this machine can connect. */
  isLoopback: boolean
}

export const DEFAULT_LISTEN = '127.0.0.1:9977'

const MOST_PORT = 65_535

/** `127.0.0.1:9977`, `[::]:9977`, `:9977` for every address, `localhost:9977`. Throws a UsageError. */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text)
  const [, bracketed, plain] = match ?? []
  const name = bracketed ?? plain
  const host = name === '' ? '::' : name === 'localhost' ? '127.0.0.1' : name
  const bytes = host === undefined ? undefined : parseIp(host)
  const port = Number(match?.[3])
  if (bytes === undefined || ((bracketed !== undefined) !== bytes.length > 4 && name !== '') || port > MOST_PORT)
    throw new UsageError(`--listen ${text} is no address and port`, {
      hint: 'give an IP address and a port: 127.0.0.1:9977, [::1]:9977, :9977 for every address',
    })
  return { host: formatIp(bytes), port, isLoopback: isLoopback(bytes) }
}

function isLoopback(bytes: Uint8Array): boolean {
  if (bytes.length === 4) return bytes[0] === 127
  const isZero = (from: number, to: number) => bytes.subarray(from, to).every(byte => byte === 0)
  if (isZero(0, 15)) return bytes[15] === 1
  return isZero(0, 10) && bytes[10] === 0xff && bytes[11] === 0xff && bytes[12] === 127
}

export const listenText = ({ host, port }: Pick<ListenAddress, 'host' | 'port'>) => endpoint(host, port)

/**
 * Whether the header Host of a request to a loopback address names this machine. A page in a browser here can lead a name
 * of its own to 127.0.0.1 and read what is answered (DNS rebinding): its name still stands in the header.
 */
export function isOwnHost(header: string | undefined, { host }: ListenAddress): boolean {
  // Only programs without a browser leave it out.
  if (header === undefined) return true
  const name = /^(?:\[([^\]]+)\]|([^:]*))(?::\d*)?$/.exec(header)
  const asked = (name?.[1] ?? name?.[2] ?? '').toLowerCase()
  if (asked === 'localhost' || asked === host) return true
  const bytes = parseIp(asked)
  return bytes !== undefined && isLoopback(bytes)
}
