import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { groupBy } from '../../group-by.ts'
import type { Finding, Rule } from '../model.ts'
import type { ObservedNamespace, TcpLook } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { accuse, endText, over } from '../accuse.ts'
import type { Persisting, Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

/** A listener in whose queue connections wait in both looks. */
interface Queue extends Persisting<TcpLook> {
  owners: ObservedProcess[]
  /** Undefined without a tracer. */
  accepted: number | undefined
  /** Of its namespace, in the time between the looks. */
  overflows: number
}

function queues(scene: Scene): Queue[] {
  return scene.lastingTcp
    .filter(({ a, b }) => b.state === TCP_STATE.listen && a.rxQueue > 0 && b.rxQueue > 0)
    .map(both => ({
      ...both,
      owners: scene.owners(both.b.inode).filter(({ pid }) => !scene.isObserver(pid)),
      accepted: scene.accepts(both.b.inode),
      overflows: scene.rise(both.namespace, 'ListenOverflows') ?? 0,
    }))
    .filter(({ owners }) => owners.length > 0)
}

/** Nobody takes from the queue; without a tracer that is what it looks like. */
function isNotServed({ accepted, a, b, owners }: Queue): boolean {
  if (accepted !== undefined) return accepted === 0
  return b.rxQueue >= a.rxQueue && owners.every(owner => (owner.b?.cpuTicks ?? 0) - (owner.a?.cpuTicks ?? 0) <= 1)
}

const isFull = ({ a, b, overflows }: Queue) =>
  b.limit === undefined ? overflows > 0 : a.rxQueue > (a.limit ?? Infinity) || b.rxQueue > b.limit

/** Turned away so often in the look while the server still accepts: it does not keep up. */
const MANY_OVERFLOWS = 20

/** The other listeners of the same address and port, each of another socket. */
function siblings(scene: Scene, { namespace, b }: Persisting<TcpLook>): TcpLook[] {
  return scene
    .look(namespace)
    .tcp.filter(
      ({ state, inode, local, localPort }) =>
        state === TCP_STATE.listen && inode !== b.inode && local === b.local && localPort === b.localPort,
    )
}

function isMember(scene: Scene, queue: Queue): boolean {
  const others = siblings(scene, queue)
  return others.some(({ rxQueue }) => rxQueue === 0) && isNotServed(queue)
}

function clientsOf(scene: Scene, { namespace, b }: Persisting<TcpLook>) {
  const { tcp } = scene.look(namespace)
  const pids = new Set(
    tcp
      .filter(({ remotePort, state }) => remotePort === b.localPort && state !== TCP_STATE.listen)
      .flatMap(({ inode }) => scene.owners(inode).map(({ pid }) => pid)),
  )
  return [...pids].map(pid => scene.named(pid))
}

function finding(
  scene: Scene,
  queue: Queue,
  cause: 'accept-queue-full' | 'accept-queue-not-served' | 'reuseport-member-stuck',
): Finding {
  const { a, b, owners, accepted, overflows } = queue
  const place = endText(b.local, b.localPort)
  const words = {
    'accept-queue-full': accepted ? `accepts too slowly on ${place}` : `does not accept connections on ${place}`,
    'accept-queue-not-served': `does not accept connections on ${place}`,
    'reuseport-member-stuck': `does not accept its share of the connections to ${place}`,
  }
  return accuse(cause, 'critical', words[cause], {
    culprits: owners.map(({ pid }) => scene.named(pid)),
    victims: clientsOf(scene, queue),
    suffering: 'their connections hang or time out',
    measures: [
      {
        what: 'connections in its queue',
        value: `${a.rxQueue}, then ${b.rxQueue}${b.limit === undefined ? '' : `, of at most ${b.limit}`}`,
        source: 'net/tcp',
      },
      ...(accepted === undefined
        ? []
        : [{ what: 'accepted meanwhile', value: accepted, source: 'tracepoint raw_syscalls:sys_exit' }]),
      ...(overflows > 0
        ? [
            {
              what: 'turned away in its namespace meanwhile',
              value: overflows,
              source: 'ListenOverflows of net/netstat',
            },
          ]
        : []),
      ...(cause === 'reuseport-member-stuck'
        ? [{ what: 'listeners that share the port', value: siblings(scene, queue).length + 1, source: 'net/tcp' }]
        : []),
    ],
    doing: scene.doing(owners[0]!.pid),
    do:
      cause === 'reuseport-member-stuck'
        ? ['restart this worker: its share of the connections hangs although the others are idle']
        : ['look where its threads are instead of in accept; a restart empties the queue'],
    not: ['net.core.somaxconn, a longer backlog: a longer queue only hides it'],
    more: `linsight bpf run offcputime --pid ${owners[0]!.pid}`,
    reach: b.rxQueue + overflows,
  })
}

export const QUEUE_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'accept-queue-full',
    family: 'ports',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'Connections wait in both looks, connections were turned away in between (ListenOverflows rose), and the owners accepted none, or 20 and more were turned away although they accept. Every one turned away waits a second at least.',
    find: scene =>
      queues(scene)
        .filter(
          queue =>
            !isMember(scene, queue) && isFull(queue) && (isNotServed(queue) || queue.overflows >= MANY_OVERFLOWS),
        )
        .map(queue => finding(scene, queue, 'accept-queue-full')),
  },
  {
    cause: 'accept-queue-not-served',
    family: 'ports',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'Connections wait in both looks and the owners accepted none. A queue that is not empty is normal; one that nobody takes from is not.',
    find: scene =>
      queues(scene)
        .filter(queue => !isMember(scene, queue) && !isFull(queue) && isNotServed(queue))
        .map(queue => finding(scene, queue, 'accept-queue-not-served')),
  },
  {
    cause: 'reuseport-member-stuck',
    family: 'ports',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'Several sockets listen on one address (SO_REUSEPORT); in the queue of one connections wait in both looks and its owner accepted none, while another queue is empty. The kernel goes on giving it its share.',
    find: scene =>
      queues(scene)
        .filter(queue => isMember(scene, queue))
        .map(queue => finding(scene, queue, 'reuseport-member-stuck')),
  },
  {
    cause: 'syn-backlog',
    family: 'ports',
    looks: 2,
    needs: [],
    thresholds: ['synRecv'],
    why: 'So many handshakes with one listener are half open in both looks that it is a flood, or answers get lost.',
    find: synBacklog,
  },
]

