import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { lookAtTables, lookAtTraffic, readDump, TrafficWatch, type SocketFilter } from '../../sockets/index.ts'
import type { Sample } from '../model.ts'
import { waitingByPort } from '../rules/listener-rows.ts'
import { filteredSample, readTimeWait, sampleOf, type LookRequest, type Recordings, type Sampler } from './sampler.ts'

/** Recordings of one machine in the order they were taken. */
export function recordedSampler(sources: readonly ProcSource[]): Sampler {
  return new RecordedSampler(sources.toSorted((a, b) => takenMs(a) - takenMs(b)))
}

const takenMs = ({ meta }: ProcSource) => (meta.takenAt === undefined ? 0 : Date.parse(meta.takenAt) || 0)

class RecordedSampler implements Sampler, Recordings {
  readonly #sources: readonly ProcSource[]
  /** Undefined where not every recording has what the kernel said. */
  readonly #watch: TrafficWatch | undefined
  /** Of the recordings that were looked at: rates are those between one and the next, so that they are looked at in order. */
  readonly #samples: Sample[] = []
  #at = -1

  constructor(sources: readonly ProcSource[]) {
    this.#sources = sources
    const haveDumps = sources.every(source => optional(() => readDump(source, 'tcp')) !== undefined)
    if (haveDumps) this.#watch = new TrafficWatch(sources[0]!, undefined)
  }

  get source(): ProcSource {
    return this.#sources[Math.max(0, this.#at)]!
  }

  get recordings(): Recordings {
    return this
  }

  get at(): number {
    return this.#at + 1
  }

  get of(): number {
    return this.#sources.length
  }

  look(request: LookRequest): Sample | undefined {
    return this.step(1, request)
  }

  step(by: number, { filter, timeWait }: LookRequest): Sample | undefined {
    const to = Math.max(0, Math.min(this.#sources.length - 1, this.#at + by))
    if (to === this.#at) return undefined
    for (let i = this.#samples.length; i <= to; i += 1) this.#samples.push(this.#lookAt(i))
    this.#at = to
    const sample = this.#samples[to]!
    return this.filtered(timeWait ? this.withTimeWait(sample) : sample, filter)
  }

  filtered(sample: Sample, filter: SocketFilter | undefined): Sample {
    return filteredSample(sample, filter, this.source)
  }

  withTimeWait(sample: Sample): Sample {
    const read = this.#samples[this.#at]!
    if (read.timeWait === undefined) this.#samples[this.#at] = { ...read, timeWait: readTimeWait(this.source) }
    return { ...sample, timeWait: this.#samples[this.#at]!.timeWait }
  }

  hear(): void {}

  close(): void {}

  #lookAt(i: number): Sample {
    const source = this.#sources[i]!
    if (i > 0) this.#watch?.turnTo(source)
    const look = this.#watch === undefined ? lookAtTables(source) : lookAtTraffic(this.#watch, source, takenMs(source))
    const before = this.#samples[i - 1]
    return {
      ...sampleOf(source, takenMs(source), look),
      waited: before && waitingByPort(before.look),
      without: this.#watch === undefined ? 'not recorded' : undefined,
    }
  }
}
