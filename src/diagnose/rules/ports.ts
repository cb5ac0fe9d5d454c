import { quoted } from '../../terminal/escape.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { Finding, Rule } from '../model.ts'
import type { ObservedNamespace, TcpLook } from '../observed/sockets.ts'
import type { ObservedProcess } from '../observed/task.ts'
import type { SocketAddress } from '../observed/traced.ts'
import { accuse, endText } from '../accuse.ts'
import type { FailedGroup, Scene } from '../scene.ts'

const SOURCE = 'tracepoint raw_syscalls:sys_exit'

/** An address that a program could not bind, and who has it. */
interface Conflict {
  group: FailedGroup
  /** As it is called in a sentence. */
  place: string
  /** Of TCP and UDP. */
  port: number | undefined
  namespace: ObservedNamespace | undefined
  holders: ObservedProcess[]
  listener: TcpLook | undefined
  waiting: number
}

function conflicts(scene: Scene): Conflict[] {
  return scene.failed(['bind'], ['EADDRINUSE']).flatMap(group => {
    const examples = group.examples.filter(({ address }) => address?.port || address?.family === 'unix')
    const [example] = examples
    // Another port each time: it looks for a free one.
    const ports = new Set(examples.map(({ address }) => address?.port))
    if (example?.address === undefined || (ports.size > 1 && ports.size === examples.length)) return []
    const { address } = example
    const namespace = scene.seen.namespaces.find(({ netns }) => netns === example.netns)
    const known = address.family === 'unix' ? unixHolders(scene, namespace, address) : undefined
    const { holding, ...inet } = known ?? inetHolders(scene, namespace, address, group.pid)
    const others = holding.filter(({ pid }) => pid !== group.pid)
    const place = address.port ? endText(address.address, address.port) : `the unix socket ${quoted(address.address)}`
    return [{ group, place, port: address.port, namespace, holders: others.length > 0 ? others : holding, ...inet }]
  })
}

interface Holding {
  holding: ObservedProcess[]
  listener: TcpLook | undefined
  waiting: number
}

function inetHolders(
  scene: Scene,
  namespace: ObservedNamespace | undefined,
  { port }: SocketAddress,
  binder: number,
): Holding {
  const look = namespace && scene.look(namespace)
  const tcp = (look?.tcp ?? []).filter(({ localPort }) => localPort === port)
  const listener = tcp.find(({ state, inode }) => state === TCP_STATE.listen && !isOnlyOf(scene, inode, binder))
  const sockets = [
    ...(listener === undefined ? [] : [listener]),
    ...tcp.filter(({ state }) => state !== TCP_STATE.timeWait && state !== TCP_STATE.listen),
    ...(look?.udp ?? []).filter(({ localPort }) => localPort === port),
  ]
  return {
    holding: firstOwners(scene, sockets, binder),
    listener,
    waiting: tcp.filter(({ state }) => state === TCP_STATE.timeWait).length,
  }
}

/** Bytes of a name that the tracer copies. */
const COPIED = 58

/** A name in the filesystem may be bound in another network namespace. */
function unixHolders(scene: Scene, namespace: ObservedNamespace | undefined, { address }: SocketAddress): Holding {
  const places = namespace === undefined ? scene.seen.namespaces : [namespace, ...scene.seen.namespaces]
  const sockets = places.flatMap(place =>
    (scene.look(place).unix ?? []).filter(
      ({ path }) => path === address || (address.length >= COPIED && path.startsWith(address)),
    ),
  )
  return { holding: firstOwners(scene, sockets), listener: undefined, waiting: 0 }
}

/** Owners of the first socket that has some, and others than the one that binds where there are. */
function firstOwners(scene: Scene, sockets: readonly { inode: string }[], binder?: number): ObservedProcess[] {
  const owners = sockets.map(({ inode }) => scene.owners(inode)).filter(list => list.length > 0)
  return owners.find(list => list.some(({ pid }) => pid !== binder)) ?? owners[0] ?? []
}

function isOnlyOf(scene: Scene, inode: string, pid: number): boolean {
  const owners = scene.owners(inode)
  return owners.length > 0 && owners.every(owner => owner.pid === pid)
}

/** Nobody took a connection from the queue of the holder's listener all the time, and it is another program's. */
function isInherited(scene: Scene, { listener, namespace, holders, group }: Conflict): boolean {
  if (listener === undefined || namespace === undefined || holders.length === 0) return false
  const before = namespace.a.tcp.find(({ inode }) => inode === listener.inode)
  const queued = listener.rxQueue > 0 && (before?.rxQueue ?? listener.rxQueue) > 0
  return queued && scene.accepts(listener.inode) === 0 && holders.every(({ comm }) => comm !== group.comm)
}