function synBacklog(scene: Scene): Finding[] {
  return scene.seen.namespaces.flatMap(namespace => {
    const later = halfOpen(scene.look(namespace).tcp)
    const before = halfOpen(namespace.a.tcp)
    return [...later].flatMap(([key, rows]) => {
      if (Math.min(rows.length, before.get(key)?.length ?? 0) < THRESHOLDS.synRecv.value) return []
      return [synFinding(scene, namespace, rows)]
    })
  })
}

const halfOpen = (rows: readonly TcpLook[]) =>
  groupBy(
    rows.filter(({ state }) => state === TCP_STATE.synRecv),
    ({ localPort }) => localPort,
  )

function synFinding(scene: Scene, namespace: ObservedNamespace, rows: readonly TcpLook[]): Finding {
  const { local, localPort } = rows[0]!
  const listener = scene
    .look(namespace)
    .tcp.find(({ state, localPort: port }) => state === TCP_STATE.listen && port === localPort)
  const owners = listener === undefined ? [] : scene.owners(listener.inode)
  const sources = new Set(rows.map(({ remote }) => remote)).size
  return accuse('syn-backlog', 'critical', `has ${rows.length} half-open handshakes on ${endText(local, localPort)}`, {
    culprits: owners.map(({ pid }) => scene.named(pid)),
    measures: [
      over('synRecv', 'handshakes half open', rows.length, 'net/tcp'),
      { what: 'addresses they come from', value: sources, source: 'net/tcp' },
    ],
    do: ['net.ipv4.tcp_syncookies=1 keeps the port reachable; look whether answers to these addresses get through'],
    not: ['blocking the addresses: those of a flood are forged'],
    more: `mynetstat -ant :${localPort}`,
    reach: rows.length,
  })
}
