/** `lrwx------ 1 0 0 64 Nov 21 21:55 3 -> socket:[99]`, as `ls -ln` prints a link; busybox pads. */
const LINK = /^l\S{9}\S?\s+\d+\s+\d+\s+\d+\s+\d+\s+\S+\s+\S+\s+\S+\s(\S+) -> (.*)$/

/** Links that `ls -lnd` lists by their paths: path → target. Other lines count for nothing. */
export function parseLinks(text: string): Map<string, string> {
  const links = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, path, target] = LINK.exec(line) ?? []
    if (path !== undefined) links.set(path, target!)
  }
  return links
}

/** The same of a link that could not be read: its process may not be looked into, or it was closed meanwhile. */
const UNREAD = /^l\S{9}\S?\s.*\s\d+$/

/** The descriptors of a process, or why they are not known, as an errno name. */
export type Descriptors = Map<string, string> | 'EACCES' | 'EBADMSG'

/**
 * Folders of descriptors as `ls -ln` lists several: pid → descriptor → target. EBADMSG is a folder with a line that is no
 * descriptor, or one that stands twice: the name of a file may have forged it where ls prints line feeds.
 */
export function parseDescriptors(text: string): Map<string, Descriptors> {
  const folders = new Map<string, Descriptors>()
  const unread = new Set<string>()
  let pid: string | undefined
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('total ')) continue
    const heading = /^(\S*\/)?(fd|fdinfo):$/.exec(line)
    if (heading !== null) {
      pid = heading[2] === 'fd' ? /^(\d+)\/$/.exec(heading[1] ?? '')?.[1] : undefined
      if (pid !== undefined) folders.set(pid, folders.has(pid) ? 'EBADMSG' : new Map())
      continue
    }
    const folder = pid === undefined ? undefined : folders.get(pid)
    if (pid === undefined || !(folder instanceof Map)) continue
    const [, fd, target] = LINK.exec(line) ?? []
    if (fd !== undefined && /^\d+$/.test(fd) && !folder.has(fd)) folder.set(fd, target!)
    else if (fd === undefined && UNREAD.test(line)) unread.add(pid)
    else folders.set(pid, 'EBADMSG')
  }
  // Links are refused all or none.
  for (const one of unread) if ((folders.get(one) as Map<string, string>).size === 0) folders.set(one, 'EACCES')
  return folders
}
