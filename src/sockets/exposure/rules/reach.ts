import { groupBy } from '../../../group-by.ts'
import { isUnspecifiedIp, unmapIp } from '../../../kernel/ip-address.ts'
import { SCOPES, type ExposedPath, type Scope } from '../exposure-report.ts'
import { scopeOf } from './address-scope.ts'

/** A place of a listener, before the firewall was asked. */
export type Reach = Pick<ExposedPath, 'family' | 'scope' | 'addresses' | 'perhaps'>

/**
 * By which addresses of the machine a listener is reached. On any address these are all that it really has; one on `::`
 * takes those of IPv4, too, unless it says otherwise. Of a family whose addresses could not be read it is `unknown`.
 */
export function reachOf(bound: string, takesIpv4: boolean | undefined, own: readonly string[]): Reach[] {
  const address = unmapIp(bound)
  const family = address.includes(':') ? 6 : 4
  if (!isUnspecifiedIp(address)) {
    // Bound to an address that is not there now (IP_FREEBIND, or the interface went): nothing gets there.
    const isThere = own.length === 0 || own.includes(address) || scopeOf(address) === 'loopback'
    return [{ family, scope: scopeOf(address), addresses: isThere ? [address] : [] }]
  }
  const ofFamily = (wanted: 4 | 6) => own.filter(each => (each.includes(':') ? 6 : 4) === wanted)
  const any = byScope(family, ofFamily(family))
  if (family === 4 || takesIpv4 === false) return any
  const ipv4 = byScope(4, ofFamily(4))
  return [...any, ...(takesIpv4 === true ? ipv4 : ipv4.map(reach => ({ ...reach, perhaps: true as const })))]
}

/** The widest scope first. */
function byScope(family: 4 | 6, addresses: readonly string[]): Reach[] {
  if (addresses.length === 0) return [{ family, scope: 'unknown', addresses: [] }]
  const groups = groupBy(addresses, scopeOf)
  const scopes: Scope[] = [...groups.keys()]
  return scopes
    .sort((a, b) => SCOPES.indexOf(b) - SCOPES.indexOf(a))
    .map(scope => ({ family, scope, addresses: [...groups.get(scope)!] }))
}
