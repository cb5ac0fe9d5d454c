import type { Owner } from '../../src/processes/owner.ts'
import type { InetRow, Socket } from '../../src/sockets/model.ts'

/** A process that holds a socket by descriptor 3. */
export const owner = (pid: number, program = 'server', startTicks = pid * 100): Owner => ({
  process: { pid, args: [program], comm: program, startTicks },
  heldBy: 'fd',
  fds: [3],
})

/** A TCP socket; connected, without a pointer and without a cookie unless told otherwise. */
export function tcpSocket(
  row: Partial<InetRow> = {},
  { cookie, ...rest }: Partial<Omit<Socket, 'row'>> & { cookie?: string } = {},
): Socket {
  return {
    row: {
      table: 'tcp',
      slot: 0,
      localAddress: '127.0.0.1',
      localPort: 8080,
      remoteAddress: '127.0.0.1',
      remotePort: 40_000,
      state: 1,
      txQueueBytes: 0,
      rxQueueBytes: 0,
      timer: 0,
      timerTicks: 0,
      retransmits: 0,
      uid: 0,
      probes: 0,
      inode: '1000',
      refs: undefined,
      pointer: undefined,
      drops: undefined,
      ...row,
    },
    owners: undefined,
    ...(cookie !== undefined && { kernel: { cookie } }),
    ...rest,
  }
}

/** One that waits on a port of every address. */
export const tcpListener = (row: Partial<InetRow> = {}, rest: Parameters<typeof tcpSocket>[1] = {}): Socket =>
  tcpSocket({ localAddress: '0.0.0.0', remoteAddress: '0.0.0.0', remotePort: 0, state: 10, ...row }, rest)
