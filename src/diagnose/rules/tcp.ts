import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { TCP_TIMER } from '../../kernel/tcp-timer.ts'
import type { Finding, Named, Rule } from '../model.ts'
import type { ObservedNamespace, TcpLook, UdpLook } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import { accuse, endText, over } from '../accuse.ts'
import type { Persisting, Scene } from '../scene.ts'
import { THRESHOLDS } from '../thresholds.ts'

/** Sockets by the processes that own them; those of nobody, and of the observers, are left out. */
function byOwner<Item extends { b: { inode: string } }>(
  scene: Scene,
  items: readonly Item[],
): Map<ObservedProcess, Item[]> {
  const groups = new Map<ObservedProcess, Item[]>()
  for (const item of items) {
    for (const owner of scene.owners(item.b.inode)) {
      if (scene.isObserver(owner.pid)) continue
      const group = groups.get(owner)
      if (group === undefined) groups.set(owner, [item])
      else group.push(item)
    }
  }
  return groups
}

const plain = (address: string) => address.replace(/^::ffff:/, '')

/** The other end of a connection, in any namespace that was looked at. */
function peerOf(scene: Scene, socket: TcpLook): { row: TcpLook; namespace: ObservedNamespace } | undefined {
  for (const namespace of scene.seen.namespaces) {
    const row = scene
      .look(namespace)
      .tcp.find(
        ({ localPort, remotePort, local, remote }) =>
          localPort === socket.remotePort &&
          remotePort === socket.localPort &&
          plain(local) === plain(socket.remote) &&
          plain(remote) === plain(socket.local),
      )
    if (row !== undefined) return { row, namespace }
  }
  return undefined
}

const namedOwners = (scene: Scene, inode: string): Named[] => scene.owners(inode).map(({ pid }) => scene.named(pid))

function closeWait(scene: Scene): Finding[] {
  const staying = scene.lastingTcp.filter(
    ({ a, b }) => a.state === TCP_STATE.closeWait && b.state === TCP_STATE.closeWait && b.inode !== '0',
  )
  return [...byOwner(scene, staying)].flatMap(([owner, sockets]) => {
    if (sockets.length < THRESHOLDS.closeWait.value) return []
    const peers = new Set(sockets.map(({ b }) => b.remote)).size
    return [
      accuse(
        'close-wait-leak',
        'warning',
        `does not close ${sockets.length} connections that their peers have closed`,
        {
          culprits: [scene.named(owner.pid)],
          measures: [
            over('closeWait', 'connections in CLOSE_WAIT in both looks', sockets.length, 'net/tcp'),
            { what: 'peers', value: peers, source: 'net/tcp' },
            ...(owner.descriptorLimit === undefined
              ? []
              : [
                  {
                    what: 'descriptors open',
                    value: `${owner.descriptors} of ${owner.descriptorLimit}`,
                    source: 'PID/limits',
                  },
                ]),
          ],
          do: ['look for the way through its code on which close() is missing after read() gave 0'],
          not: ['TIME_WAIT settings: CLOSE_WAIT lasts until the program closes'],
          more: 'mynetstat -antp state close-wait',
          doing: scene.doing(owner.pid),
          reach: sockets.length,
        },
      ),
    ]
  })
}

function finWait2(scene: Scene): Finding[] {
  const staying = scene.lastingTcp.filter(
    ({ a, b }) => a.state === TCP_STATE.finWait2 && b.state === TCP_STATE.finWait2 && b.inode !== '0',
  )
  return [...byOwner(scene, staying)].flatMap(([owner, sockets]) => {
    if (sockets.length < THRESHOLDS.finWait2.value) return []
    const peer = peerOf(scene, sockets[0]!.b)
    const { remote, remotePort } = sockets[0]!.b
    return [
      accuse(
        'fin-wait2-pile',
        'warning',
        `waits on ${sockets.length} connections for a peer that does not close them`,
        {
          culprits: [scene.named(owner.pid)],
          victims: peer === undefined ? [] : namedOwners(scene, peer.row.inode),
          measures: [
            over('finWait2', 'connections in FIN_WAIT2 with an owner in both looks', sockets.length, 'net/tcp'),
          ],
          do: [
            `close() instead of shutdown() alone, or a time limit; the peer ${endText(remote, remotePort)} keeps its half open`,
          ],
          not: ['tcp_fin_timeout: it ends only those that no process holds any more'],
          more: 'mynetstat -antp',
          reach: sockets.length,
        },
      ),
    ]
  })
}

/** Unread bytes that did not change, of a connection that somebody holds. */
function unread(scene: Scene): Persisting<TcpLook>[] {
  return scene.lastingTcp.filter(({ a, b }) => {
    if (b.state === TCP_STATE.listen || b.inode === '0' || a.rxQueue !== b.rxQueue || b.rxQueue === 0) return false
    if (b.rxQueue >= THRESHOLDS.unread.value) return true
    // A small buffer is full with less: the sender's probes of a closed window say so.
    return peerOf(scene, b)?.row.timer === TCP_TIMER.zeroWindowProbe
  })
}

