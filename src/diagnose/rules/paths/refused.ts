import { groupBy } from '../../../group-by.ts'
import { STATE_CHANGES, SYSCALL_EXITS, accuse, endText, over, unique } from '../../accuse.ts'
import type { Finding } from '../../model.ts'
import type { Scene } from '../../scene.ts'
import { THRESHOLDS } from '../../thresholds.ts'

export function refused(scene: Scene): Finding[] {
  const failing = (scene.seen.trace?.connects ?? []).filter(
    ({ error, pid }) => error === 'ECONNREFUSED' && !scene.isObserver(pid),
  )
  // Programs that are started for every try have many pids and one name.
  const groups = groupBy(failing, ({ comm, address, port, netns }) => `${comm}\n${address} ${port} ${netns}`)
  return [...groups.values()].flatMap(connects => {
    const count = connects.reduce((sum, connect) => sum + connect.count, 0)
    if (count < THRESHOLDS.refused.value) return []
    const { address, port, comm } = connects[0]!
    return [
      accuse('connection-refused', 'critical', `connects to ${endText(address, port)}, where nobody listens`, {
        culprits: unique(connects.flatMap(connect => scene.startedBy(connect.pid, comm, connect))),
        measures: [over('refused', `connections refused by ${endText(address, port)}`, count, STATE_CHANGES)],
        do: [`start what should listen on port ${port}, or correct the address`],
        not: ['more retries: a refusal is an answer, it comes at once every time'],
        more: `mynetstat -ntlp :${port}`,
        reach: count,
      }),
    ]
  })
}

/** Refused by a unix socket whose server is gone; short-lived programs of one name count together. */
export function refusedUnix(scene: Scene): Finding[] {
  const failing = scene
    .failed(['connect'], ['ECONNREFUSED'])
    .filter(({ examples }) => examples[0]?.address?.family === 'unix')
  return [...groupBy(failing, ({ comm, examples }) => `${comm}\n${examples[0]!.address!.address}`).values()].flatMap(
    groups => {
      const count = groups.reduce((sum, group) => sum + group.count, 0)
      if (count < THRESHOLDS.refused.value) return []
      const { address } = groups[0]!.examples[0]!.address!
      return [
        accuse('connection-refused', 'critical', `connects to the unix socket ${address}, where nobody listens`, {
          culprits: unique(groups.flatMap(group => scene.failing(group))),
          measures: [over('refused', `connections refused by ${address}`, count, SYSCALL_EXITS)],
          do: ['start its server: the file of a socket outlives the process that made it'],
          more: 'mynetstat -xlp',
          reach: count,
        }),
      ]
    },
  )
}

const DATAGRAM_CALLS = ['sendto', 'sendmsg', 'sendmmsg', 'recvfrom', 'recvmsg', 'recvmmsg', 'write', 'read']

/** The answer to a datagram was that nobody has the port: the next call of the socket says so. */
export function refusedDatagrams(scene: Scene): Finding[] {
  return scene
    .failed(DATAGRAM_CALLS, ['ECONNREFUSED'])
    .filter(({ count }) => count >= THRESHOLDS.refused.value)
    .flatMap(group => {
      const socket = scene.seen.namespaces
        .flatMap(namespace => scene.look(namespace).udp)
        .find(({ inode }) =>
          scene.seen.socketOwners[inode]?.some(
            ({ pid, fd }) => pid === group.pid && group.examples.some(example => example.fd === fd),
          ),
        )
      if (socket === undefined || socket.remotePort === 0) return []
      const place = endText(socket.remote, socket.remotePort)
      return [
        accuse('connection-refused', 'critical', `sends datagrams to ${place}, where nobody receives`, {
          culprits: scene.failing(group),
          measures: [over('refused', `refused by ${place}`, group.count, SYSCALL_EXITS)],
          do: [`start what should receive on port ${socket.remotePort}, or correct the address`],
          more: `mynetstat -anup :${socket.remotePort}`,
          reach: group.count,
        }),
      ]
    })
}

/**
 * Name servers that are asked where nobody receives. A resolver hears of it by poll, so no call fails: what tells are the
 * questions, the ICMP messages that came for them, and that no answer did. (Of IPv4, where the kernel counts both here.)
 */
export function refusedQuestions(scene: Scene): Finding[] {
  const { questions = [], answers = [] } = scene.seen.trace ?? {}
  const answered = new Set(answers.map(({ pid }) => pid))
  const asked = questions.filter(({ pid, server }) => !scene.isObserver(pid) && !server.includes(':'))
  const groups = groupBy(asked, ({ comm, server, netns }) => `${comm}\n${server} ${netns}`)
  return [...groups.values()].flatMap(group => {
    const { comm, server, netns } = group[0]!
    const count = group.reduce((sum, question) => sum + question.count, 0)
    if (count < THRESHOLDS.refused.value || group.some(({ pid }) => answered.has(pid))) return []
    const namespace = scene.seen.namespaces.find(one => one.netns === netns)
    const unreachable = namespace && scene.rise(namespace, 'InDestUnreachs')
    if (namespace === undefined || unreachable === undefined || unreachable < count) return []
    if (scene.look(namespace).udp.some(({ localPort, local }) => localPort === 53 && covers(local, server))) return []
    return [
      accuse('connection-refused', 'critical', `asks the name server ${server}, where nobody receives`, {
        culprits: unique(group.flatMap(question => scene.startedBy(question.pid, comm, question))),
        measures: [
          over('refused', `questions to ${server}, none of them answered`, count, SYSCALL_EXITS),
          { what: 'ICMP destination unreachable', value: unreachable, source: 'net/snmp' },
        ],
        do: ['start the name server, or correct /etc/resolv.conf'],
        more: 'linsight bpf run gethostlatency',
        reach: count,
      }),
    ]
  })
}

const covers = (local: string, address: string) => local === address || local === '0.0.0.0' || local === '::'
