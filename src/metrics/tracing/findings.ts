import { setTimeout as sleep } from 'node:timers/promises'
import { readTool } from '../../children/read-tool.ts'
import type { Contributor } from '../collect/collector.ts'
import type { MetricSet } from '../metric-set.ts'
import { findingRows } from '../rules/finding-rows.ts'
import type { MetricRow } from '../rules/fold.ts'

/** A diagnosis takes five seconds, on a machine with very many processes some more. */
const TIMEOUT_MS = 120_000
const MOST_BYTES = 16 * 1024 * 1024
/** The first run waits until whoever starts with the machine has started, too. */
const FIRST_MS = 1000

/** What linsight diagnose prints with --json. */
export type Diagnose = () => Promise<string>

interface FindingsOptions {
  intervalMs: number
  log: (text: string) => void
  diagnose?: Diagnose
  firstMs?: number
}

/** Runs linsight diagnose from time to time and tells what its last run found. */
export class Findings implements Contributor {
  readonly #options: FindingsOptions
  readonly #stopping = new AbortController()
  #rows: readonly MetricRow[] = []
  #endedAtMs: number | undefined
  #up = 0
  readonly done: Promise<void>

  constructor(options: FindingsOptions) {
    this.#options = options
    this.done = this.#keepLooking()
  }

  addTo(set: MetricSet): void {
    set.addRows(['linsight_finding'], this.#rows)
    set.set('linsight_findings_up', this.#up)
    set.set('linsight_findings_timestamp_seconds', this.#endedAtMs === undefined ? undefined : this.#endedAtMs / 1000)
  }

  stop(): Promise<void> {
    this.#stopping.abort()
    return this.done
  }

  async #keepLooking(): Promise<void> {
    const { intervalMs, firstMs = FIRST_MS, diagnose = diagnoseInChild } = this.#options
    const { signal } = this.#stopping
    const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    await sleep(firstMs, undefined, { signal }).catch(() => {})
    while (!signal.aborted) {
      const startedAt = performance.now()
      // A run that is under way ends with us.
      await Promise.race([this.#look(diagnose), stopped])
      const left = intervalMs - (performance.now() - startedAt)
      await sleep(Math.max(0, left), undefined, { signal }).catch(() => {})
    }
  }

  async #look(diagnose: Diagnose): Promise<void> {
    try {
      const rows = findingRows(await diagnose())
      if (rows === undefined) throw new Error('what it printed is no diagnosis')
      this.#rows = rows
      this.#endedAtMs = Date.now()
      this.#up = 1
    } catch (error) {
      // What was found before may be true no more.
      this.#rows = []
      this.#up = 0
      this.#options.log(`linsight diagnose gave no answer: ${(error as Error).message}`)
    }
  }
}

/**
 * In a process of its own: it takes memory that is given back with it, and nothing it waits for keeps a scrape waiting. It
 * looks without a tracer, which would take a second of a processor each time.
 */
async function diagnoseInChild(): Promise<string> {
  const [file, ...args] = ownProgram()
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES }
  const { stdout, stderr, exitCode } = await readTool(
    file!,
    [...args, 'diagnose', '--json', '--no-trace', '--fail-on', 'never'],
    limits,
  )
  if (exitCode !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `it ended with ${exitCode}`)
  // Bytes of a text that is UTF-8.
  return Buffer.from(stdout, 'latin1').toString('utf8')
}

/** How this program was started: by Node, or by itself as one executable. */
function ownProgram(): string[] {
  const [, script] = process.argv
  const isExecutable = script === undefined || script === process.execPath
  return isExecutable ? [process.execPath] : [process.execPath, ...process.execArgv, script]
}
