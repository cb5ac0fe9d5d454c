import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { withDumps } from '../../sockets/index.ts'
import type { NotLooked, Observation } from '../observation.ts'
import { RULES } from '../rules/all.ts'
import { startTracer, type RunningTracer } from '../trace/tracer.ts'
import { askAboutListeners } from './sockets/ask-listeners.ts'
import { askAboutSenders } from './sockets/ask-senders.ts'
import { refusedAddresses } from './sockets/bound.ts'
import { lookAtLocalPorts } from './sockets/port-pressure.ts'
import { lookFirst } from './first-look.ts'
import { glance, sample } from './glance.ts'
import { lookAgain } from './last-look.ts'

/** How long starting the tracer goes before the first look. */
const HEAD_START_MS = 300
/** When the second glance chooses who is looked at closely, and how often those are looked at then. */
const GLANCE_MS = 900
const SAMPLE_MS = 400
/** The tracer has to have counted so long, and is waited for so long beyond the time asked for at most. */
const LEAST_TRACED_MS = 2000
const LATEST_MS = 1600
/** A diagnosis is done so long after the time asked for; what follows the last look takes so long of it. */
const DONE_MS = 2000
const REST_MS = 200

export interface ObserveOptions {
  durationMs: number
  tracing: boolean
  /** Says how it goes, for a terminal. */
  progress?: ((text: string) => void) | undefined
  /** Ends the looking early. */
  stop?: AbortSignal | undefined
}

/** Looks twice at the machine, and at what is conspicuous in between. */
export async function observe(proc: ProcSource, options: ObserveOptions): Promise<Observation> {
  const source = await withDumps(proc)
  const notLooked: NotLooked[] = []
  // Every wait listens to it.
  if (options.stop) setMaxListeners(0, options.stop)
  const startedAt = performance.now()
  const elapsed = () => performance.now() - startedAt
  // It takes a second to attach its probes, in which the first look is taken.
  const starting = options.tracing ? beginTracing(source, notLooked) : Promise.resolve(undefined)
  await Promise.race([starting, sleep(HEAD_START_MS)])
  const firstAt = elapsed()
  const first = await lookFirst(source, notLooked)
  // The last look reads descriptors besides.
  const lastLookMs = 2 * (elapsed() - firstAt)
  const latest = options.durationMs + Math.min(LATEST_MS, Math.max(0, DONE_MS - REST_MS - lastLookMs))
  const tracer = await Promise.race([starting, sleep(Math.max(0, GLANCE_MS - elapsed()), 'late' as const)])
  const wait = (untilMs: number) =>
    sleep(Math.max(0, untilMs - elapsed()), undefined, { signal: options.stop }).catch(() => {})

  await wait(GLANCE_MS)
  const glanceAt = elapsed()
  const close = glance(source, first, glanceAt)
  for (let next = glanceAt + SAMPLE_MS; next < options.durationMs - SAMPLE_MS / 2; next += SAMPLE_MS) {
    await wait(next)
    if (options.stop?.aborted) break
    sample(source, first, close)
  }
  await wait(options.durationMs - SAMPLE_MS)
  if (tracer === 'late') {
    notLooked.push(notAttached)
    void starting.then(late => late?.end())
  }
  if (tracer === 'late' || tracer === undefined) await wait(options.durationMs)
  else await untilCounted(tracer, elapsed, latest, options, notLooked)
  const running = tracer === 'late' ? undefined : tracer
  const trace = running?.trace()
  const lost = running?.lost?.() ?? 0
  if (lost > 0)
    notLooked.push({
      what: `${lost} system calls and other events`,
      why: 'they came faster than they could be read',
      causes: [],
    })
  const durationMs = elapsed()
  const ports = new Set([
    ...(trace?.failures ?? []).flatMap(({ examples }) => examples.flatMap(({ address }) => address?.port ?? [])),
    ...(trace?.retransmits ?? []).map(({ localPort }) => localPort),
  ])
  const observation = lookAgain(source, first, close, {
    durationMs,
    notLooked,
    ports,
    refused: refusedAddresses(trace),
  })
  running?.end()
  askAboutListeners(source, observation.namespaces)
  askAboutSenders(source, observation.namespaces, trace)
  await lookAtLocalPorts(source, observation.namespaces, trace)
  return {
    ...observation,
    trace,
    observers: [process.pid, process.ppid, ...(running === undefined ? [] : [running.pid])],
  }
}

const TRACED_CAUSES = RULES.filter(({ needs }) => needs.includes('trace')).map(({ cause }) => cause)

async function beginTracing(source: ProcSource, notLooked: NotLooked[]): Promise<RunningTracer | undefined> {
  const own = optional(() => source.readLink('self/ns/pid'))
  const number = /^pid:\[(\d+)\]$/.exec(own ?? '')?.[1]
  const tracer = await startTracer(number === FIRST_PID_NAMESPACE ? undefined : number).catch((error: Error) => ({
    obstacle: error.message,
    hint: undefined,
  }))
  if (!('obstacle' in tracer)) {
    if (tracer.blind !== undefined) {
      const { why, hint, causes } = tracer.blind
      notLooked.push({ what: 'what system calls that fail are about', why, hint, causes: [...causes] })
    }
    return tracer
  }
  notLooked.push({ what: 'system calls that fail', why: tracer.obstacle, hint: tracer.hint, causes: TRACED_CAUSES })
  return undefined
}

/** PROC_PID_INIT_INO of the kernel: the same on every machine. */
const FIRST_PID_NAMESPACE = '4026531836'

/** Waits for the totals that are nearest to the end. */
async function untilCounted(
  tracer: RunningTracer,
  elapsed: () => number,
  latest: number,
  { durationMs, stop }: ObserveOptions,
  notLooked: NotLooked[],
): Promise<void> {
  const late = () =>
    sleep(Math.max(0, latest - elapsed()), 'late' as const, { signal: stop }).catch(() => 'late' as const)
  for (;;) {
    const outcome = await Promise.race([tracer.nextTotals(), late()])
    const traced = tracer.durationMs() ?? 0
    if (outcome === 'late' || (elapsed() >= durationMs - 300 && traced >= LEAST_TRACED_MS)) break
    if (elapsed() >= latest) break
  }
  if (tracer.durationMs() !== undefined) return
  const failure = tracer.failure()
  notLooked.push(
    failure === undefined ? notAttached : { ...notAttached, why: `tracing failed: ${failure}`, hint: undefined },
  )
}

const notAttached: NotLooked = {
  what: 'system calls that fail',
  why: 'the tracer was not attached in time',
  hint: 'look longer: --duration 10s',
  causes: TRACED_CAUSES,
}
