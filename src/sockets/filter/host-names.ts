import type { ParsedFilter } from './language/parse-filter.ts'
import { FilterError } from './language/tokens.ts'

/** @throws FilterError where a name of a host in the filter has no address, or none of the family it is asked for */
export function refuseUnknownHosts(
  { hostNames, line }: Pick<ParsedFilter, 'hostNames' | 'line'>,
  hosts: ReadonlyMap<string, readonly string[]>,
  hint: string,
): void {
  for (const { name, only, token } of hostNames) {
    const addresses = hosts.get(name) ?? []
    if (addresses.length === 0)
      throw new FilterError(`${name} is no address and no name of a host that is known`, line, token, hint)
    if (only !== undefined && !addresses.some(address => address.includes(':') === (only === 'inet6')))
      throw new FilterError(`${name} has no ${only === 'inet' ? 'IPv4' : 'IPv6'} address`, line, token, hint)
  }
}
