import { OwnersByInode } from '../../processes/fast/owners-by-inode.ts'
import type { OwnerScan } from '../../processes/socket-owners.ts'
import { readSnapshot, timeWaitReport } from '../../time-wait/index.ts'
import type { TimeWaitReport } from '../../time-wait/model.ts'
import type { MetricSet } from '../metric-set.ts'
import { addLocalPorts } from '../rules/port-families.ts'
import type { Place, TcpReading } from './reading.ts'

/** The forecast takes no more than one part in so many of the time: with tens of thousands of sockets it costs as much as all else. */
const SHARE = 100

type Forecast = Pick<TimeWaitReport, 'tuples' | 'totals'>

/** Local ports by destination, as tw-stats tells them: made anew as often as its share of time allows. */
export class LocalPorts {
  #known: readonly { place: Place; forecast: Forecast }[] = []
  #nextMs = 0

  addTo(set: MetricSet, readings: readonly { place: Place; reading: TcpReading }[]): void {
    const start = performance.now()
    if (start >= this.#nextMs) {
      this.#known = readings.map(({ place, reading }) => {
        const { tuples, totals } = timeWaitReport(readSnapshot(reading.source, noOwners))
        return { place, forecast: { tuples: tuples.slice(0, MOST_KEPT), totals } }
      })
      this.#nextMs = start + SHARE * (performance.now() - start)
    }
    for (const { place, forecast } of this.#known) addLocalPorts(set, forecast, place.labels)
  }
}

/** More than have series. */
const MOST_KEPT = 100

/** Who opened the connections is not asked: that is what tw-stats is for. */
const noOwners = (): OwnerScan => ({
  byInode: new OwnersByInode(),
  isWhole: true,
  descriptors: 0,
  processes: 0,
  unreadable: new Map(),
  refused: new Set(),
  unlistable: 0,
  late: undefined,
})
