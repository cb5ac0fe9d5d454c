import { withoutAddresses } from '../processes/pid-stat.ts'
import type { ProcSource } from '../proc/proc-source.ts'
import type { RecordedEntries } from '../proc/recorded-proc.ts'
import { PROCESS_FILES, PROCESS_LINKS } from '../proc/recorded-paths.ts'
import { parseUnixTable } from '../sockets/index.ts'
import type { Recorder } from './recorder.ts'

/** Records the facts of a process and its descriptors. False where it has ended. */
export function recordProcess(recorder: Recorder, pid: string, unixInodes: ReadonlySet<string>): boolean {
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

/** `socket:[500291]` of every unix socket in any namespace. */
export function unixInodesOf({ files }: RecordedEntries): Set<string> {
  const links = new Set<string>()
  for (const [path, bytes] of files) {
    if (!path.endsWith('net/unix')) continue
    for (const row of parseUnixTable(bytes).rows) links.add(`socket:[${row.inode}]`)
  }
  return links
}
