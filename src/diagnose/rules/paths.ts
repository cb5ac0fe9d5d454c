import type { Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { portsExhausted } from './paths/local-ports.ts'
import { refused, refusedDatagrams, refusedUnix } from './paths/refused.ts'
import { retransmits } from './paths/retransmits.ts'
import { timeouts } from './paths/unanswered.ts'

export const PATH_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'connection-refused',
    family: 'tcp',
    looks: 2,
    needs: ['trace'],
    thresholds: ['refused'],
    why: 'Connections ended with ECONNREFUSED while connecting. They are counted where the kernel closes the socket, so those of non-blocking programs count too.',
    find: scene => [...refused(scene), ...refusedUnix(scene), ...refusedDatagrams(scene)],
  },
  {
    cause: 'connect-timeout',
    family: 'tcp',
    looks: 1,
    needs: [],
    thresholds: [],
    why: 'A socket in SYN_SENT has sent its first segment again: nobody answered for a second. With the tracer also connections that were given up or ended with ETIMEDOUT or EHOSTUNREACH, from 3 on.',
    find: timeouts,
  },
  {
    cause: 'retransmits',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: ['retransmits', 'retransmitShare'],
    why: 'Segments were sent again, those of connecting left out, both many and a share of all. The sender is found by the ports of the socket, never by the process that ran when the kernel noticed.',
    find: retransmits,
  },
  {
    cause: 'local-ports-exhausted',
    family: 'tcp',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'connect() failed with EADDRNOTAVAIL while 50 and more sockets go to the same destination (a missing address fails in the same way), or bind() to port 0 failed with EADDRINUSE.',
    find: portsExhausted,
  },
]