function stuckReader(scene: Scene): Finding[] {
  return [...byOwner(scene, unread(scene))].map(([owner, sockets]) => {
    const senders = sockets.flatMap(({ b }) => {
      const peer = peerOf(scene, b)
      return peer === undefined ? [] : namedOwners(scene, peer.row.inode)
    })
    const { b } = sockets[0]!
    const bytes = sockets.reduce((sum, socket) => sum + socket.b.rxQueue, 0)
    const words =
      sockets.length === 1 ? `the connection from ${endText(b.remote, b.remotePort)}` : `${sockets.length} connections`
    return accuse('reader-stuck', 'critical', `does not read ${words}`, {
      culprits: [scene.named(owner.pid)],
      victims: unique(senders),
      suffering: 'it cannot send any more',
      measures: [over('unread', 'unread bytes, the same in both looks', bytes, 'net/tcp')],
      doing: scene.doing(owner.pid),
      do: ['look at its stack: what does it do instead of reading'],
      not: ['larger buffers: they fill as well'],
      more: `linsight bpf run offcputime --pid ${owner.pid}`,
      reach: sockets.length,
    })
  })
}

function zeroWindow(scene: Scene): Finding[] {
  const waiting = scene.lastingTcp.filter(
    ({ a, b }) =>
      a.timer === TCP_TIMER.zeroWindowProbe &&
      b.timer === TCP_TIMER.zeroWindowProbe &&
      b.txQueue > 0 &&
      b.inode !== '0' &&
      peerOf(scene, b) === undefined,
  )
  return [...byOwner(scene, waiting)].map(([owner, sockets]) => {
    const { b } = sockets[0]!
    const peer = endText(b.remote, b.remotePort)
    return accuse('peer-zero-window', 'critical', `cannot send to ${peer}, which does not read`, {
      culprits: [scene.named(owner.pid)],
      measures: [
        { what: 'bytes that wait to be sent', value: b.txQueue, source: 'net/tcp' },
        { what: 'its timer probes a closed window in both looks', value: '', source: 'net/tcp' },
      ],
      do: [`look at the process that holds the connection on ${b.remote}`],
      not: ['send buffers, congestion control: the other end has said that it takes nothing'],
      more: `mynetstat -antpo :${b.remotePort}`,
      reach: sockets.length,
    })
  })
}

function udpDrops(scene: Scene): Finding[] {
  if (scene.seconds === 0) return []
  const dropping = scene.lastingUdp.filter(
    ({ a, b }) => (b.drops - a.drops) / scene.seconds > THRESHOLDS.udpDrops.value,
  )
  return [...byOwner(scene, dropping)].map(([owner, sockets]) => {
    const { b } = sockets[0]!
    const rate = sockets.reduce((sum, socket) => sum + drops(socket), 0) / scene.seconds
    return accuse('udp-receive-drops', 'critical', `loses datagrams that arrive on ${endText(b.local, b.localPort)}`, {
      culprits: [scene.named(owner.pid)],
      measures: [
        over('udpDrops', 'datagrams dropped a second', rate, 'net/udp'),
        { what: 'bytes that wait to be read', value: b.rxQueue, source: 'net/udp' },
      ],
      doing: scene.doing(owner.pid),
      do: ['read faster or in more threads (SO_REUSEPORT); SO_RCVBUF and net.core.rmem_max for bursts'],
      not: ['rmem_max alone: where the rate is higher than what is read every buffer fills'],
      more: `mynetstat -anup :${b.localPort}`,
      reach: Math.round(rate),
    })
  })
}

const drops = ({ a, b }: Persisting<UdpLook>) => b.drops - a.drops

export function unique(named: readonly Named[]): Named[] {
  return [...new Map(named.map(one => [one.pid ?? one.comm, one])).values()]
}

export const TCP_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'close-wait-leak',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: ['closeWait'],
    why: 'The same sockets are in CLOSE_WAIT in both looks: their peers have closed, and the program has not.',
    find: closeWait,
  },
  {
    cause: 'fin-wait2-pile',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: ['finWait2'],
    why: 'The same sockets, still held by the program, are in FIN_WAIT2 in both looks: it has closed its half, the peer has not.',
    find: finWait2,
  },
  {
    cause: 'reader-stuck',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: ['unread'],
    why: 'Bytes wait to be read and not one was read or arrived between the looks: a connection in use changes within milliseconds. Fewer bytes count where the sender probes a closed window.',
    find: stuckReader,
  },
  {
    cause: 'peer-zero-window',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: [],
    why: 'Bytes wait to be sent and the timer probes a closed window in both looks, and the other end is not on this machine.',
    find: zeroWindow,
  },
  {
    cause: 'udp-receive-drops',
    family: 'tcp',
    looks: 2,
    needs: [],
    thresholds: ['udpDrops'],
    why: 'The count of dropped datagrams of one socket rises.',
    find: udpDrops,
  },
]
