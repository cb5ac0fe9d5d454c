import { redactDeviceGroups, redactGroups, redactHardwareAddress, redactIpv6Groups } from './groups.ts'
import { redactInetTable, redactInterfaceAddresses, redactIpv6Routes, redactRoutes, redactUnixTable } from './tables.ts'
import {
  redactAddresses,
  redactCgroup,
  redactCmdline,
  redactLink,
  redactName,
  redactPath,
  redactWords,
  type Redaction,
} from '../../redact/words.ts'
import { redactIptablesSave, redactNftJson } from './firewall.ts'
import { redactAddress } from '../../redact/address.ts'
import { redactedDump } from '../../sockets/index.ts'
import { hostNames, redacted, type SiteNames } from '../../redact/redaction.ts'
import { SYSTEM_ACCOUNTS } from './system-accounts.ts'
import { withoutAddresses } from '../../processes/pid-stat.ts'
import { INTERFACE_FILES, INTERFACE_FOLDER } from '../../network/index.ts'
import { INET_TABLES } from '../../sockets/model.ts'
import type { SourceMeta } from '../../proc/proc-source.ts'
import { emptyEntries, type RecordedEntries } from '../../proc/recorded-proc.ts'

/** Ids below are system accounts. Source: UID_MIN of login.defs(5). */
const FIRST_PERSON = 1000
const NOBODY = 65534

/** Whether a name of this id is one that every system has; any other one names a site, whatever its id. */
function isEverywhere(id: number, name: string): boolean {
  return (id < FIRST_PERSON || id === NOBODY) && SYSTEM_ACCOUNTS.has(name)
}

/**
 * A recording without what would name a site: addresses, host and user names, command-line arguments, names of files
 * and sockets become pseudonyms, the same value the same one everywhere, so that every join still holds.
 * A file of unknown form is left out.
 */
export function redactSnapshot(meta: SourceMeta, entries: RecordedEntries): Recorded {
  return redacted(namesOf(meta), redaction => redactEntries({ meta, entries }, redaction))
}

/** A recording of /proc as it is written. */
export interface Recorded {
  meta: SourceMeta
  entries: RecordedEntries
}

/** What a recording tells of the names of its site. */
export function namesOf(meta: SourceMeta): SiteNames {
  const people = Object.entries(meta.users ?? {}).filter(([id, name]) => !isEverywhere(Number(id), name))
  return { hosts: hostNames(meta.host), users: people.map(([, name]) => Buffer.from(name, 'utf8').toString('latin1')) }
}

/** One of several recordings that are redacted together, see {@link redactSnapshot}. */
export function redactEntries({ meta, entries }: Recorded, redaction: Redaction): Recorded {
  const result = emptyEntries()
  const littleEndian = meta.endian !== 'big'
  for (const [path, bytes] of entries.files) {
    const dump = isDump(path) ? redactedDump(path, bytes, littleEndian, rewritingOf(redaction)) : undefined
    if (dump !== undefined) result.files.set(path, dump)
    if (isDump(path)) continue
    const text = path.endsWith('/') ? '' : redactFile(path, bytes.toString('latin1'), littleEndian, redaction)
    if (text !== undefined) result.files.set(path, Buffer.from(text, 'latin1'))
  }
  for (const [path, target] of entries.links)
    result.links.set(path, redactLink(target, redaction, path.endsWith('/exe')))
  for (const [path, code] of entries.errors) result.errors.set(path, code)
  const users = Object.entries(meta.users ?? {}).map(([id, name]) => [
    id,
    redaction.users.includes(Buffer.from(name, 'utf8').toString('latin1')) ? redactName(name, redaction) : name,
  ])
  const shown: SourceMeta = {
    ...meta,
    host: meta.host && redaction.hosts.includes(meta.host.toLowerCase()) ? redactName(meta.host, redaction) : meta.host,
    users: meta.users && Object.fromEntries(users),
    redacted: true,
  }
  return { meta: shown, entries: result }
}

/** What the kernel itself answered about its sockets; one of a family that is not known is left out. */
const isDump = (path: string) => /(?:^|\/)diag\/[^/]+$/.test(path)

const rewritingOf = (redaction: Redaction) => ({
  address: (bytes: Uint8Array) => redactAddress(bytes, redaction.pseudonyms),
  name: (name: string) => redactPath(name, redaction),
})

type Redactor = (text: string, littleEndian: boolean, redaction: Redaction) => string

const unchanged: Redactor = text => text

const inetTable: Redactor = (text, littleEndian, { pseudonyms }) => redactInetTable(text, littleEndian, pseudonyms)

const sctpTable: Redactor = (text, _, { pseudonyms }) => redactAddresses(text, pseudonyms)

