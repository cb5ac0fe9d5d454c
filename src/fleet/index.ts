// What other subjects use to ask other hosts.
export { askHosts, type FleetOptions } from './ask-hosts.ts'
export { askFleet, askOne, judgeFleet } from './command/ask.ts'
export { hostsOf, onlyHost, type HostChoice } from './command/host-choice.ts'
export { parseHosts } from './hosts/parse-hosts.ts'
export { hostError, openHost } from './open-host.ts'
export { clockAheadSeconds } from './rules/instants.ts'
export { namedTwice } from './rules/same-machine.ts'
export {
  answeredHostJson,
  silentHostsJson,
  type AnsweredHostJson,
  type HostJson,
  type SilentHostJson,
} from './show/host-json.ts'
