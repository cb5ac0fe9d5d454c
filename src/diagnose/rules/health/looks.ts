import type { NamespaceRef } from '../../../namespaces/model.ts'
import { TCP_STATE } from '../../../kernel/tcp-state.ts'
import type { Owner } from '../../../processes/owner.ts'
import type { HealthLook, KernelFacts, InetRow, InetSocket, TracedSockets } from '../../../sockets/model.ts'
import type { Named } from '../../model.ts'
import type { NetworkLook, ObservedNamespace, TcpLook, UdpLook } from '../../observed/sockets.ts'
import type { ObservedProcess } from '../../observed/task.ts'
import type { TcpTotals } from '../../observed/totals.ts'
import type { Scene } from '../../scene.ts'

export interface HealthLooks {
  now: HealthLook[]
  /** Undefined where there was one look only. */
  before: HealthLook[] | undefined
}

/** What was seen of the sockets, as the rules of `mynetstat --health` take it. */
export function healthLooks(scene: Scene): HealthLooks {
  const { namespaces, durationMs } = scene.seen
  // A namespace that came or went meanwhile was looked at once.
  const lasting = namespaces.filter(({ b }) => durationMs === 0 || b !== undefined)
  return {
    now: lasting.map((place, at) => lookOf(scene, place, place.b ?? place.a, durationMs, at === 0)),
    before: durationMs === 0 ? undefined : lasting.map(place => lookOf(scene, place, place.a, 0, false)),
  }
}

function lookOf(
  scene: Scene,
  place: ObservedNamespace,
  { tcp, udp, counters }: NetworkLook,
  atMs: number,
  /** Totals of the machine stand beside one namespace. */
  isFirst: boolean,
): HealthLook {
  // The rules ask for nothing else of it.
  const netns = { netns: place.netns, label: place.netns } as NamespaceRef
  const sockets: InetSocket[] = []
  const add = (row: InetRow, { v6only, info }: Partial<TcpLook>) => {
    const owners = ownersOf(scene, row.inode)
    if (owners.length > 0 && owners.every(({ process }) => scene.isObserver(process.pid))) return
    const socket: InetSocket = { row, owners, netns }
    if (info !== undefined) socket.kernel = { cookie: '', tcpInfo: info } as KernelFacts
    if (v6only === false) socket.dualStack = { dual: true, evidence: '' }
    sockets.push(socket)
  }
  for (const look of tcp) add(tcpRow(look), look)
  for (const look of udp) add(udpRow(look), NO_FACTS)
  const known = new Map(Object.entries(counters))
  const totals = isFirst ? (scene.seen.machine[1].tcp ?? {}) : {}
  const programs = scene.processes.filter(
    ({ netns: at, replacedExecutable }) => replacedExecutable !== undefined && (at === place.netns || isFirst),
  )
  return {
    netns,
    atMs,
    sockets,
    counters: new Map(['TcpExt', 'Tcp', 'Udp'].map(protocol => [protocol, known])),
    gauges: gaugesOf(totals),
    settings: settingsOf(totals),
    processes: new Map(
      [
        ...sockets.flatMap(({ owners = [] }) => owners.flatMap(({ process }) => scene.process(process.pid) ?? [])),
        ...programs,
      ].map(process => [process.pid, stateOf(process)]),
    ),
    traced: tracedOf(scene, place),
    programs,
  }
}

const NO_FACTS = {}

const gaugesOf = ({ orphans, memoryPages }: TcpTotals): HealthLook['gauges'] =>
  new Map([
    [
      'TCP',
      new Map(
        Object.entries({ orphan: orphans, mem: memoryPages }).filter(
          (entry): entry is [string, number] => entry[1] !== undefined,
        ),
      ),
    ],
  ])

const settingsOf = ({ mostOrphans, memoryLimits: [pressure, limit] = [0, 0] }: TcpTotals): HealthLook['settings'] => ({
  maxOrphans: mostOrphans,
  tcpMemoryPages: limit === 0 ? undefined : { pressure, limit },
})

const stateOf = ({ a, b, wchan, samples, descriptorLimit, replacedExecutable, executable }: ObservedProcess) => ({
  state: (b ?? a)?.state,
  threads: (b ?? a)?.threads,
  waitsIn: samples?.at(-1)?.[1] || wchan,
  openFilesLimit: descriptorLimit,
  ...(replacedExecutable !== undefined
    ? { exe: { path: replacedExecutable, deleted: true, replaced: true } }
    : executable !== undefined && { exe: { path: executable, deleted: false, replaced: undefined } }),
})

const ownerOf = ({ pid, comm }: Pick<Named, 'pid' | 'comm'>): Owner => ({
  process: { pid: pid ?? 0, comm },
  heldBy: 'fd',
  fds: [],
})

const ownersOf = (scene: Scene, inode: string): Owner[] => scene.owners(inode).map(ownerOf)

/** What the tracer counted; undefined where none ran. */
function tracedOf(scene: Scene, { netns }: ObservedNamespace): TracedSockets | undefined {
  const { trace } = scene.seen
  if (trace === undefined) return undefined
  return {
    accepted: inode => scene.accepts(inode) ?? 0,
    unanswered: trace.connects
      .filter(
        ({ error, pid, netns: at }) =>
          at === netns && error !== 'ECONNREFUSED' && error !== 'ECONNRESET' && !scene.isObserver(pid),
      )
      .map(connect => ({
        owners: scene.startedBy(connect.pid, connect.comm, connect).map(ownerOf),
        address: connect.address,
        port: connect.port,
        count: connect.count,
      })),
    sentAgain: trace.retransmits.filter(({ state }) => state !== TCP_STATE.synSent),
  }
}

/** Every field by name, also those that no rule asks for: a spread would cost several times as much. */
const tcpRow = (look: TcpLook): InetRow => ({
  table: look.local.includes(':') ? 'tcp6' : 'tcp',
  localAddress: look.local,
  localPort: look.localPort,
  remoteAddress: look.remote,
  remotePort: look.remotePort,
  state: look.state,
  rxQueueBytes: look.rxQueue,
  txQueueBytes: look.txQueue,
  acceptQueueLimit: look.limit,
  timer: look.timer,
  retransmits: look.retransmits,
  probes: look.probes ?? 0,
  inode: look.inode,
  uid: look.uid,
  drops: undefined,
  slot: 0,
  timerTicks: 0,
  refs: undefined,
  pointer: undefined,
})

const udpRow = (look: UdpLook): InetRow => ({
  table: look.local.includes(':') ? 'udp6' : 'udp',
  localAddress: look.local,
  localPort: look.localPort,
  remoteAddress: look.remote,
  remotePort: look.remotePort,
  state: look.remotePort === 0 ? TCP_STATE.close : TCP_STATE.established,
  rxQueueBytes: look.rxQueue,
  txQueueBytes: 0,
  timer: 0,
  retransmits: 0,
  probes: 0,
  inode: look.inode,
  uid: 0,
  drops: look.drops,
  slot: 0,
  timerTicks: 0,
  refs: undefined,
  pointer: undefined,
})