/** By the path below the `net/` of a namespace. */
const NET_REDACTORS: Readonly<Record<string, Redactor>> = {
  ...Object.fromEntries(INET_TABLES.map(table => [table, inetTable])),
  ...Object.fromEntries(
    ['protocols', 'sockstat', 'sockstat6', 'packet', 'netlink', 'netstat', 'snmp', 'snmp6', 'sctp/snmp', 'dev'].map(
      name => [name, unchanged],
    ),
  ),
  'sctp/eps': sctpTable,
  'sctp/assocs': sctpTable,
  unix: (text, _, redaction) => redactUnixTable(text, redaction),
  // Names of interfaces stay.
  igmp: (text, littleEndian, { pseudonyms }) => redactGroups(text, littleEndian, pseudonyms),
  igmp6: (text, _, { pseudonyms }) => redactIpv6Groups(text, pseudonyms),
  dev_mcast: (text, _, { pseudonyms }) => redactDeviceGroups(text, pseudonyms),
  if_inet6: (text, _, { pseudonyms }) => redactInterfaceAddresses(text, pseudonyms),
  route: (text, littleEndian, { pseudonyms }) => redactRoutes(text, littleEndian, pseudonyms),
  ipv6_route: (text, _, { pseudonyms }) => redactIpv6Routes(text, pseudonyms),
  fib_trie: (text, _, { pseudonyms }) => redactAddresses(text, pseudonyms),
  nf_conntrack: (text, _, { pseudonyms }) => redactAddresses(text, pseudonyms),
  ip_tables_names: unchanged,
  ip6_tables_names: unchanged,
}

/** By the name of a file of a process or thread. */
const PROCESS_REDACTORS: Readonly<Record<string, Redactor>> = {
  stat: (recorded, _, redaction) => {
    const text = withoutAddresses(Buffer.from(recorded, 'latin1')).toString('latin1')
    const [open, close] = [text.indexOf('(') + 1, text.lastIndexOf(')')]
    return text.slice(0, open) + redactWords(text.slice(open, close), redaction) + text.slice(close)
  },
  status: (text, _, redaction) => text.replace(/^Name:\t.*$/m, line => redactWords(line, redaction)),
  comm: (text, _, redaction) => redactWords(text, redaction),
  cmdline: (text, _, redaction) => redactCmdline(text, redaction),
  cgroup: (text, _, redaction) => redactCgroup(text, redaction),
  wchan: unchanged,
  limits: unchanged,
  mountinfo: (text, _, redaction) => redactNamespaceMounts(text, redaction),
}

/** The namespace stays, the name that it was given becomes a pseudonym. */
function redactNamespaceMounts(text: string, redaction: Redaction): string {
  return text.replace(
    /^((?:\S+ ){3}net:\[\d+\] )(\S+)/gm,
    (_, before: string, place: string) => before + redactPath(place, redaction),
  )
}

function redactFile(path: string, text: string, littleEndian: boolean, redaction: Redaction): string | undefined {
  if (path.startsWith('tool/')) return redactTool(path, text, redaction)
  const net = /(?:^|\/)net\/(.+)$/.exec(path)?.[1]
  const redactor =
    path.startsWith('sys/net/') || path === 'uptime' || path === 'stat' || /^netns\/\d+\/cookie$/.test(path)
      ? unchanged
      : path === 'version'
        ? version
        : path.startsWith(`${INTERFACE_FOLDER}/`)
          ? interfaceSetting(path)
          : net !== undefined
            ? NET_REDACTORS[net]
            : path.includes('/fdinfo/')
              ? fdinfo
              : PROCESS_REDACTORS[path.slice(path.lastIndexOf('/') + 1)]
  return redactor?.(text, littleEndian, redaction)
}

/** Files of /sys/class/net that are recorded: the hardware address names a machine. */
function interfaceSetting(path: string): Redactor | undefined {
  if (path.endsWith('/address')) return (text, _, { pseudonyms }) => redactHardwareAddress(text, pseudonyms)
  return INTERFACE_FILES.some(file => path.endsWith(`/${file}`)) ? unchanged : undefined
}

/** What a tool of the firewall printed. */
const redactTool = (path: string, text: string, redaction: Redaction) =>
  path.endsWith('.json') ? redactNftJson(text, redaction) : redactIptablesSave(text, redaction)

/** Who built the kernel, and where. */
const version: Redactor = (text, _, redaction) =>
  redactWords(text.replace(/\([^()\s]+@[^()\s]+\)/, '(builder@host)'), redaction)

/** Files registered with an io_uring: `    0: /path`. */
const fdinfo: Redactor = (text, _, redaction) =>
  text.replace(/^(\s+\d+: )(.+)$/gm, (_line, slot: string, target: string) => slot + redactLink(target, redaction))
