import { isUnspecifiedIp, unmapIp } from '../../kernel/ip-address.ts'
import { NUMERIC, type Names } from './names.ts'
import type { Socket } from '../model.ts'
import { isInetRow } from '../tables/socket-row.ts'
import { parseHosts, parsePasswd, parseProtocolNames, parseServices } from './etc-files.ts'
import { readNameFile, reverseLookup } from './name-service.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

export interface NameChoice {
  hosts: boolean
  services: boolean
  users: boolean
}

/** Names that were not found by then are shown as numbers. */
const LOOKUP_LIMIT_MS = 2000

/**
 * Names for the numbers of these sockets. Addresses of a recording are not looked up: the answer would be that of
 * another network, and the question would disclose addresses of a site to it.
 */
export async function resolveNames(
  source: ProcSource,
  sockets: readonly Socket[],
  choice: NameChoice,
): Promise<{ names: Names; unanswered: number }> {
  const services = choice.services ? parseServices(readNameFile('services')) : new Map<string, string>()
  const protocols = choice.services ? parseProtocolNames(readNameFile('protocols')) : new Map<number, string>()
  const users = choice.users ? usersOf(source) : new Map<number, string>()
  const hosts = choice.hosts && source.isThisMachine ? await hostsOf(addressesOf(sockets)) : NO_HOSTS
  return {
    unanswered: hosts.unanswered,
    names: {
      host: address => hosts.names.get(address),
      service: choice.services
        ? (port, protocol) => (protocol === 'raw' ? protocols.get(port) : services.get(`${port}/${protocol}`))
        : NUMERIC.service,
      user: uid => users.get(uid),
    },
  }
}

const NO_HOSTS = { names: new Map<string, string>(), unanswered: 0 }

/** /etc/hosts first, as everywhere, then DNS for the rest. */
async function hostsOf(addresses: ReadonlySet<string>): Promise<{ names: Map<string, string>; unanswered: number }> {
  const known = parseHosts(readNameFile('hosts'))
  const unknown = new Set([...addresses].filter(address => !known.has(address)))
  const { names, unanswered } = unknown.size > 0 ? await reverseLookup(unknown, LOOKUP_LIMIT_MS) : NO_HOSTS
  return { names: new Map([...known, ...names]), unanswered }
}

/** User names of the machine the source was read on. */
export function usersOf(source: ProcSource): Map<number, string> {
  if (source.isThisMachine) return parsePasswd(readNameFile('passwd'))
  return new Map(Object.entries(source.meta.users ?? {}).map(([uid, name]) => [Number(uid), name]))
}

function addressesOf(sockets: readonly Socket[]): Set<string> {
  const addresses = sockets.flatMap(({ row }) => (isInetRow(row) ? [row.localAddress, row.remoteAddress] : []))
  return new Set(addresses.filter(address => !isUnspecifiedIp(address)).map(unmapIp))
}
