import type { Threshold } from '../../statement.ts'

/** Every limit from which on a rule speaks, with the reason for it. docs/mynetstat.md and docs/causes.md are made from this table. */
export const THRESHOLDS = {
  unservedSeconds: {
    value: 1,
    unit: 'seconds between two looks in which no waiting connection was accepted',
    reason: 'a healthy server takes a connection within milliseconds',
  },
  overflows: {
    value: 20,
    unit: 'connections turned away between two looks by a server that accepts',
    reason: 'a burst that the queue does not hold is over at once; who never keeps up turns clients away all the time',
  },
  synBacklogRows: {
    value: 64,
    unit: 'connections in SYN_RECV at one listener',
    reason: 'a server with 400 new connections a second shows one at most',
  },
  unansweredConnects: {
    value: 3,
    unit: 'connections without an answer that one program gave up between two looks',
    reason: 'one or two are what happy eyeballs and a restart leave behind',
  },
  closeWaitSockets: {
    value: 50,
    unit: 'sockets of one program in CLOSE_WAIT in both looks',
    reason: 'a normal close takes milliseconds',
  },
  closeWaitSocketsOnce: {
    value: 200,
    unit: 'the same where there is one look only',
    reason: 'one look at a busy table shows some that are just being closed',
  },
  finWait2Sockets: {
    value: 100,
    unit: 'sockets of one program in FIN_WAIT2 in both looks',
    reason: 'the other side of a normal close answers within milliseconds; what no process holds ends by itself',
  },
  unreadBytes: {
    value: 32 * 1024,
    unit: 'bytes that are not read, the same number in both looks',
    reason: 'a live flow changes within milliseconds; less is often the rest of a protocol that pauses',
  },
  windowProbes: {
    value: 2,
    unit: 'probes of a closed window one after the other, where the kernel tells',
    reason: 'a reader that is only slow makes room in between; with each probe the time to the next one doubles',
  },
  udpDropsPerSecond: {
    value: 10,
    unit: 'datagrams dropped a second at one socket',
    reason: 'single drops are bursts that UDP is made for',
  },
  retransmittedShare: {
    value: 0.01,
    unit: 'sent segments that were sent again',
    reason: 'a share below is usual on long ways',
  },
  retransmittedSegments: {
    value: 10,
    unit: 'segments sent again between two looks',
    reason: 'a share of few segments says nothing',
  },
  retransmitBackoff: {
    value: 3,
    unit: 'times that one segment was sent again without an answer',
    reason: 'three times is more than a second of silence on any way',
  },
  orphanShare: {
    value: 0.5,
    unit: 'tcp_max_orphans that are in use',
    reason: 'from half on the kernel resets those whose peer is silent; from all on every one',
  },
} as const satisfies Record<string, Threshold>

export type ThresholdName = keyof typeof THRESHOLDS
