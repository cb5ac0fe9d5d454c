import type { ProcSource } from '../../proc/proc-source.ts'
import {
  lookAtTables,
  lookAtTraffic,
  openEnds,
  TrafficWatch,
  withDumps,
  type SocketFilter,
} from '../../sockets/index.ts'
import type { TimeWaitReport } from '../../time-wait/model.ts'
import type { Sample } from '../model.ts'
import { waitingByPort } from '../rules/listener-rows.ts'
import { filteredSample, readTimeWait, sampleOf, type LookRequest, type Sampler } from './sampler.ts'

/** TIME_WAIT is read so rarely that it costs no more than this share of one CPU. */
const TIME_WAIT_SHARE = 0.02

/** The machine this runs on. */
export async function liveSampler(opened: ProcSource): Promise<Sampler> {
  const source = await withDumps(opened)
  if (source.dumpSockets === undefined) return new LiveSampler(source, undefined)
  const ends = await openEnds()
  return new LiveSampler(source, new TrafficWatch(source, typeof ends === 'string' ? undefined : ends))
}

class LiveSampler implements Sampler {
  readonly source: ProcSource
  readonly recordings = undefined
  /** Undefined where the kernel cannot be asked. */
  readonly #watch: TrafficWatch | undefined
  #waited: ReadonlyMap<number, number> | undefined
  #timeWait: TimeWaitReport | undefined
  #nextTimeWaitMs = -Infinity

  constructor(source: ProcSource, watch: TrafficWatch | undefined) {
    this.source = source
    this.#watch = watch
  }

  look(request: LookRequest): Sample {
    const look = this.#watch === undefined ? lookAtTables(this.source) : lookAtTraffic(this.#watch, this.source)
    const waited = this.#waited
    this.#waited = waitingByPort(look)
    if (request.timeWait) this.#readTimeWait()
    const sample = {
      ...sampleOf(this.source, Date.now(), look),
      timeWait: this.#timeWait,
      waited,
      without: this.#watch === undefined ? 'koffi is not installed' : undefined,
    }
    return this.filtered(sample, request.filter)
  }

  filtered(sample: Sample, filter: SocketFilter | undefined): Sample {
    return filteredSample(sample, filter, this.source)
  }

  withTimeWait(sample: Sample): Sample {
    this.#readTimeWait()
    return { ...sample, timeWait: this.#timeWait }
  }

  hear(): void {
    this.#watch?.hear()
  }

  close(): void {
    this.#watch?.close()
  }

  #readTimeWait(): void {
    const now = performance.now()
    if (now < this.#nextTimeWaitMs) return
    this.#timeWait = readTimeWait(this.source)
    this.#nextTimeWaitMs = now + (performance.now() - now) / TIME_WAIT_SHARE
  }
}
