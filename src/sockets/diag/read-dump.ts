import { endianness } from 'node:os'
import { SourceReadError } from '../../errors.ts'
import type { DumpChoice, DumpFamily, ProcSource } from '../../proc/proc-source.ts'
import { dumpPath } from './dump-path.ts'
import type { SocketDump } from './decode/socket-dump.ts'
import { Wire } from './decode/wire.ts'

/** Throws a SourceReadError: ENOENT where the kernel has no such family, or the recording no such answer. */
export function readDump(
  source: ProcSource,
  family: DumpFamily,
  choice: DumpChoice = {},
  folder: string = 'net',
): SocketDump {
  const { userHz = 100, endian } = source.meta
  if (source.dumpSockets !== undefined) {
    const bytes = source.dumpSockets(family, choice, folder)
    return { family, wire: new Wire(bytes, endianness() === 'LE'), userHz }
  }
  const path = dumpPath(family, folder)
  // The live /proc has no such folder.
  if (source.isThisMachine) throw new SourceReadError('ENOSYS', path)
  return { family, wire: new Wire(source.readFile(path), endian !== 'big'), userHz }
}
