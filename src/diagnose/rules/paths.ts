import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { groupBy } from '../../group-by.ts'
import type { Finding, Named, Rule } from '../model.ts'
import type { ObservedNamespace, TcpLook } from '../observation.ts'
import { accuse, endText, over, type Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'
import { unique } from './tcp.ts'

const TRACED = 'tracepoint sock:inet_sock_set_state'

function refused(scene: Scene): Finding[] {
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
        measures: [over('refused', `connections refused by ${endText(address, port)}`, count, TRACED)],
        do: [`start what should listen on port ${port}, or correct the address`],
        not: ['more retries: a refusal is an answer, it comes at once every time'],
        more: `mynetstat -ntlp :${port}`,
        reach: count,
      }),
    ]
  })
}

/** Refused by a unix socket whose server is gone; short-lived programs of one name count together. */
function refusedUnix(scene: Scene): Finding[] {
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
          measures: [over('refused', `connections refused by ${address}`, count, 'tracepoint raw_syscalls:sys_exit')],
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
function refusedDatagrams(scene: Scene): Finding[] {
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
          measures: [over('refused', `refused by ${place}`, group.count, 'tracepoint raw_syscalls:sys_exit')],
          do: [`start what should receive on port ${socket.remotePort}, or correct the address`],
          more: `mynetstat -anup :${socket.remotePort}`,
          reach: group.count,
        }),
      ]
    })
}

/** Connections that were tried so often without an answer, by one program to one place, before it gave up. */
const GIVEN_UP = 3

function timeouts(scene: Scene): Finding[] {
  const waiting = scene.seen.namespaces.flatMap(namespace =>
    scene
      .look(namespace)
      .tcp.filter(({ state, retransmits }) => state === TCP_STATE.synSent && retransmits > 0)
      .flatMap(row =>
        scene
          .owners(row.inode)
          .filter(({ pid }) => !scene.isObserver(pid))
          .map(owner => ({
            pid: owner.pid,
            comm: owner.comm,
            address: row.remote,
            port: row.remotePort,
            netns: namespace.netns,
            count: 1,
            how: 'now',
            started: undefined,
          })),
      ),
  )
  const ended = (scene.seen.trace?.connects ?? [])
    .filter(({ error, pid }) => error !== 'ECONNREFUSED' && error !== 'ECONNRESET' && !scene.isObserver(pid))
    .map(connect => ({ ...connect, how: connect.error ?? 'given up', started: connect }))
  const groups = groupBy(
    [...waiting, ...ended],
    ({ comm, address, port, netns }) => `${comm}\n${address} ${port} ${netns}`,
  )
  return [...groups.values()].flatMap(tries => {
    const now = tries.filter(({ how }) => how === 'now')
    const past = tries.filter(({ how }) => how !== 'now').reduce((sum, { count }) => sum + count, 0)
    if (now.length === 0 && past < GIVEN_UP) return []
    const { address, port, comm, netns } = tries[0]!
    const listener = listenerAt(scene, address, port, netns)
    const place = endText(address, port)
    return [
      accuse('connect-timeout', 'critical', `gets no answer when it connects to ${place}`, {
        culprits: unique(tries.flatMap(one => scene.startedBy(one.pid, comm, one.started))),
        victims: listener,
        measures: [
          { what: 'connections whose first segment was sent again', value: now.length, source: 'net/tcp' },
          ...(past > 0 ? [{ what: 'given up or failed meanwhile', value: past, source: TRACED }] : []),
        ],
        do: ['look whether a firewall drops it on the way, and whether the host is up'],
        not: ['tcp_syn_retries, longer timeouts: nobody answers'],
        more: `linsight bpf run tcplife`,
        reach: now.length + past,
      }),
    ]
  })
}

/** Who listens at an address of this machine; nobody where it is one of another. */
function listenerAt(scene: Scene, address: string, port: number, netns: string): Named[] {
  const isLoopback = address.startsWith('127.') || address === '::1'
  return scene.seen.namespaces
    .filter(namespace => !isLoopback || namespace.netns === netns)
    .flatMap(namespace => scene.look(namespace).tcp)
    .filter(({ state, localPort, local }) => state === TCP_STATE.listen && localPort === port && covers(local, address))
    .flatMap(({ inode }) => scene.owners(inode).map(({ pid }) => scene.named(pid)))
}

const covers = (bound: string, address: string) => bound === address || bound === '0.0.0.0' || bound === '::'

