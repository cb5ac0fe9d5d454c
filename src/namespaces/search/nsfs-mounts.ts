/** A bind mount of a network namespace. */
export interface NamespaceMount {
  /** `net:[4026533220]` */
  name: string
  /** Where it is mounted, seen from the mount namespace; a byte string. */
  place: string
}

/**
 * Network namespaces that are mounted, from /proc/PID/mountinfo.
 *
 * Source: proc_pid_mountinfo(5). `90 28 0:4 net:[4026533220] /run/netns/blue rw shared:7 - nsfs nsfs rw`: the fourth
 * field is the namespace, the fifth where it is mounted, blanks in it as `\040`.
 */
export function parseNamespaceMounts(bytes: Buffer): NamespaceMount[] {
  const mounts: NamespaceMount[] = []
  // Most machines have none, and many mounts.
  if (!bytes.includes('net:[')) return mounts
  for (const line of bytes.toString('latin1').split('\n')) {
    const [, , , root, place] = line.split(' ')
    if (place === undefined || !/^net:\[\d+\]$/.test(root!)) continue
    mounts.push({ name: root!, place: unescapeMount(place) })
  }
  return mounts
}

/** The name by which ip-netns(8) knows what is mounted at `place`: `/run/netns/blue` → `blue`. */
export function netnsName(place: string): string | undefined {
  return /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(place)?.[1]
}

function unescapeMount(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
