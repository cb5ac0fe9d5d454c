import { errnoOf, optional } from '../errors.ts'
import { INTERFACE_FILES, INTERFACE_FOLDER, readInterfaceSettings } from '../network/index.ts'
import { processNames } from '../processes/socket-owners.ts'
import { withoutAddresses } from '../processes/pid-stat.ts'
import { parsePidStatus } from '../processes/pid-status.ts'
import { parseInetTable, parseUnixTable, readWholeTable, recordedDumps } from '../sockets/index.ts'
import { INET_TABLES } from '../sockets/model.ts'
import type { Libc } from '../libc/libc.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import { emptyEntries, type RecordedEntries } from '../proc/recorded-proc.ts'
import { NAMESPACE_FILES, PROCESS_FILES, PROCESS_LINKS, READER_LINKS, SYSCTL_FILES } from '../proc/recorded-paths.ts'
import type { SnapshotRecording } from './model.ts'
import { findHeldNamespaces } from './record-namespaces.ts'

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

type Recorder = ReturnType<typeof recorderOf>

/** Reads from the source and keeps what it read; undefined or empty where there is nothing. */
function recorderOf(source: ProcSource) {
  const entries = emptyEntries()
  const attempt = <T>(path: string, read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      const code = errnoOf(error)
      if (!ABSENT.has(code)) entries.errors.set(path, code)
      return undefined
    }
  }
  const keep = <T>(into: Map<string, T>, path: string, value: T | undefined): T | undefined => {
    if (value !== undefined) into.set(path, value)
    return value
  }
  return {
    source,
    entries,
    attempt,
    file: (path: string) =>
      keep(
        entries.files,
        path,
        attempt(path, () => source.readFile(path)),
      ),
    link: (path: string) =>
      keep(
        entries.links,
        path,
        attempt(path, () => source.readLink(path)),
      ),
    list: (path: string) => attempt(path, () => source.list(path)) ?? [],
  }
}

/** Not there, or no longer; EINVAL is the error of the net/ of a process that is ending. */
const ABSENT: ReadonlySet<string> = new Set(['ENOENT', 'ESRCH', 'ENOTDIR', 'EINVAL'])

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

/** False where the process has ended. */
function recordProcess(recorder: Recorder, pid: string, unixInodes: ReadonlySet<string>): boolean {
  const { source, entries } = recorder
  for (const name of PROCESS_FILES) recorder.file(`${pid}/${name}`)
  const stat = entries.files.get(`${pid}/stat`)
  if (stat !== undefined) entries.files.set(`${pid}/stat`, withoutAddresses(stat))
  const refused = entries.errors.has(`${pid}/stat`)
  if (source.mayChange && !entries.files.has(`${pid}/stat`) && !refused) return false
  for (const name of PROCESS_LINKS) recorder.link(`${pid}/${name}`)
  const descriptors = recordDescriptors(recorder, pid, unixInodes)
  for (const tid of recorder.list(`${pid}/task`)) {
    if (tid === pid || descriptors === undefined) continue
    const folder = `${pid}/task/${tid}`
    if (sharesDescriptors(source, `${folder}/fd`, descriptors)) continue
    recorder.file(`${folder}/comm`)
    recordDescriptors(recorder, folder, unixInodes)
  }
  return true
}

/** Records the links in `folder/fd`, and the fdinfo of what holds sockets without a descriptor of their own. */
function recordDescriptors(
  recorder: Recorder,
  folder: string,
  unixInodes: ReadonlySet<string>,
): Map<string, string> | undefined {
  const { source, entries, attempt } = recorder
  const path = `${folder}/fd`
  const fds = attempt(path, () => source.list(path))
  if (fds === undefined) return undefined
  // An empty folder is a fact too: the process could be looked into and holds nothing.
  if (fds.length === 0) entries.files.set(`${path}/`, Buffer.alloc(0))
  const links = new Map<string, string>()
  for (const fd of fds) {
    const at = `${path}/${fd}`
    const link = recorder.link(at)
    const refusal = entries.errors.get(at)
    if (refusal !== undefined) {
      // Links are refused all or none, so it is the folder that could not be read.
      entries.errors.delete(at)
      entries.errors.set(path, refusal)
      return undefined
    }
    if (link === undefined) continue
    links.set(fd, link)
    const info = `${folder}/fdinfo/${fd}`
    if (link === 'anon_inode:[io_uring]') recorder.file(info)
    else if (unixInodes.has(link)) {
      const text = attempt(info, () => source.readFile(info))
      if (text !== undefined && /^scm_fds:\s*[1-9]/m.test(text.toString('latin1'))) entries.files.set(info, text)
    }
  }
  return links
}

/** Whether a thread uses the descriptors of its process, as all do but those that called unshare(CLONE_FILES). */
function sharesDescriptors(source: ProcSource, path: string, leader: ReadonlyMap<string, string>): boolean {
  try {
    const fds = source.list(path)
    return fds.length === leader.size && fds.every(fd => leader.get(fd) === source.readLink(`${path}/${fd}`))
  } catch {
    // The thread ended, or a descriptor was closed meanwhile.
    return true
  }
}

/** A link that is only looked at: whether it may be read is recorded where the process itself is. */
function linkOf(source: ProcSource, path: string): string | undefined {
  return optional(() => source.readLink(path))
}

/** `socket:[500291]` of every unix socket in any namespace. */
function unixInodesOf({ files }: RecordedEntries): Set<string> {
  const links = new Set<string>()
  for (const [path, bytes] of files) {
    if (!path.endsWith('net/unix')) continue
    for (const row of parseUnixTable(bytes).rows) links.add(`socket:[${row.inode}]`)
  }
  return links
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
