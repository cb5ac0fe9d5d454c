import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { optional } from '../../errors.ts'

/** As `linsight snapshot save` and the key w name them. */
const RECORDING = /\.snap\.json(\.gz)?$/

/**
 * What `--from` names, folders of recordings as the recordings in them. A shell leaves `--from *.snap.json.gz` as one
 * value and operands: of a recording these are no filter.
 */
export function recordingsOf(
  from: readonly string[] | undefined,
  operands: readonly string[],
): { from: string[] | undefined; words: string[] } {
  if (from === undefined) return { from: undefined, words: [...operands] }
  const files = operands.filter(word => RECORDING.test(word))
  return {
    from: [...from, ...files].flatMap(path => recordingsIn(path) ?? [path]),
    words: operands.filter(word => !files.includes(word)),
  }
}

/** Undefined of what is no folder of recordings: a file, a folder shaped like /proc. */
function recordingsIn(folder: string): string[] | undefined {
  const names = optional(() => readdirSync(folder))?.filter(name => RECORDING.test(name))
  return names === undefined || names.length === 0 ? undefined : names.map(name => join(folder, name))
}
