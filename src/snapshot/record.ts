import { optional } from '../errors.ts'
import { INTERFACE_FILES, INTERFACE_FOLDER, readInterfaceSettings } from '../network/index.ts'
import { processNames } from '../processes/socket-owners.ts'
import { parsePidStatus } from '../processes/pid-status.ts'
import { parseInetTable, readWholeTable, recordedDumps } from '../sockets/index.ts'
import { INET_TABLES } from '../sockets/model.ts'
import type { Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { RecordedEntries } from '../proc/recorded-proc.ts'
import { NAMESPACE_FILES, READER_LINKS, SYSCTL_FILES } from '../proc/recorded-paths.ts'
import type { SnapshotRecording } from './model.ts'
import { findHeldNamespaces } from './record-namespaces.ts'
import { recordProcess, unixInodesOf } from './record-process.ts'
import { recorderOf, type Recorder } from './recorder.ts'

export interface RecordOptions {
  /** Names by user id; those of users that occur are recorded. */
  users?: ReadonlyMap<number, string> | undefined
  /** Live, as root: network namespaces without a process are entered to record their tables. */
  libc?: Libc | undefined
  onProcess?: ((done: number, total: number) => void) | undefined
}

/**
 * Records what the commands read, byte for byte: the tables of every network namespace, the facts and descriptors of
 * every process, settings and clocks. The tables come before the descriptors, as everywhere: a socket made in between
 * then has an owner without a row, which readers expect.
 *
 * What is refused is recorded as refused; what does not exist is left out; a process that ends meanwhile is counted.
 */
export function recordSnapshot(source: ProcSource, options: RecordOptions = {}): SnapshotRecording {
  const recorder = recorderOf(source)
  const { entries } = recorder
  recordMachine(recorder)
  // What sysctl printed stands for the settings in folders that were put together by hand.
  if (!source.isThisMachine) recorder.file('sysctl')
  const netns = source.meta.netns ?? entries.links.get('self/ns/net')
  recordNamespace(recorder, 'net')
  recordInterfaces(recorder)
  const otherNamespaces = recordOtherNamespaces(recorder, netns, options.libc)
  const unixInodes = unixInodesOf(entries)
  // Listed anew: a process that started meanwhile may own a socket in the tables.
  const pids = pidsOf(recorder)
  let vanished = 0
  const mountNamespaces = new Set([linkOf(source, 'self/ns/mnt')])
  for (const [done, pid] of pids.entries()) {
    options.onProcess?.(done, pids.length)
    if (!recordProcess(recorder, pid, unixInodes)) vanished += 1
    recordMounts(recorder, pid, mountNamespaces)
  }
  options.onProcess?.(pids.length, pids.length)
  const meta = { ...source.meta, netns, users: source.meta.users ?? usersOf(entries, options.users) }
  return { meta, entries, processes: pids.length - vanished, vanished, otherNamespaces }
}

function pidsOf(recorder: Recorder): string[] {
  const names = recorder.list('')
  return processNames({ list: () => names })
}

function recordMachine(recorder: Recorder): void {
  for (const path of ['uptime', 'version', 'self/status', ...SYSCTL_FILES]) recorder.file(path)
  for (const path of READER_LINKS) recorder.link(path)
  recordLines(recorder, 'stat', line => line.startsWith('btime '))
  // The one mount that matters says what was hidden from the reader (hidepid, subset).
  recordLines(recorder, 'self/mountinfo', line => / \/proc .* - proc /.test(line) || isNamespaceMount(line))
}

const isNamespaceMount = (line: string) => line.includes(' net:[')

/** The network namespaces that are mounted in the mount namespace of a process, once for each that has some. */
function recordMounts(recorder: Recorder, pid: string, seen: Set<string | undefined>): void {
  const { source, entries } = recorder
  const path = `${pid}/ns/mnt`
  const name = linkOf(source, path)
  if (name === undefined || seen.has(name)) return
  seen.add(name)
  recordLines(recorder, `${pid}/mountinfo`, isNamespaceMount)
  if (entries.files.has(`${pid}/mountinfo`)) entries.links.set(path, name)
}

/** Keeps the lines that are needed of a file that holds much more. */
function recordLines({ source, entries, attempt }: Recorder, path: string, wanted: (line: string) => boolean): void {
  const text = attempt(path, () => source.readFile(path))?.toString('latin1')
  const lines = text?.split('\n').filter(wanted)
  if (lines?.length) entries.files.set(path, Buffer.from(`${lines.join('\n')}\n`, 'latin1'))
}

/** `inside` reads the same namespace as `net`. */
function recordNamespace({ source, entries, attempt }: Recorder, folder: string, inside?: ProcSource): boolean {
  let found = false
  for (const name of NAMESPACE_FILES) {
    const path = `${folder}/${name}`
    const bytes = attempt(path, () => readWholeTable(inside ?? source, inside ? 'net' : folder, name))
    if (bytes === undefined) continue
    entries.files.set(path, bytes)
    found = true
  }
  // What the kernel itself answers about the same sockets, right behind its tables.
  const at = inside ? 'net' : folder
  for (const [path, bytes] of recordedDumps(inside ?? source, at))
    entries.files.set(folder.slice(0, folder.length - at.length) + path, bytes)
  return found
}

/** Settings of interfaces, which stand in /sys: those of the reader's namespace, and only where /sys shows that one. */
function recordInterfaces(recorder: Recorder): void {
  for (const name of readInterfaceSettings(recorder.source)?.keys() ?? [])
    for (const file of INTERFACE_FILES) recorder.file(`${INTERFACE_FOLDER}/${name}/${file}`)
}

/**
 * Records the tables of every namespace but the reader's own, each once, through the first process that shows it; then
 * those that no process shows.
 */
function recordOtherNamespaces(recorder: Recorder, own: string | undefined, libc: Libc | undefined): string[] {
  const { source, entries } = recorder
  const seen = new Set<string | undefined>([own])
  const folders: string[] = []
  const visit = (folder: string, namespace: string | undefined) => {
    if (namespace === undefined || seen.has(namespace)) return
    if (!recordNamespace(recorder, `${folder}/net`)) return
    entries.links.set(`${folder}/ns/net`, namespace)
    seen.add(namespace)
    folders.push(folder)
  }
  for (const pid of pidsOf(recorder)) {
    const namespace = linkOf(source, `${pid}/ns/net`)
    visit(pid, namespace)
    // What is refused for a process is refused for its threads.
    if (namespace === undefined) continue
    for (const tid of recorder.list(`${pid}/task`)) {
      if (tid === pid) continue
      const path = `${pid}/task/${tid}/ns/net`
      const ofThread = linkOf(source, path)
      if (ofThread === undefined || ofThread === namespace) continue
      entries.links.set(path, ofThread)
      visit(`${pid}/task/${tid}`, ofThread)
    }
  }
  for (const { folder, inside } of findHeldNamespaces(source, entries, seen, libc))
    if (recordNamespace(recorder, `${folder}/net`, inside)) folders.push(folder)
  return folders
}

/** The names of users that own a process or a socket. */
function usersOf({ files }: RecordedEntries, names: ReadonlyMap<number, string> | undefined) {
  if (names === undefined) return undefined
  const ids = new Set<number>()
  for (const [path, bytes] of files) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const table = INET_TABLES.find(table => path.endsWith(`net/${table}`))
    if (name === 'status') for (const uid of parsePidStatus(bytes).uids ?? []) ids.add(uid)
    else if (table !== undefined) for (const row of parseInetTable(bytes, table, true).rows) ids.add(row.uid)
  }
  return Object.fromEntries([...ids].flatMap(id => (names.has(id) ? [[id, names.get(id)!]] : [])))
}

/** A link that is only looked at: whether it may be read is recorded where the process itself is. */
function linkOf(source: ProcSource, path: string): string | undefined {
  return optional(() => source.readLink(path))
}