function retransmits(scene: Scene): Finding[] {
  return scene.seen.namespaces.flatMap(namespace => {
    const all = scene.rise(namespace, 'RetransSegs')
    const sent = scene.rise(namespace, 'OutSegs')
    if (all === undefined || sent === undefined) return []
    const again = all - (scene.rise(namespace, 'TCPSynRetrans') ?? 0)
    if (again < THRESHOLDS.retransmits.value || again <= sent * THRESHOLDS.retransmitShare.value) return []
    const senders = sendersAgain(scene, namespace)
    const [most] = senders
    if (most === undefined) return []
    return [
      accuse(
        'retransmits',
        'warning',
        `sends segments to ${endText(most.remote, most.remotePort)} again and again: they get lost`,
        {
          culprits: unique(senders.flatMap(({ named }) => named)),
          measures: [
            over('retransmits', 'segments sent again', again, 'RetransSegs of net/snmp, without those of connecting'),
            over('retransmitShare', 'of all that were sent', again / Math.max(1, sent), 'OutSegs of net/snmp'),
          ],
          do: [`look at the path to ${most.remote}: interface errors, a firewall that drops, a full link`],
          not: ['the program: it cannot see losses, and does not make them'],
          more: 'linsight bpf run tcpretrans',
          reach: again,
        },
      ),
    ]
  })
}

interface Sender {
  named: Named[]
  remote: string
  remotePort: number
  count: number
}

/** Whose sockets retransmitted: by the tracer's ports, else by what the table shows as not acknowledged. */
function sendersAgain(scene: Scene, namespace: ObservedNamespace): Sender[] {
  const rows = [...(namespace.b?.tcp ?? []), ...namespace.a.tcp].filter(({ inode }) => inode !== '0')
  const traced = (scene.seen.trace?.retransmits ?? []).filter(({ state }) => state !== TCP_STATE.synSent)
  const of = (row: TcpLook, count: number): Sender => ({
    named: scene
      .owners(row.inode)
      .filter(({ pid }) => !scene.isObserver(pid))
      .map(({ pid }) => scene.named(pid)),
    remote: row.remote,
    remotePort: row.remotePort,
    count,
  })
  const byPorts = traced.flatMap(({ localPort, remotePort, count }) => {
    const row =
      rows.find(one => one.localPort === localPort && one.remotePort === remotePort) ??
      rows.find(one => one.state !== TCP_STATE.listen && one.remotePort === remotePort) ??
      rows.find(one => one.localPort === localPort)
    return row === undefined ? [] : [of(row, count)]
  })
  const byTable = rows
    .filter(({ retransmits: times, state }) => times > 0 && state !== TCP_STATE.synSent)
    .map(row => of(row, row.retransmits))
  return (byPorts.length > 0 ? byPorts : byTable)
    .filter(({ named }) => named.length > 0)
    .sort((a, b) => b.count - a.count)
}

/** Sockets to one destination from which on a missing local port is believed: without an address it fails the same way. */
const MANY_TO_ONE = 50

function portsExhausted(scene: Scene): Finding[] {
  const findings = scene.failed(['connect'], ['EADDRNOTAVAIL']).flatMap(group => {
    const example = group.examples.find(({ address }) => address?.port)
    if (example?.address === undefined) return []
    const { address, port = 0 } = example.address
    const namespace = scene.seen.namespaces.find(({ netns }) => netns === example.netns)
    const [, sockets = 0, timeWait = 0] =
      (namespace && scene.look(namespace).destinations.find(([destination]) => destination === `${address} ${port}`)) ??
      []
    if (sockets < MANY_TO_ONE) return []
    return [
      accuse(
        'local-ports-exhausted',
        'critical',
        `has no free local port left to connect to ${endText(address, port)}`,
        {
          culprits: scene.failing(group),
          measures: [
            {
              what: 'connect failed with EADDRNOTAVAIL',
              value: group.count,
              unit: 'times',
              source: 'tracepoint raw_syscalls:sys_exit',
            },
            {
              what: `sockets to this destination`,
              value: `${sockets}, ${timeWait} of them in TIME_WAIT`,
              source: 'net/tcp',
            },
          ],
          do:
            timeWait * 2 > sockets
              ? ['keep connections open (a pool): each one that is closed here keeps its port for a minute']
              : ['close connections that are not needed, or widen net.ipv4.ip_local_port_range'],
          not: ['tcp_fin_timeout: the time of TIME_WAIT is fixed'],
          more: 'tw-stats',
          reach: group.count,
        },
      ),
    ]
  })
  const bound = scene.failed(['bind'], ['EADDRINUSE']).flatMap(group => {
    if (!group.examples.some(({ address }) => address?.port === 0)) return []
    return [
      accuse('local-ports-exhausted', 'critical', 'gets no local port when it binds before it connects', {
        culprits: scene.failing(group),
        measures: [
          {
            what: 'bind to port 0 failed with EADDRINUSE',
            value: group.count,
            unit: 'times',
            source: 'tracepoint raw_syscalls:sys_exit',
          },
        ],
        do: ['IP_BIND_ADDRESS_NO_PORT before bind: the port is then chosen at connect, for each destination anew'],
        not: ['SO_REUSEADDR: it does not help where the port is chosen at bind'],
        more: 'tw-stats',
        reach: group.count,
      }),
    ]
  })
  return [...findings, ...bound]
}

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
