// What other subjects use to ask other hosts.
export { askHosts, type FleetOptions } from './ask-hosts.ts'
export { parseHosts } from './hosts/parse-hosts.ts'
export { hostError, openHost } from './open-host.ts'
