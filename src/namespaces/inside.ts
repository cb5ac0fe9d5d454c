import { isVanished, optional, SourceReadError } from '../errors.ts'
import type { Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { enterNamespace } from './enter.ts'
import type { NetworkNamespace } from './model.ts'
import { settingsOfNamespace } from './settings.ts'

/** Files that are of the reader's network namespace: tables, dumps that were recorded, settings. */
const OF_NAMESPACE = /^(?:net|diag)\/|^sys\/net\/|^sysctl$/

/**
 * The source as a process of `namespace` would read it: its tables and settings, and what the kernel answers when it is
 * asked there for its sockets. Processes and everything else are those of `source`.
 *
 * Tables come from /proc of a process or thread that is in it. With `libc` this thread enters the namespace for what /proc
 * shows to nobody else (settings, sockets) and for a namespace without processes; that takes root.
 */
export function inNamespace(source: ProcSource, namespace: NetworkNamespace, libc?: Libc): ProcSource {
  if (namespace.isOwn) return source
  const read = source.isThisMachine ? liveReader(source, namespace, libc) : recordedReader(source, namespace)
  const inside: ProcSource = {
    ...source,
    isElsewhere: true,
    meta: { ...source.meta, netns: namespace.name },
    readFile: (path, isEnough) => (OF_NAMESPACE.test(path) ? read(path, isEnough) : source.readFile(path, isEnough)),
  }
  // The kernel answers about the namespace that the question is asked in.
  delete inside.dumpSockets
  const dump = source.dumpSockets?.bind(source)
  if (dump === undefined || libc === undefined) return inside
  return {
    ...inside,
    dumpSockets: (family, choice, folder) => enterNamespace(libc, namespace, () => dump(family, choice, folder)),
  }
}

/** Whether {@link inNamespace} can read it at all. */
export function isReadable({ folders, entrances }: NetworkNamespace, libc: Libc | undefined): boolean {
  return folders.length > 0 || (libc !== undefined && entrances.length > 0)
}

type ReadFile = ProcSource['readFile']

function recordedReader(source: ProcSource, { folders: [folder] }: NetworkNamespace): ReadFile {
  return path => {
    if (folder === undefined || path === 'sysctl') throw new SourceReadError('ENOENT', path)
    return source.readFile(`${folder}/${path}`)
  }
}

function liveReader(source: ProcSource, namespace: NetworkNamespace, libc: Libc | undefined): ReadFile {
  const { folders } = namespace
  const isMember = memberTest(source, namespace)
  let member = folders[0]
  let settings: Map<string, string> | undefined

  const table: ReadFile = (path, isEnough) => {
    for (const folder of member === undefined ? [] : [member, ...folders.filter(other => other !== member)]) {
      if (!isMember(folder)) continue
      member = folder
      try {
        return source.readFile(`${folder}/${path}`, isEnough)
      } catch (error) {
        // The table is absent, unless the process ended.
        if (!hasEnded(error) || isMember(folder)) throw error
      }
    }
    if (libc === undefined) throw new SourceReadError('ENOENT', path)
    return enterNamespace(libc, namespace, () => source.readFile(`thread-self/${path}`, isEnough))
  }
  const setting = (path: string): Buffer => {
    if (libc !== undefined) return enterNamespace(libc, namespace, () => source.readFile(path))
    settings ??= settingsByChild(source, namespace)
    const value = settings.get(path)
    if (value === undefined) throw new SourceReadError('ENOENT', path)
    return Buffer.from(value, 'latin1')
  }
  return (path, isEnough) => (path.startsWith('net/') ? table(path, isEnough) : setting(path))
}

/** `net/` of a process that is ending fails with EINVAL. */
function hasEnded(error: unknown): boolean {
  return isVanished(error) || (error as SourceReadError).code === 'EINVAL'
}

/** Whether a process or thread still is in the namespace: its pid may have been given to another one. */
function memberTest(source: ProcSource, { name }: NetworkNamespace): (folder: string) => boolean {
  const number = /^net:\?\[(\d+)\]$/.exec(name)?.[1]
  if (number !== undefined) return folder => source.fileNumber?.(`${folder}/net/dev`) === number
  return folder => {
    const link = optional(() => source.readLink(`${folder}/ns/net`))
    // Refused, and known by the number of its files: then nothing tells.
    return link === name || (link === undefined && source.fileNumber?.(`${folder}/net/dev`) !== undefined)
  }
}

function settingsByChild(source: ProcSource, { entrances }: NetworkNamespace): Map<string, string> {
  const entrance = entrances.find(path => /^\d+\/(?:task\/\d+\/)?ns\/net$/.test(path))
  if (source.meta.uid !== 0 || entrance === undefined) return new Map()
  return settingsOfNamespace(`/proc/${entrance}`)
}
