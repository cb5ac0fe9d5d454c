import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import {
  lookAtTables,
  lookAtTraffic,
  openEnds,
  readDump,
  TrafficWatch,
  withDumps,
  type SocketFilter,
  type TrafficLook,
} from '../../sockets/index.ts'
import { readSnapshot, timeWaitReport } from '../../time-wait/index.ts'
import type { TimeWaitReport } from '../../time-wait/model.ts'
import type { Sample } from '../model.ts'
import { waitingByPort } from '../rules/listener-rows.ts'
import { selectRows } from './select-rows.ts'

/** TIME_WAIT is read so rarely that it costs no more than this share of one CPU. */
const TIME_WAIT_SHARE = 0.02

export interface LookRequest {
  filter: SocketFilter | undefined
  /** The view of TIME_WAIT is shown. */
  timeWait: boolean
}

/** Looks at a machine again and again, or at its recordings one after the other. */
export interface Sampler {
  /** The next look; undefined where there is no further recording. */
  look(request: LookRequest): Sample | undefined
  /** The same look under another filter. */
  filtered(sample: Sample, filter: SocketFilter | undefined): Sample
  /** The same look with what its TIME_WAIT sockets say, where that was not read. */
  withTimeWait(sample: Sample): Sample
  /** The machine, or the recording that was looked at last. */
  readonly source: ProcSource
  /** Recordings: how many there are, and which it is, from 1; undefined of a live machine. */
  readonly recordings: { at: number; of: number } | undefined
  /** Reads the ends that wait: between looks of a slow pace. */
  hear(): void
  close(): void
}

/** The machine this runs on. */
export async function liveSampler(opened: ProcSource): Promise<Sampler> {
  const source = await withDumps(opened)
  if (source.dumpSockets === undefined) return new SourceSampler([source], undefined, 'koffi is not installed')
  const ends = await openEnds()
  const watch = new TrafficWatch(source, typeof ends === 'string' ? undefined : ends)
  return new SourceSampler([source], watch, undefined)
}

/** Recordings of one machine in the order they were taken. */
export function recordedSampler(sources: readonly ProcSource[]): Sampler {
  const inOrder = sources.toSorted((a, b) => takenMs(a) - takenMs(b))
  const haveDumps = inOrder.every(source => optional(() => readDump(source, 'tcp')) !== undefined)
  return new SourceSampler(
    inOrder,
    haveDumps ? new TrafficWatch(inOrder[0]!, undefined) : undefined,
    haveDumps ? undefined : 'not recorded',
  )
}

const takenMs = ({ meta }: ProcSource) => (meta.takenAt === undefined ? 0 : Date.parse(meta.takenAt) || 0)

class SourceSampler implements Sampler {
  readonly #sources: readonly ProcSource[]
  readonly #watch: TrafficWatch | undefined
  readonly #without: string | undefined
  #next = 0
  #waited: ReadonlyMap<number, number> | undefined
  #timeWait: TimeWaitReport | undefined
  #nextTimeWaitMs = -Infinity

  constructor(sources: readonly ProcSource[], watch: TrafficWatch | undefined, without: string | undefined) {
    this.#sources = sources
    this.#watch = watch
    this.#without = without
  }

  get source(): ProcSource {
    return this.#sources[Math.max(0, Math.min(this.#next, this.#sources.length) - 1)]!
  }

  get recordings(): Sampler['recordings'] {
    return this.#isLive ? undefined : { at: this.#next, of: this.#sources.length }
  }

  get #isLive(): boolean {
    return this.#sources[0]!.kind === 'live'
  }

  look(request: LookRequest): Sample | undefined {
    if (!this.#isLive && this.#next === this.#sources.length) return undefined
    const first = this.#next === 0
    if (!this.#isLive || first) this.#next += 1
    const { source } = this
    if (!first && !this.#isLive) this.#watch?.turnTo(source)
    const look =
      this.#watch === undefined
        ? lookAtTables(source)
        : lookAtTraffic(this.#watch, source, this.#isLive ? undefined : takenMs(source))
    const waited = this.#waited
    this.#waited = waitingByPort(look)
    if (request.timeWait) this.#readTimeWait()
    return this.filtered(
      {
        atMs: this.#isLive ? Date.now() : takenMs(source),
        host: source.meta.host,
        source: source.label,
        look: { ...look, seconds: look.seconds || undefined },
        selected: undefined,
        undecided: 0,
        timeWait: this.#timeWait,
        waited,
        without: this.#without,
      },
      request.filter,
    )
  }

  filtered(sample: Sample, filter: SocketFilter | undefined): Sample {
    return { ...sample, ...selection(filter, sample.look) }
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
    if (this.#isLive && now < this.#nextTimeWaitMs) return
    this.#timeWait = timeWaitReport(readSnapshot(this.source))
    this.#nextTimeWaitMs = now + (performance.now() - now) / TIME_WAIT_SHARE
  }
}

function selection(filter: SocketFilter | undefined, look: TrafficLook): Pick<Sample, 'selected' | 'undecided'> {
  return filter === undefined ? { selected: undefined, undecided: 0 } : selectRows(filter, look)
}
