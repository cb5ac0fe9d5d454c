import { addressNumber, holdsAddress, parseAddressRange } from '../../../firewall/index.ts'
import { unmapIp } from '../../../kernel/ip-address.ts'
import type { Scope } from '../exposure-report.ts'

const ranges = (...texts: string[]) => texts.map(text => parseAddressRange(text)!)

/** Source: RFC 1122, 4291; 3927; 1918, 4193, 6598. */
const RANGES: readonly [scope: Scope, among: ReturnType<typeof ranges>][] = [
  ['loopback', ranges('127.0.0.0/8', '::1')],
  ['link-local', ranges('169.254.0.0/16', 'fe80::/10')],
  ['private', ranges('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7')],
]

/** How far an address reaches: what is neither of these is public. */
export function scopeOf(address: string): Scope {
  const found = addressNumber(unmapIp(address))
  if (found === undefined) return 'unknown'
  return RANGES.find(([, among]) => holdsAddress(among, found.family, found.number))?.[0] ?? 'public'
}
