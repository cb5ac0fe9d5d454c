import type { Owner } from '../../src/processes/owner.ts'
import type { ProcessFacts } from '../../src/processes/process-facts.ts'
import type { FilterContext } from '../../src/sockets/filter/answers.ts'
import type { InetRow, Socket } from '../../src/sockets/model.ts'

/** What a filter asks of a machine where nothing is special. */
export function filterContext(facts: Partial<FilterContext> = {}): FilterContext {
  return {
    onlyUnix: false,
    hosts: new Map(),
    cgroupIds: new Map(),
    interfaceIndex: () => undefined,
    unixPath: () => undefined,
    user: uid => ({ 0: 'root', 33: 'www-data' })[uid],
    userHz: 100,
    netns: ['net:[4026531840]'],
    ephemeralPorts: { low: 32_768, high: 60_999 },
    ...facts,
  }
}

/** An established connection. */
export function inetSocket(row: Partial<InetRow>, socket: Partial<Socket> = {}): Socket {
  return {
    row: {
      table: 'tcp',
      slot: 0,
      localAddress: '10.0.0.1',
      localPort: 8080,
      remoteAddress: '10.0.0.2',
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
      refs: 1,
      pointer: '1',
      drops: undefined,
      ...row,
    },
    owners: undefined,
    ...socket,
  }
}

export const processOwner = (process: ProcessFacts): Owner => ({ process, heldBy: 'fd', fds: [3] })
