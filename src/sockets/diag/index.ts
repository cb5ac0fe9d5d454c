// What other subjects use of what the kernel answers about sockets.
export { socketsOfDump } from './decode/sockets-of-dump.ts'
export { forEachTcp, type PassingConnection } from './each-tcp.ts'
export { readDump } from './read-dump.ts'
export { recordedDumps, redactedDump } from './recorded-dumps.ts'
export { withDumps } from './with-dumps.ts'
