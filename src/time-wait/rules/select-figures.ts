import type { AddressFilter } from '../../sockets/index.ts'
import type { HalfClosed, PassivePort, TimeWaitFigures, TuplePressure } from '../model.ts'

/** The destinations, local ports and half-closed connections that a filter selects; sums stay those of all. */
export function selectFigures(figures: TimeWaitFigures, filter: AddressFilter | undefined): TimeWaitFigures {
  if (filter === undefined) return figures
  return {
    ...figures,
    tuples: selectTuples(figures.tuples, filter),
    ports: figures.ports.flatMap(port => selectedPort(port, filter)),
    halfClosed: figures.halfClosed.filter(half => filter.selects(endsOf(half))),
  }
}

/** A destination has many local ports. */
export const selectTuples = (tuples: TuplePressure[], { selects }: AddressFilter): TuplePressure[] =>
  tuples.filter(({ localAddress: src, remoteAddress: dst, remotePort: dport }) => selects({ src, dst, dport }))

/** A local port with those of its clients that are meant; their own ports differ. */
function selectedPort(port: PassivePort, { selects }: AddressFilter): PassivePort[] {
  const sources = port.localAddresses.length === 0 ? [undefined] : port.localAddresses
  const remotes = port.remotes.filter(({ address: dst }) =>
    sources.some(src => selects({ src, sport: port.port, dst })),
  )
  if (remotes.length === port.remotes.length && remotes.length > 0) return [port]
  if (remotes.length === 0) return []
  const sum = (count: 'timeWait' | 'finWait2') => remotes.reduce((total, remote) => total + remote[count], 0)
  return [{ ...port, remotes, timeWait: sum('timeWait'), finWait2: sum('finWait2') }]
}

const endsOf = ({ address, port, side }: HalfClosed) =>
  side === 'server' ? { src: address, sport: port } : { dst: address, dport: port }
