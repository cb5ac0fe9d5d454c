import { readFileSync } from 'node:fs'
import type { DumpFamily } from '../../src/proc/proc-source.ts'
import type { SocketDump } from '../../src/sockets/diag/decode/socket-dump.ts'
import { Wire } from '../../src/sockets/diag/decode/wire.ts'
import { fixture } from './paths.ts'

/** The message that ends a dump: NLMSG_DONE with an errno of 0. */
export function dumpEnd(littleEndian = true): Buffer {
  const bytes = Buffer.alloc(20)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  view.setUint32(0, bytes.length, littleEndian)
  view.setUint16(4, 3, littleEndian)
  return bytes
}

/** A family of fixtures/diag as a recording holds it. */
export function recordedDump(family: DumpFamily): Buffer {
  return Buffer.concat([readFileSync(fixture(`diag/${family}.bin`)), dumpEnd()])
}

export function dumpOf(family: DumpFamily, bytes: Buffer = recordedDump(family), littleEndian = true): SocketDump {
  return { family, wire: new Wire(bytes, littleEndian), userHz: 100 }
}
