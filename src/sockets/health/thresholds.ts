/** Every limit from which on a rule speaks, with the reason for it. docs/mynetstat.md is made from this table. */
export const THRESHOLDS = {
  unservedSeconds: {
    value: 1,
    of: 'seconds between two looks in which no waiting connection was accepted',
    reason: 'a healthy server takes a connection within milliseconds',
  },
  synBacklogRows: {
    value: 64,
    of: 'connections in SYN_RECV at one listener',
    reason: 'a server with 400 new connections a second shows one at most',
  },
  closeWaitSockets: {
    value: 50,
    of: 'sockets of one program in CLOSE_WAIT in both looks',
    reason: 'a normal close takes milliseconds',
  },
  closeWaitSocketsOnce: {
    value: 200,
    of: 'the same where there is one look only',
    reason: 'one look at a busy table shows some that are just being closed',
  },
  finWait2Sockets: {
    value: 100,
    of: 'sockets of one program in FIN_WAIT2 in both looks',
    reason: 'the other side of a normal close answers within milliseconds; what no process holds ends by itself',
  },
  unreadBytes: {
    value: 32 * 1024,
    of: 'bytes that are not read, the same number in both looks',
    reason: 'a live flow changes within milliseconds; less is often the rest of a protocol that pauses',
  },
  udpDropsPerSecond: {
    value: 10,
    of: 'datagrams dropped a second at one socket',
    reason: 'single drops are bursts that UDP is made for',
  },
  retransmittedShare: {
    value: 0.02,
    of: 'sent segments that were sent again',
    reason: 'a share below is usual on long ways',
  },
  retransmittedSegments: {
    value: 10,
    of: 'segments sent again between two looks',
    reason: 'a share of few segments says nothing',
  },
  retransmitBackoff: {
    value: 3,
    of: 'times that one segment was sent again without an answer',
    reason: 'three times is more than a second of silence on any way',
  },
  orphanShare: {
    value: 0.5,
    of: 'tcp_max_orphans that are in use',
    reason: 'from half on the kernel resets those whose peer is silent; from all on every one',
  },
} as const satisfies Record<string, { value: number; of: string; reason: string }>

export type ThresholdName = keyof typeof THRESHOLDS
