import type { Rule } from '../model.ts'
import type { Scene } from '../scene.ts'
import { portsExhausted } from './paths/local-ports.ts'
import { refused, refusedDatagrams, refusedQuestions, refusedUnix } from './paths/refused.ts'

export const PATH_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'connection-refused',
    family: 'tcp',
    looks: 2,
    needs: ['trace'],
    thresholds: ['refused'],
    why: 'Connections ended with ECONNREFUSED while connecting. They are counted where the kernel closes the socket, so those of non-blocking programs count too. A name server where nobody receives is known by the ICMP messages that its questions bring.',
    find: scene => [...refused(scene), ...refusedUnix(scene), ...refusedDatagrams(scene), ...refusedQuestions(scene)],
  },
  {
    cause: 'local-ports-exhausted',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'connect() failed with EADDRNOTAVAIL while 50 and more sockets go to the same destination (a missing address fails in the same way), or bind() to port 0 failed with EADDRINUSE. Where many ports are taken, tw-stats is asked what holds them and when they run out: that tells it without a tracer too, and before it happens.',
    find: portsExhausted,
  },
]
