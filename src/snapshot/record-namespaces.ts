import { optional } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import { inNamespace, isReadable } from '../namespaces/inside.ts'
import type { NetworkNamespace } from '../namespaces/model.ts'
import { networkNamespaces } from '../namespaces/network-namespaces.ts'
import { RECORDED_FOLDER } from '../namespaces/recorded-folder.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { FILE_NUMBERS, type RecordedEntries } from '../proc/recorded-proc.ts'

export interface OtherNamespaces {
  /** Where its tables go: `netns/4026532208`, or `1234` where its number is not known. */
  folder: string
  /** The source as it is read there. */
  inside: ProcSource
}

/**
 * Namespaces that no link of a process or thread shows: those that only a mount or a descriptor holds, and those of
 * processes whose links were refused. What finds them again in the recording is recorded here; their tables are not.
 */
export function findHeldNamespaces(
  source: ProcSource,
  entries: RecordedEntries,
  seen: ReadonlySet<string | undefined>,
  libc: Libc | undefined,
): OtherNamespaces[] {
  const { namespaces } = networkNamespaces(source, { libc })
  for (const { inode, identity } of namespaces)
    if (inode !== undefined && identity.cookie !== undefined)
      entries.files.set(`${RECORDED_FOLDER}/${inode}/cookie`, Buffer.from(`${identity.cookie}\n`))
  if (namespaces.some(isGrouped)) recordFileNumbers(source, entries, namespaces)
  return namespaces
    .filter(namespace => !namespace.isOwn && !seen.has(namespace.name) && isReadable(namespace, libc))
    .map(namespace => ({
      folder: namespace.inode === undefined ? namespace.folders[0]! : `${RECORDED_FOLDER}/${namespace.inode}`,
      inside: inNamespace(source, namespace, libc),
    }))

  /** Processes are in it whose links are refused: they were found by the numbers of their files. */
  function isGrouped({ holders }: NetworkNamespace): boolean {
    return holders.processes.some(pid => optional(() => source.readLink(`${pid}/ns/net`)) === undefined)
  }
}

function recordFileNumbers(
  source: ProcSource,
  { files }: RecordedEntries,
  namespaces: readonly NetworkNamespace[],
): void {
  const folders = namespaces.flatMap(({ holders }) => holders.processes.map(pid => `${pid}/`))
  for (const folder of ['', ...folders]) {
    const path = `${folder}net/dev`
    const number = source.fileNumber?.(path)
    if (number !== undefined) files.set(`${FILE_NUMBERS}/${path}`, Buffer.from(`${number}\n`))
  }
}
