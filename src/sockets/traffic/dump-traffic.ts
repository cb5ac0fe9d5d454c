import { TCP_STATE } from '../../kernel/tcp-state.ts'
import type { Closings } from '../diag/closings.ts'
import { INET_AT } from '../diag/decode/inet-reader.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { TrafficAccountant } from './accountant.ts'
import { seeDump } from './see-dump.ts'
import { tellEnd } from './tell-end.ts'
import type { TrafficOwners } from './traffic-owners.ts'

/** Number of a socket's owner among `owners`; undefined where nobody has searched for it yet. */
export type OwnerOfInode = (inode: number) => number | undefined

/**
 * Traffic of the TCP connections of a network namespace for a program that reads dumps and searches owners anyway: each
 * look takes its dumps of tcp and tcp6, made with struct tcp_info. What is counted stands in `owners`, which several
 * namespaces may share.
 */
export class DumpTraffic {
  readonly #accountant: TrafficAccountant
  readonly #ends: Closings | undefined
  readonly #ownerOf: OwnerOfInode
  /** Port → owner of what listens there; undefined where several do. */
  #listening = new Map<number, number | undefined>()

  constructor(owners: TrafficOwners, ends: Closings | undefined, ownerOf: OwnerOfInode) {
    this.#accountant = new TrafficAccountant({ hearsEnds: ends !== undefined, owners })
    this.#ends = ends
    this.#ownerOf = ownerOf
  }

  look(dumps: readonly SocketDump[], nowMs: number): void {
    const listening = new Map<number, number | undefined>()
    let whole = true
    this.#accountant.beginLook(nowMs)
    for (const dump of dumps) {
      const end = seeDump(dump, this.#accountant, this.#ownerOf, (at, _end, _place, state) => {
        if (state !== TCP_STATE.listen) return
        const port = dump.wire.port(at + INET_AT.localPort)
        const owner = this.#ownerOf(dump.wire.u32(at + INET_AT.inode))
        listening.set(port, listening.has(port) && listening.get(port) !== owner ? undefined : owner)
      })
      whole &&= end.whole && !end.interrupted
    }
    this.#listening = listening
    this.hear(nowMs)
    this.#accountant.endLook(whole)
  }

  /** Takes what ended since the last call: the kernel has room for some thousands. */
  hear(nowMs: number): void {
    for (const closing of this.#ends?.read() ?? [])
      tellEnd(this.#accountant, closing, port => this.#listening.get(port), nowMs)
  }

  /** Ends that came faster than they were heard. */
  lost(): number {
    return this.#ends?.lost() ?? 0
  }

  close(): void {
    this.#ends?.close()
  }
}
