import type { BoundPorts, TuplePressure } from '../../model.ts'

/** Fewer ports than this say nothing: random ones would show a parity by accident. */
const ENOUGH_PORTS = 16
/** A port as new as this was picked when the others were as free as they are now, but for what has ended since. */
const RECENT_S = 1

/** Ports of that parity may be taken by what no table shows. */
const CERTAIN = 0.9

/** The local ports of one tuple by parity: `first` is that of the lowest port of the range, `other` the other one. */
export interface PortsByParity {
  first: ParityAges
  other: ParityAges
}

export interface ParityAges {
  /** Ports of this parity, held in any state. */
  ports: number
  /** Seconds since the newest and the oldest TIME_WAIT on one; Infinity and -Infinity where there is none. */
  newestS: number
  oldestS: number
}

export interface ParityFacts {
  /** Ports one tuple may use. */
  capacity: number
  reusable: boolean
  /** TIME_WAITs of this namespace that have ended since it began; absent where they are not counted. */
  ended: number | undefined
  /** Ports taken since an earlier look; absent where there was none. */
  taken?: (() => PortsTaken | undefined) | undefined
}

/** What an earlier look shows beside this one. */
export interface PortsTaken {
  /** Ports of the `first` parity that were held then. */
  firstThen: number
  /** Ports of the other parity that nobody held then. */
  other: number
}

/**
 * Decides from the parity of the ports how they were picked: connect() takes all of the `first` parity before one of
 * the other, bind() of port 0 the other way round. Source: __inet_hash_connect, inet_csk_find_open_port.
 *
 * Ports of the other parity alone prove no bind(): a load that once held more than half of the ports leaves them behind
 * when the older ones end. It is proved where fewer TIME_WAITs than that have ended at all, and where a port of the other
 * parity was taken after a look at which those of the first were free. Without an earlier look the newest port is a
 * sign, no more: the others may have come free after it was taken.
 */
export function paritySignal({ first, other }: PortsByParity, facts: ParityFacts): TuplePressure['parity'] {
  const ports = first.ports + other.ports
  if (ports < ENOUGH_PORTS) return undefined
  const isFirstFree = (held: number) => held < (facts.capacity / 2) * CERTAIN
  const free = (facts.capacity / 2 - first.ports) * CERTAIN
  const isMostlyOther = other.ports > first.ports && ports < facts.capacity * 0.9
  const isNewestOther = other.newestS <= RECENT_S && other.newestS < first.newestS
  const couldHaveEnded = facts.ended === undefined || facts.ended >= free
  const taken = isMostlyOther ? facts.taken?.() : undefined
  const isTakenSince = taken !== undefined && taken.other > 0 && isFirstFree(taken.firstThen)
  if (isMostlyOther && (isTakenSince || !couldHaveEnded)) return 'bind-before-connect'
  // Nothing has ended, so the order of the rows is the order in which ports were taken.
  if (facts.ended === 0 && other.newestS >= first.oldestS && other.oldestS > first.oldestS && first.ports > 0)
    return 'bind-before-connect'
  if (isMostlyOther && isNewestOther) return 'perhaps-bind-before-connect'
  return !facts.reusable && other.ports > 0 && !isFirstFree(first.ports) ? 'slow-connect' : undefined
}

export function isBound(parity: TuplePressure['parity']): parity is BoundPorts {
  return parity === 'bind-before-connect' || parity === 'perhaps-bind-before-connect'
}
