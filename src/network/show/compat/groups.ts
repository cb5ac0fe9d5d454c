import { unmapIp } from '../../../kernel/ip-address.ts'
import type { GroupsReport } from '../../model.ts'
import type { RouteNames } from '../../model.ts'

/** netstat reads an interface of net/igmp as the 15 characters behind its index, up to a colon: blanks that pad it stay. */
const DEVICE_WIDTH = 10

/** Byte for byte what `netstat -g` of net-tools 2.10 prints. */
export function* compatGroups({ memberships }: GroupsReport, names: RouteNames): Generator<string> {
  yield 'IPv6/IPv4 Group Memberships\nInterface       RefCnt Group\n--------------- ------ ---------------------\n'
  for (const { family, interfaceName, group, users } of memberships) {
    if (family === 'link') continue
    const device = family === 'inet' ? interfaceName.padEnd(DEVICE_WIDTH) : interfaceName
    yield `${device.padEnd(15)} ${String(users).padEnd(6)} ${names.host(group) ?? unmapIp(group)}\n`
  }
}
