import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { rewriteDump, type DumpRewriting } from './decode/rewrite-dump.ts'
import { Wire } from './decode/wire.ts'
import { dumpPath } from './dump-path.ts'
import { DUMP_FAMILIES, isDumpFamily } from './families.ts'

/**
 * What the kernel answers about the namespace whose tables stand in `folder`, as a recording keeps it: path → messages.
 * Of a recording what it holds. A family that the kernel does not know is left out.
 */
export function* recordedDumps(source: ProcSource, folder: string): Generator<[path: string, bytes: Buffer]> {
  for (const family of DUMP_FAMILIES) {
    const path = dumpPath(family, folder)
    const bytes = optional(() =>
      source.isThisMachine ? source.dumpSockets?.(family, { facts: 'all' }, folder) : source.readFile(path),
    )
    if (bytes !== undefined) yield [path, bytes]
  }
}

/** A recorded dump, by its path, rewritten; undefined where it is of no known family. */
export function redactedDump(
  path: string,
  bytes: Buffer,
  littleEndian: boolean,
  rewriting: DumpRewriting,
): Buffer | undefined {
  const family = /(?:^|\/)diag\/([^/]+)$/.exec(path)?.[1]
  if (family === undefined || !isDumpFamily(family)) return undefined
  return rewriteDump(family, new Wire(bytes, littleEndian), rewriting)
}
