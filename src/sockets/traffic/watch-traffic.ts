import { SourceReadError } from '../../errors.ts'
import { TCP_STATE } from '../../kernel/tcp-state.ts'
import { loadLibc } from '../../libc/libc.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { INET_AT } from '../diag/decode/inet-reader.ts'
import type { SocketDump } from '../diag/decode/socket-dump.ts'
import { openClosings, type Closings } from '../diag/closings.ts'
import { readDump } from '../diag/read-dump.ts'
import { TrafficAccountant } from './accountant.ts'
import { InodeOwners } from './inode-owners.ts'
import { seeDump, type VisitRow } from './see-dump.ts'
import { tellEnd } from './tell-end.ts'
import { UNKNOWN_OWNER } from './traffic-owners.ts'

/** Sees every row of a look, with the dump that it is of. */
export type VisitLook = (dump: SocketDump, ...row: Parameters<VisitRow>) => void

export interface LookOptions {
  visit?: VisitLook | undefined
  /** TIME_WAIT is to be in the dumps, too. */
  timeWait?: boolean
  /** When it is, in ms: of a clock that is never set back. */
  nowMs?: number
}

/** The ends that the kernel tells, of this network namespace; a sentence where it does not. */
export async function openEnds(): Promise<Closings | string> {
  const libc = await loadLibc()
  if (libc === undefined) return 'koffi is not installed'
  try {
    return openClosings(libc)
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * Traffic of the TCP connections of a network namespace, by owner. `source` has dumps (withDumps). Each look counts,
 * `hear` takes ends in between: the kernel has room for some thousands.
 */
export class TrafficWatch {
  readonly accountant: TrafficAccountant
  owners: InodeOwners
  #source: ProcSource
  readonly #ends: Closings | undefined
  /** Local port → connections that began since it was asked. */
  #opened = new Map<number, number>()
  /** Port → inodes of what listens there. */
  #listening = new Map<number, number[]>()

  constructor(source: ProcSource, ends: Closings | undefined) {
    this.#source = source
    this.#ends = ends
    this.accountant = new TrafficAccountant({ hearsEnds: ends !== undefined })
    this.owners = new InodeOwners(source, this.accountant.owners)
  }

  /** From now on it is this source that is looked at: the next recording of the same machine. */
  turnTo(source: ProcSource): void {
    this.#source = source
    this.owners = new InodeOwners(source, this.accountant.owners)
  }

  /** Connections that began since the last call, by their local port. */
  takeOpened(): ReadonlyMap<number, number> {
    const opened = this.#opened
    this.#opened = new Map()
    return opened
  }

  /** Looks at all connections, takes what ended, and searches owners of what is new. */
  look({ visit, timeWait = false, nowMs = performance.now() }: LookOptions = {}): void {
    const dumps = (['tcp', 'tcp6'] as const).flatMap(family => this.#dump(family, !timeWait))
    const { accountant } = this
    const listening = new Map<number, number[]>()
    const unowned: [place: number, inode: number][] = []
    let { open } = this.owners
    let whole = true
    let seen = accountant.totals.opened
    accountant.beginLook(nowMs)
    for (const dump of dumps) {
      const { wire } = dump
      const end = seeDump(dump, accountant, this.owners.of, (at, end, place, state) => {
        if (state === TCP_STATE.listen) {
          const port = wire.port(at + INET_AT.localPort)
          const inode = wire.u32(at + INET_AT.inode)
          this.owners.of(inode)
          listening.set(port, [...(listening.get(port) ?? []), inode])
        }
        // Asked for just now, and not known.
        if (this.owners.open > open && place !== -1) unowned.push([place, wire.u32(at + INET_AT.inode)])
        open = this.owners.open
        if (accountant.totals.opened > seen) this.#countOpened(wire.port(at + INET_AT.localPort))
        seen = accountant.totals.opened
        visit?.(dump, at, end, place, state)
      })
      whole &&= end.whole && !end.interrupted
    }
    this.#listening = listening
    this.hear(nowMs)
    this.owners.search(nowMs)
    for (const [place, inode] of unowned) {
      const owner = this.owners.known(inode)
      if (owner !== undefined) accountant.assign(place, owner)
    }
    accountant.endLook(whole)
  }

  /** Takes what ended since the last call. */
  hear(nowMs = performance.now()): void {
    for (const closing of this.#ends?.read() ?? []) {
      const { opened } = this.accountant.totals
      tellEnd(this.accountant, closing, this.#acceptedBy, nowMs)
      if (this.accountant.totals.opened > opened) this.#countOpened(closing.row.localPort)
    }
  }

  /** Ends that came faster than they were heard; undefined where none is told. */
  lost(): number | undefined {
    return this.#ends?.lost()
  }

  close(): void {
    this.#ends?.close()
  }

  /** A kernel without IPv6 has no such family. */
  #dump(family: 'tcp' | 'tcp6', withoutTimeWait: boolean): SocketDump[] {
    try {
      return [readDump(this.#source, family, { facts: 'tcp-info', withoutTimeWait })]
    } catch (error) {
      if (error instanceof SourceReadError && error.code === 'ENOENT') return []
      throw error
    }
  }

  #countOpened(port: number): void {
    this.#opened.set(port, (this.#opened.get(port) ?? 0) + 1)
  }

  /**
   * Owner of what listens on a port; undefined where several programs do. Processes of one program that share it
   * (SO_REUSEPORT, or after fork) are one: the first stands for all.
   */
  #acceptedBy = (port: number): number | undefined => {
    const owners = (this.#listening.get(port) ?? []).map(inode => this.owners.known(inode) ?? UNKNOWN_OWNER)
    const [first] = owners
    return owners.every(owner => owner === first || this.#areOne(first!, owner)) ? first : undefined
  }

  #areOne(a: number, b: number): boolean {
    const [one, other] = [a, b].map(number => this.accountant.owners.ownerOf(number))
    return one?.program === other?.program && one?.unit === other?.unit && one?.container === other?.container
  }
}
