import { integerOf } from './values.ts'

/** iproute2's words for netlink protocols. Source: iproute2 etc/iproute2/nl_protos. */
const NETLINK: Readonly<Record<string, number>> = {
  rtnl: 0,
  route: 0,
  usersock: 2,
  fw: 3,
  tcpdiag: 4,
  sock_diag: 4,
  nflog: 5,
  xfrm: 6,
  selinux: 7,
  iscsi: 8,
  audit: 9,
  fiblookup: 10,
  connector: 11,
  nft: 12,
  netfilter: 12,
  uevent: 15,
  genl: 16,
  generic: 16,
  'scsi-trans': 18,
  ecryptfs: 19,
  rdma: 20,
  crypto: 21,
  smc: 22,
}

/** Words for Ethernet protocols. Source: Linux include/uapi/linux/if_ether.h, iproute2 lib/ll_proto.c. */
const LINK: Readonly<Record<string, number>> = {
  all: 3,
  loop: 0x60,
  ip: 0x800,
  ipv4: 0x800,
  arp: 0x806,
  '802.1q': 0x8100,
  ipv6: 0x86dd,
  ppp_disc: 0x8863,
  ppp_ses: 0x8864,
  aoe: 0x88a2,
  '802.1ad': 0x88a8,
  eapol: 0x888e,
  lldp: 0x88cc,
  ptp: 0x88f7,
}

export const netlinkProtocolOf = (text: string): number | undefined => integerOf(text) ?? NETLINK[text.toLowerCase()]
export const linkProtocolOf = (text: string): number | undefined => integerOf(text) ?? LINK[text.toLowerCase()]
