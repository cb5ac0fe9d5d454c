/** Well-known multicast groups. Source: IANA, IPv4 and IPv6 Multicast Address Space Registries. */
const GROUPS: Readonly<Record<string, string>> = {
  '224.0.0.1': 'all hosts of the link',
  '224.0.0.2': 'all routers of the link',
  '224.0.0.5': 'OSPF routers',
  '224.0.0.6': 'OSPF designated routers',
  '224.0.0.9': 'RIP routers',
  '224.0.0.13': 'PIM routers',
  '224.0.0.18': 'VRRP (keepalived)',
  '224.0.0.22': 'IGMPv3 reports',
  '224.0.0.106': 'all snooping switches',
  '224.0.0.251': 'mDNS (avahi)',
  '224.0.0.252': 'LLMNR (systemd-resolved)',
  '224.0.1.1': 'NTP',
  '224.0.1.129': 'PTP',
  '239.255.255.250': 'SSDP (UPnP)',
  'ff01::1': 'this host',
  'ff02::1': 'all hosts of the link',
  'ff02::2': 'all routers of the link',
  'ff02::5': 'OSPF routers',
  'ff02::6': 'OSPF designated routers',
  'ff02::9': 'RIP routers',
  'ff02::d': 'PIM routers',
  'ff02::12': 'VRRP (keepalived)',
  'ff02::16': 'MLDv2 reports',
  'ff02::6a': 'all snooping switches',
  'ff02::c': 'SSDP (UPnP)',
  'ff02::fb': 'mDNS (avahi)',
  'ff02::1:2': 'DHCPv6 servers and relays',
  'ff02::1:3': 'LLMNR (systemd-resolved)',
  'ff05::2': 'all routers of the site',
  'ff05::c': 'SSDP (UPnP) of the site',
  'ff05::1:3': 'DHCPv6 servers of the site',
}

/** What a group is for, where it is a well-known one. */
export function groupMeaning(group: string): string | undefined {
  if (/^ff02::1:ff[0-9a-f]{2}:[0-9a-f]{1,4}$/.test(group))
    return 'who has an address with these last digits (neighbour discovery)'
  return Object.hasOwn(GROUPS, group) ? GROUPS[group] : undefined
}
