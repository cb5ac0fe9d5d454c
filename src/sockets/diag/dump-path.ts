import type { DumpFamily } from '../../proc/proc-source.ts'

/** Where a recording keeps the dump of a family, beside the tables of the same namespace. */
export function dumpPath(family: DumpFamily, folder = 'net'): string {
  return `${folder.replace(/net$/, 'diag')}/${family}`
}
