import { TCP_STATE, TCP_STATE_NAMES } from '../../kernel/tcp-state.ts'
import type { PassingTcp } from '../../sockets/model.ts'
import type { MetricSet } from '../metric-set.ts'
import type { Labels } from '../model.ts'
import type { MetricRow } from './fold.ts'

/** States of the kernel from 1 to 12; nothing stands at 0. */
const STATES = 13
const NAMES = [...TCP_STATE_NAMES.map(name => name.toLowerCase()), 'syn_recv']

/** What of an owner is counted. */
const PER_OWNER = { receive: STATES, send: STATES + 1, width: STATES + 2 } as const

/** States that are told even where no socket is in them: a series that comes and goes is hard to watch. */
const ALWAYS = new Set<number>([TCP_STATE.established, TCP_STATE.listen, TCP_STATE.timeWait, TCP_STATE.closeWait])

/** Who a socket belongs to, by a number; 0 is nobody, or not known. */
export interface OwnerNumbers {
  numberOf(inode: number): number
  /** Program, unit, container. */
  labelsOf(number: number): Labels
}

interface Listener {
  labels: Labels
  queue: number
  limit: number | undefined
  sockets: number
}

/** Counts the TCP sockets of one network namespace, each seen once. */
export class TcpTally {
  readonly #owners: OwnerNumbers
  readonly #byState = { tcp: new Float64Array(STATES), tcp6: new Float64Array(STATES) }
  #byOwner = new Float64Array(64 * PER_OWNER.width)
  #highest = 0
  readonly #listeners = new Map<string, Listener>()

  constructor(owners: OwnerNumbers) {
    this.#owners = owners
  }

  add(socket: PassingTcp): void {
    const { state } = socket
    const place = state < STATES ? state : 0
    this.#byState[socket.table][place]! += 1
    const { inode } = socket
    const owner = inode === 0 ? 0 : this.#owners.numberOf(inode)
    const at = this.#placeOf(owner)
    this.#byOwner[at + place]! += 1
    if (state === TCP_STATE.listen) {
      this.#addListener(socket, owner)
      return
    }
    this.#byOwner[at + PER_OWNER.receive]! += socket.rxQueueBytes
    this.#byOwner[at + PER_OWNER.send]! += socket.txQueueBytes
  }

  /** `own` are the labels of the namespace, where there are several. */
  addTo(set: MetricSet, own: Labels = {}): void {
    set.addRows(['linsight_tcp_sockets'], this.#stateRows(own))
    set.addRows(
      ['linsight_tcp_listener_queue_length', 'linsight_tcp_listener_queue_limit', 'linsight_tcp_listener_sockets'],
      [...this.#listeners.values()].map(({ labels, queue, limit, sockets }) => ({
        labels: { ...own, ...labels },
        values: [queue, limit, sockets],
        weight: queue,
      })),
    )
    const { sockets, queues } = this.#ownerRows(own)
    set.addRows(['linsight_tcp_process_sockets'], sockets)
    set.addRows(['linsight_tcp_process_receive_queue_bytes', 'linsight_tcp_process_send_queue_bytes'], queues)
  }

  #addListener(socket: PassingTcp, owner: number): void {
    const { localAddress, localPort, rxQueueBytes: queue, acceptQueueLimit: limit } = socket
    const key = `${localAddress} ${localPort} ${owner}`
    const known = this.#listeners.get(key)
    if (known === undefined) {
      const labels = { address: localAddress, port: String(localPort), ...this.#owners.labelsOf(owner) }
      this.#listeners.set(key, { labels, queue, limit, sockets: 1 })
      return
    }
    known.queue += queue
    known.sockets += 1
    if (limit !== undefined) known.limit = (known.limit ?? 0) + limit
  }

  #placeOf(owner: number): number {
    const at = owner * PER_OWNER.width
    if (at + PER_OWNER.width > this.#byOwner.length) {
      const larger = new Float64Array(Math.max(2 * this.#byOwner.length, at + PER_OWNER.width))
      larger.set(this.#byOwner)
      this.#byOwner = larger
    }
    if (owner > this.#highest) this.#highest = owner
    return at
  }

  #stateRows(own: Labels): MetricRow[] {
    return (['tcp', 'tcp6'] as const).flatMap(table =>
      Array.from(this.#byState[table], (count, state) => ({ count, state }))
        .filter(({ count, state }) => count > 0 || ALWAYS.has(state))
        .map(({ count, state }) => ({
          labels: { ...own, family: table === 'tcp' ? 'ipv4' : 'ipv6', state: stateName(state) },
          values: [count],
          weight: count,
        })),
    )
  }

  #ownerRows(own: Labels): { sockets: MetricRow[]; queues: MetricRow[] } {
    const sockets: MetricRow[] = []
    const queues: MetricRow[] = []
    for (let owner = 0; owner <= this.#highest; owner += 1) {
      const at = owner * PER_OWNER.width
      const counts = this.#byOwner.subarray(at, at + STATES)
      if (!counts.some(count => count > 0)) continue
      const labels = { ...own, ...this.#owners.labelsOf(owner) }
      counts.forEach((count, state) => {
        if (count > 0) sockets.push({ labels: { ...labels, state: stateName(state) }, values: [count], weight: count })
      })
      const [received, sent] = [this.#byOwner[at + PER_OWNER.receive]!, this.#byOwner[at + PER_OWNER.send]!]
      queues.push({ labels, values: [received, sent], weight: received + sent })
    }
    return { sockets, queues }
  }
}

const stateName = (state: number) => NAMES[state] || 'unknown'
