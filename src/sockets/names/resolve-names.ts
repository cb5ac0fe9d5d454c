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
  /**
   * As netstat has it: the name of an IPv4 address in an IPv6 table is that of DNS, not that of the hosts file. It is found
   * under the address with its prefix.
   */
  mappedApart?: boolean | undefined
}

/** Names that were not found by then are shown as numbers. */
const LOOKUP_LIMIT_MS = 2000

export interface ResolvedNames {
  names: Names
  /** Addresses for which no answer came in time. */
  unanswered: number
}

/**
 * What gives names for the numbers of sockets. It asks for each address once, also where no answer came: a table that is
 * shown again every second would ask a dead name server for ever.
 *
 * Addresses of a recording are not looked up: the answer would be that of another network, and the question would disclose
 * addresses of a site to it.
 */
export function nameResolver(
  source: ProcSource,
  choice: NameChoice,
  lookUp: typeof reverseLookup = reverseLookup,
): (sockets: readonly Socket[]) => Promise<ResolvedNames> {
  const services = choice.services ? parseServices(readNameFile('services')) : new Map<string, string>()
  const protocols = choice.services ? parseProtocolNames(readNameFile('protocols')) : new Map<number, string>()
  const users = choice.users ? usersOf(source) : new Map<number, string>()
  const hosts = choice.hosts && source.isThisMachine ? parseHosts(readNameFile('hosts')) : undefined
  const asked = new Set(hosts?.keys())
  return async sockets => {
    const unknown = hosts === undefined ? [] : addressesOf(sockets, choice).filter(address => !asked.has(address))
    const found = unknown.length > 0 ? await lookUp(new Set(unknown), LOOKUP_LIMIT_MS) : NONE
    for (const address of unknown) asked.add(address)
    for (const [address, name] of found.names) hosts?.set(address, name)
    return {
      unanswered: found.unanswered,
      names: {
        host: address => hosts?.get(address),
        service: choice.services
          ? (port, protocol) => (protocol === 'raw' ? protocols.get(port) : services.get(`${port}/${protocol}`))
          : NUMERIC.service,
        user: uid => users.get(uid),
      },
    }
  }
}

const NONE = { names: new Map<string, string>(), unanswered: 0 }

/** User names of the machine the source was read on. */
export function usersOf(source: ProcSource): Map<number, string> {
  if (source.isThisMachine) return parsePasswd(readNameFile('passwd'))
  return new Map(Object.entries(source.meta.users ?? {}).map(([uid, name]) => [Number(uid), name]))
}

function addressesOf(sockets: readonly Socket[], { mappedApart }: NameChoice): string[] {
  const addresses = sockets.flatMap(({ row }) => (isInetRow(row) ? [row.localAddress, row.remoteAddress] : []))
  return addresses
    .filter(address => !isUnspecifiedIp(address))
    .map(address => (mappedApart ? address : unmapIp(address)))
}
