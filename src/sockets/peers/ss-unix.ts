/**
 * Peers of unix sockets as `ss -Hxa` prints them: inode → inode of the other end, `'0'` where there is none. Lines
 * `u_str ESTAB 0      0      /run/x.sock 35931484 * 35931485`. A name may hold blanks, digits and newlines, and so be made
 * to look like other sockets: of a stream a line counts only where exactly one line of the other end says the same, and of
 * datagrams, which have one direction, one without blanks in its names that no other line contradicts.
 *
 * Source: iproute2 misc/ss.c, unix_stats_print.
 */
export function parseSsUnix(text: string, inodes: ReadonlySet<string>): Map<string, string> {
  const told = new Map<string, Set<string>>()
  const plain = new Map<string, string | undefined>()
  for (const line of text.split('\n')) {
    const match = LINE.exec(line)
    if (match === null) continue
    const [, kind = '', rest = '', peer = ''] = match
    const words = rest.split(/ +/)
    for (const word of words) if (inodes.has(word)) told.set(word, (told.get(word) ?? new Set<string>()).add(peer))
    // Name, inode and the star of the other end, where neither name has a blank in it.
    const [, inode = '', star] = words
    if (words.length === 3 && star === '*' && inodes.has(inode) && (kind === 'dgr' || peer === '0'))
      plain.set(inode, plain.has(inode) && plain.get(inode) !== peer ? undefined : peer)
  }
  const mutual = new Map<string, string>()
  for (const [inode, candidates] of told) {
    const same = [...candidates].filter(peer => told.get(peer)?.has(inode))
    if (same.length === 1) mutual.set(inode, same[0]!)
  }
  const peers = new Map<string, string>()
  for (const [inode, peer] of plain) if (peer !== undefined) peers.set(inode, peer)
  for (const [inode, peer] of mutual) if (mutual.get(peer) === inode) peers.set(inode, peer)
  return peers
}

/** Kind, state, two queues; what stands between; the inode of the other end. */
const LINE = /^u_(\S+) +\S+ +\d+ +\d+ +(.*) (\d+) *$/