const victimOf = (scene: Scene, { group }: Conflict) => scene.named(group.pid, group.comm)

function taken(scene: Scene): Finding[] {
  return conflicts(scene).flatMap(conflict => {
    const { holders, place, port, group, namespace, waiting } = conflict
    if (isInherited(scene, conflict)) return []
    const more = port === undefined ? 'mynetstat -xp' : `mynetstat -antup :${port}`
    const measures = [
      { what: `bind to ${place} failed with EADDRINUSE`, value: group.count, unit: 'times', source: SOURCE },
    ]
    if (holders.length === 0) {
      if (waiting > 0) return []
      return [
        accuse(
          'port-taken',
          'critical',
          port === undefined
            ? `cannot bind ${place}: its file is there, and nobody has it`
            : `cannot bind ${place}, which a socket holds whose process is not visible`,
          {
            culprits: [scene.named(group.pid, group.comm)],
            measures,
            do: [
              port === undefined
                ? 'remove the file before bind(): it outlives the process that made it'
                : `${more} as root, and in the namespace ${namespace?.netns ?? 'of the program'}`,
            ],
            more,
            reach: group.count,
          },
        ),
      ]
    }
    const own = holders.every(({ pid }) => pid === group.pid)
    return [
      accuse(
        'port-taken',
        'critical',
        own ? `binds ${place} a second time` : `holds ${place}, which ${quoted(group.comm)} tries to bind`,
        {
          culprits: holders.map(({ pid }) => scene.named(pid)),
          victims: own ? [] : [victimOf(scene, conflict)],
          suffering: 'it cannot start to listen',
          measures,
          doing: scene.doing(holders[0]!.pid),
          do: ['stop or move one of the two'],
          not: ['SO_REUSEADDR: it does not share a port that somebody listens on'],
          more,
          reach: group.count,
        },
      ),
    ]
  })
}

function inherited(scene: Scene): Finding[] {
  return conflicts(scene)
    .filter(conflict => isInherited(scene, conflict))
    .map(conflict => {
      const { holders, place, port, group, listener } = conflict
      return accuse('inherited-listener', 'critical', `holds the listener on ${place} and never accepts`, {
        culprits: holders.map(({ pid }) => scene.named(pid)),
        victims: [victimOf(scene, conflict)],
        suffering: 'it cannot bind the port, and clients hang',
        measures: [
          { what: 'connections in its queue', value: listener!.rxQueue, source: 'net/tcp' },
          { what: 'accept calls of it', value: 0, source: SOURCE },
          { what: `bind to ${place} failed with EADDRINUSE`, value: group.count, unit: 'times', source: SOURCE },
        ],
        doing: scene.doing(holders[0]!.pid),
        do: [`end the process, it needs no such socket; let ${quoted(group.comm)} open its sockets with SOCK_CLOEXEC`],
        not: ['SO_REUSEADDR: it does not share a port that somebody listens on'],
        more: `mynetstat -ntlp :${port}`,
        reach: group.count,
      })
    })
}

function inTimeWait(scene: Scene): Finding[] {
  return conflicts(scene)
    .filter(({ holders, waiting }) => holders.length === 0 && waiting > 0)
    .map(conflict => {
      const { group, place, port, waiting } = conflict
      return accuse('port-in-time-wait', 'critical', `cannot bind ${place}: old connections of it are in TIME_WAIT`, {
        culprits: [victimOf(scene, conflict)],
        measures: [
          { what: `bind to ${place} failed with EADDRINUSE`, value: group.count, unit: 'times', source: SOURCE },
          { what: 'sockets in TIME_WAIT with this local port', value: waiting, source: 'net/tcp' },
        ],
        do: ['set SO_REUSEADDR before bind, as servers do'],
        not: ['tcp_tw_reuse and tcp_fin_timeout: they do not concern bind'],
        more: `mynetstat -ant :${port}`,
        reach: group.count,
      })
    })
}

export const PORT_RULES: readonly Rule<Scene>[] = [
  {
    cause: 'port-taken',
    family: 'ports',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'bind() failed with EADDRINUSE during the look, and a socket in the same network namespace has the port. One failure is an outage already. The holder is found by the socket, whatever namespace its process is in by now; it may only have bound the port (told by kernels since 6.8), or be a connection. The same of the names of unix sockets.',
    find: taken,
  },
  {
    cause: 'inherited-listener',
    family: 'ports',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'As port-taken; but connections wait in the queue of the holder in both looks, it accepted none, and it is another program than the one that binds.',
    find: inherited,
  },
  {
    cause: 'port-in-time-wait',
    family: 'ports',
    looks: 2,
    needs: ['trace'],
    thresholds: [],
    why: 'As port-taken, without a holder: only sockets in TIME_WAIT have the port.',
    find: inTimeWait,
  },
]
