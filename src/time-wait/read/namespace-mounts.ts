/**
 * Names that `ip netns` gave to network namespaces: `net:[4026533220]` → `blue`.
 *
 * Source: proc_pid_mountinfo(5), ip-netns(8). `90 28 0:4 net:[4026533220] /run/netns/blue rw shared:7 - nsfs nsfs rw`:
 * the fourth field is the namespace, the fifth where it is mounted, blanks in it as `\040`.
 */
export function parseNamespaceMounts(bytes: Buffer): Map<string, string> {
  const names = new Map<string, string>()
  for (const line of bytes.toString('latin1').split('\n')) {
    const [, , , root, place] = line.split(' ')
    const name = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(place ?? '')?.[1]
    if (name === undefined || !/^net:\[\d+\]$/.test(root ?? '')) continue
    names.set(
      root!,
      name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
  }
  return names
}
