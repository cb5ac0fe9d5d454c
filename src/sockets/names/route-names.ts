import { isUnspecifiedIp } from '../../kernel/ip-address.ts'
import type { RouteNames } from '../../network/model.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { parseHosts, parseNetworks } from './etc-files.ts'
import { readNameFile, reverseLookup } from './name-service.ts'

const LOOKUP_LIMIT_MS = 2000

/**
 * What gives names for the addresses of routes and groups; it asks for each once. Those of a recording are not looked up:
 * the answer would be that of another network.
 */
export function routeNames(
  source: ProcSource,
  wanted: boolean,
  lookUp: typeof reverseLookup = reverseLookup,
): (addresses: readonly string[]) => Promise<{ names: RouteNames; unanswered: number }> {
  const resolves = wanted && source.isThisMachine
  const hosts = resolves ? parseHosts(readNameFile('hosts')) : new Map<string, string>()
  const networks = resolves ? parseNetworks(readNameFile('networks')) : new Map<string, string>()
  const asked = new Set(hosts.keys())
  const names: RouteNames = { host: address => hosts.get(address), network: address => networks.get(address) }
  return async addresses => {
    const unknown = resolves
      ? addresses.filter(address => !isUnspecifiedIp(address) && !asked.has(address) && !networks.has(address))
      : []
    if (unknown.length === 0) return { names, unanswered: 0 }
    for (const address of unknown) asked.add(address)
    const found = await lookUp(new Set(unknown), LOOKUP_LIMIT_MS)
    for (const [address, name] of found.names) hosts.set(address, name)
    return { names, unanswered: found.unanswered }
  }
}
