import { HARDWARE_ADDRESS, type Pseudonyms } from '../../redact/pseudonyms.ts'
import { UNKNOWN_FORM } from '../../redact/texts.ts'
import { mapLines, redactColumns, redactHex } from './tables.ts'

/** /proc/net/igmp: lines of interfaces stay, below them `\t\t\t\t010000E0     1 0:00000000\t\t0`, machine order. */
export const redactGroups = (text: string, littleEndian: boolean, pseudonyms: Pseudonyms) =>
  mapLines(text, 0, line => {
    if (!line.startsWith('\t')) return line
    const match = /^(\t+)([0-9A-F]{8})( [^]*)$/i.exec(line)
    return match === null ? UNKNOWN_FORM : match[1]! + redactHex(match[2]!, littleEndian, pseudonyms) + match[3]!
  })

/** /proc/net/igmp6: `2    v1              ff02…681a     1 00000004 0`, network order. */
export const redactIpv6Groups = (text: string, pseudonyms: Pseudonyms) => redactColumns(text, 0, [2], false, pseudonyms)

/**
 * /proc/net/dev_mcast: `4    eth0            1     0     3333ff000001`. The last digits of a hardware address of a group are
 * those of the group, and so of addresses of the host; the groups of all hosts stay.
 */
export const redactDeviceGroups = (text: string, pseudonyms: Pseudonyms) =>
  mapLines(text, 0, line => {
    const match = /^(.* )([0-9a-f]{12})$/i.exec(line)
    if (match === null) return UNKNOWN_FORM
    const [, row = '', address = ''] = match
    if (/^(01005e0000|33330000000)/i.test(address)) return line
    const pseudonym = pseudonyms.of(HARDWARE_ADDRESS, address.toLowerCase().replaceAll(/..(?=.)/g, '$&:'))
    return row + pseudonym.replaceAll(':', '')
  })

/** `52:54:00:12:34:56\n` of /sys/class/net; one of zeros (loopback, tunnels) says nothing of a machine. */
export function redactHardwareAddress(text: string, pseudonyms: Pseudonyms): string {
  const address = text.trim().toLowerCase()
  if (/^[0:]*$/.test(address)) return text
  return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(address)
    ? text.replace(text.trim(), pseudonyms.of(HARDWARE_ADDRESS, address))
    : `${UNKNOWN_FORM}\n`
}
