import { isUnspecifiedIp, unmapIp } from '../model/ip-address.ts'
import type { Names } from '../model/names.ts'
import type { Socket } from '../model/socket.ts'
import { isInetRow } from '../model/socket-tables.ts'
import { parsePasswd, parseServices } from '../parse/etc-names.ts'
import { readNameFile, reverseLookup } from '../source/name-service.ts'
import type { ProcSource } from '../source/proc-source.ts'

export interface NameChoice {
  hosts: boolean
  services: boolean
  users: boolean
}

/** Names that come later than this are not worth waiting for. */
const LOOKUP_LIMIT_MS = 2000

/**
 * Names for what these sockets show. Addresses of a recording are not looked up: the answer would be this network's,
 * and the question would tell it of another's.
 */
export async function resolveNames(
  source: ProcSource,
  sockets: readonly Socket[],
  choice: NameChoice,
): Promise<{ names: Names; unanswered: number }> {
  const live = source.kind === 'live'
  const services = choice.services ? parseServices(readNameFile('services')) : new Map<string, string>()
  const users = choice.users ? usersOf(source) : new Map<number, string>()
  const { names: hosts, unanswered } =
    choice.hosts && live
      ? await reverseLookup(addressesOf(sockets), LOOKUP_LIMIT_MS)
      : { names: new Map<string, string>(), unanswered: 0 }
  return {
    unanswered,
    names: {
      host: address => hosts.get(address),
      service: (port, protocol) => services.get(`${port}/${protocol}`),
      user: uid => users.get(uid),
    },
  }
}

/** User names of the machine the source was read on. */
export function usersOf(source: ProcSource): Map<number, string> {
  if (source.kind === 'live') return parsePasswd(readNameFile('passwd'))
  return new Map(Object.entries(source.meta.users ?? {}).map(([uid, name]) => [Number(uid), name]))
}

function addressesOf(sockets: readonly Socket[]): Set<string> {
  const addresses = sockets.flatMap(({ row }) => (isInetRow(row) ? [row.localAddress, row.remoteAddress] : []))
  return new Set(addresses.filter(address => !isUnspecifiedIp(address)).map(unmapIp))
}
