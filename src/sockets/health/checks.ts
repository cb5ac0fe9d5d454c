/** Every code of a finding, with what it means. docs/mynetstat.md and docs/causes.md are made from this table. Codes are public. */
export const HEALTH_CHECKS = {
  'accept-queue-full': 'more connections wait for accept() than the listener takes: clients are turned away',
  'accept-queue-not-served': 'connections wait for accept(), and nobody called it between two looks',
  'reuseport-member-stuck': 'one of several sockets on a port does not accept, the others do',
  'syn-backlog': 'half-open connections pile up at a listener, or its queue of them is full',
  'listener-shadowed': 'a listener on one address takes the connections of a program that listens on all',
  'deleted-executable': 'a process still runs a program whose file was replaced',
  'connect-timeout': 'a client gets no answer while it connects',
  'reader-stuck': 'a program does not read what has arrived',
  'peer-zero-window': 'the other side does not read, so nothing can be sent',
  'close-wait-leak': 'a program does not close connections that the other side has closed',
  'fin-wait2-pile': 'a program waits for the other side to close',
  retransmits: 'segments are lost, or a peer does not answer',
  'udp-receive-drops': 'datagrams are dropped because the program does not read them fast enough',
  'tcp-orphans': 'connections that no process holds come near their limit on this machine',
  'tcp-memory': 'TCP uses so much memory on this machine that the kernel saves it',
} as const satisfies Record<string, string>

export type HealthCode = keyof typeof HEALTH_CHECKS
