import { resolve } from 'node:path'
import { BaseCommand } from '../../cli/base-command.ts'
import { EXIT } from '../../errors.ts'
import { asksHosts, type HostFlags } from '../../fleet/command/index.ts'
import { createTheme } from '../../terminal/theme.ts'
import { diagnose } from '../conclude.ts'
import type { DiagnosisReport } from '../model.ts'
import type { Observation } from '../observation.ts'
import { readRecording } from '../read-recording.ts'
import { observationText } from '../recording.ts'
import { narrowTo } from '../rank/narrow.ts'
import { diagnoseDocument } from '../show/document.ts'
import { causesDocument, explainCauses } from '../show/explain.ts'
import { diagnosisText } from '../show/text.ts'
import { causeOf, diagnoseFlags, refuseConflicts, type DiagnoseFlags } from './flags.ts'
import { CAUSES } from '../causes.ts'
import { EXAMPLES, EXIT_CODES, FIELDS, OVERHEAD } from './help.ts'
import { lookHere } from './look-here.ts'

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
    if (asksHosts(flags)) return this.#hosts(flags)
    // The current folder may be left.
    const record = flags.record === undefined ? undefined : resolve(flags.record)
    const seen =
      flags.from === undefined
        ? await lookHere(() => this.openSource({}), { durationMs: flags.duration, tracing: flags.trace }, flags)
        : await readRecording(flags.from, from => this.openSource({ from }))
    if (record !== undefined) await this.#record(record, seen)
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

  /** A diagnosis of each host. */
  async #hosts(flags: DiagnoseFlags & HostFlags & { all: boolean; 'fail-on': FailOn }): Promise<void> {
    const { hostsOf, judgeFleet, onlyHost } = await import('../../fleet/index.ts')
    const [{ diagnoseHosts }, { fleetDiagnoseDocument, fleetDiagnosisText }] = await Promise.all([
      import('./hosts.ts'),
      import('../show/fleet-diagnosis.ts'),
    ])
    const choice = hostsOf(flags, this.config.version)!
    if (flags.record !== undefined) onlyHost(choice, '--record')
    if (flags.pid !== undefined) onlyHost(choice, '--pid')
    const { hosts, seen, fleet } = await diagnoseHosts(choice, flags, warning => this.remark(warning))
    if (flags.record !== undefined && seen !== undefined) await this.#record(flags.record, seen)
    const theme = createTheme(this.terminal.color)
    await this.emit({
      document: () =>
        fleetDiagnoseDocument({ host: undefined, takenAt: new Date().toISOString(), source: 'ssh' }, hosts),
      text: () => fleetDiagnosisText(hosts, { width: this.terminal.width, theme, all: flags.all }),
    })
    judgeFleet(fleet)
    if (hosts.some(one => 'report' in one && isOver(one.report, flags['fail-on']))) process.exitCode ||= EXIT.no
  }

  async #record(path: string, seen: Observation): Promise<void> {
    const { writeFile } = await import('../../files/write-file.ts')
    await writeFile(path, observationText(seen), { what: 'the recording', ownerOnly: true, gzip: path.endsWith('.gz') })
  }
}

type FailOn = 'critical' | 'warning' | 'never'

function isOver({ findings }: DiagnosisReport, failOn: FailOn): boolean {
  if (failOn === 'never') return false
  return findings.some(({ severity }) => severity === 'critical' || failOn === 'warning')
}
