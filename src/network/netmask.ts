import { formatIp } from '../kernel/ip-address.ts'

/** `24` → `255.255.255.0` */
export function netmaskOf(prefixLength: number): string {
  return formatIp(
    Uint8Array.from([0, 8, 16, 24], from => 256 - 2 ** (8 - Math.max(0, Math.min(8, prefixLength - from)))),
  )
}
