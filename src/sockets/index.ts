// What other subjects use of sockets.
export { readDump } from './diag/read-dump.ts'
export { recordedDumps, redactedDump } from './diag/recorded-dumps.ts'
export { socketsOfDump } from './diag/decode/sockets-of-dump.ts'
export { withDumps } from './diag/with-dumps.ts'
export { addressFilter, type AddressFilter } from './filter/address-filter.ts'
export { readTcpTables } from './fast/read-tcp-tables.ts'
export { checkHealth, isAnythingWrong } from './health/check-health.ts'
export { readHealthLooks } from './health/read-look.ts'
export { usersOf } from './names/resolve-names.ts'
export { servicePorts } from './names/service-ports.ts'
export { collectSockets } from './read.ts'
export { listeningOf, type Listening } from './rules/listening.ts'
export { parseInetTable } from './tables/inet.ts'
export { mergeReads } from './tables/merge-reads.ts'
export { ALL_TABLES, readSocketTables } from './tables/read-tables.ts'
export { addressBytes, addressDigits, rewriteAddresses } from './tables/tcp-row.ts'
export { parseUnixTable } from './tables/unix.ts'
export { readWholeTable } from './tables/whole-table.ts'
export {
  openEnds,
  TrafficWatch,
  UNKNOWN_OWNER,
  type TrafficCounters,
  type TrafficGroup,
} from './traffic/watch-traffic.ts'
