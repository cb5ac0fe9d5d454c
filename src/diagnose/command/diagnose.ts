import { statSync } from 'node:fs'
import { BaseCommand } from '../../cli/base-command.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { EXIT, InputError, optional } from '../../errors.ts'
import { openBytes, readAtMost, unpack } from '../../proc/open-bytes.ts'
import { parseSnapshot } from '../../proc/snapshot-format.ts'
import { createTheme } from '../../terminal/theme.ts'
import { diagnose, findAll, pidsToDescribe } from '../conclude.ts'
import { describeProcess } from '../look/describe.ts'
import { observeOnce } from '../look/observe-once.ts'
import { observe } from '../look/observe.ts'
import type { DiagnosisReport } from '../model.ts'
import type { Observation } from '../observation.ts'
import { isObservation, observationText, parseObservation } from '../recording.ts'
import { narrowTo } from '../rank/narrow.ts'
import { diagnoseDocument } from '../show/document.ts'
import { causesDocument, explainCauses } from '../show/explain.ts'
import { diagnosisText } from '../show/text.ts'
import { causeOf, DEFAULT_DURATION_MS, diagnoseFlags, refuseConflicts, type DiagnoseFlags } from './flags.ts'
import { CAUSES } from '../causes.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, OVERHEAD } from './help.ts'

/** A recording of a large machine has some megabytes. */
const MOST_BYTES = 256 * 1024 * 1024
const PROGRESS_MS = 250

export default class Diagnose extends BaseCommand {
  static override summary = 'what is wrong on this machine: who, why, and what helps'
  static override description =
    'Looks for five seconds at processes, sockets of every network namespace, limits, locks, disks and at system calls ' +
    'that fail, and names the process that is the cause. Nothing is changed, and nothing of others is started or stopped.'
  static override examples = EXAMPLES
  static override completions = { explain: { words: ['all', ...Object.keys(CAUSES)] } }
  static override flags = diagnoseFlags
  static fields = FIELDS
  static overhead = OVERHEAD
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const { flags } = await this.readArguments(Diagnose)
    refuseConflicts(flags)
    if (flags.explain !== undefined) {
      const causes = flags.explain === 'all' ? undefined : [causeOf(flags.explain)]
      return this.emit({
        document: () => causesDocument(causes),
        text: () => explainCauses(causes, this.terminal.width),
      })
    }
    const seen = flags.from === undefined ? await this.#look(flags) : await this.#recorded(flags.from)
    if (flags.record !== undefined) await this.#record(flags.record, seen)
    const report = narrowTo(diagnose(seen), seen, flags)
    const theme = createTheme(this.terminal.color)
    await this.emit({
      document: () =>
        diagnoseDocument({ host: seen.host, takenAt: seen.takenAt, source: flags.from ?? 'live' }, report),
      text: () => diagnosisText(report, { width: this.terminal.width, theme, all: flags.all }),
    })
    if (isOver(report, flags['fail-on'])) process.exitCode ||= EXIT.no
    // The kernel takes the tracer apart, which takes a while; nothing of it is needed any more.
    if (flags.from === undefined) setImmediate(() => process.exit())
  }

  async #look(flags: DiagnoseFlags): Promise<Observation> {
    const source = await this.openSource({})
    const durationMs = flags.duration ?? DEFAULT_DURATION_MS
    const { signal, done } = untilSignal()
    const hide = showProgress(durationMs)
    const seen = await observe(source, { durationMs, tracing: flags.trace, stop: signal }).finally(hide)
    done()
    const named = new Set([...pidsToDescribe(findAll(seen)), ...(flags.pid === undefined ? [] : [flags.pid])])
    for (const process of seen.processes)
      if (named.has(process.pid)) process.described = describeProcess(source, process, seen)
    return seen
  }

  /** A recording of a diagnosis, or of /proc. */
  async #recorded(path: string): Promise<Observation> {
    const isFile = path !== '-' && optional(() => statSync(path).isFile()) === true
    // What comes through a pipe can be read once only.
    const isPipe = path === '-' || optional(() => statSync(path).isFIFO()) === true
    const bytes = isPipe ? await pipedBytes(path) : isFile ? optional(() => readAtMost(path, MOST_BYTES)) : undefined
    const text = bytes && optional(() => unpack(bytes, MOST_BYTES))
    if (text !== undefined && isObservation(text.toString('latin1', 0, 100)))
      return parseObservation(text.toString('utf8'), path)
    if (isPipe && text !== undefined && !text.toString('latin1', 0, 100).trimStart().startsWith('{'))
      throw new InputError(
        'input-format',
        `what came from ${path === '-' ? 'standard input' : path} is no recording in JSON`,
        {
          hint: 'an archive is read as a file: --from FILE',
        },
      )
    const source =
      isPipe && text !== undefined ? parseSnapshot(text.toString('utf8'), path) : await this.openSource({ from: path })
    const seen = observeOnce(source)
    const named = new Set(pidsToDescribe(findAll(seen)))
    for (const process of seen.processes)
      if (named.has(process.pid)) process.described = describeProcess(source, process, seen)
    return seen
  }

  async #record(path: string, seen: Observation): Promise<void> {
    const { writeFile } = await import('../../files/write-file.ts')
    await writeFile(path, observationText(seen), { what: 'the recording', ownerOnly: true, gzip: path.endsWith('.gz') })
  }
}

function isOver({ findings }: DiagnosisReport, failOn: 'critical' | 'warning' | 'never'): boolean {
  if (failOn === 'never') return false
  return findings.some(({ severity }) => severity === 'critical' || failOn === 'warning')
}

/** Says on a terminal that it looks, and how long still; returns what takes that away. */
function showProgress(durationMs: number): () => void {
  if (!process.stderr.isTTY) return () => {}
  const startedAt = performance.now()
  const show = () => {
    const left = Math.max(0, Math.ceil((durationMs - (performance.now() - startedAt)) / 1000))
    process.stderr.write(`\rlooking, ${left} s more\x1b[K`)
  }
  show()
  const timer = setInterval(show, PROGRESS_MS)
  return () => {
    clearInterval(timer)
    process.stderr.write('\r\x1b[K')
  }
}

/** Everything that comes through a pipe, or from stdin. */
async function pipedBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of path === '-' ? process.stdin : openBytes(path)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
