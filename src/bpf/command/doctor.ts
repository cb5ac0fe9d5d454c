import * as Flags from '@oclif/core/flags'
import { PROBE_NEEDS, verdictOn } from '../doctor/attach.ts'
import { checkMachine } from '../doctor/check-machine.ts'
import { BaseCommand } from '../../cli/base-command.ts'
import { machineFlags } from './machine-flags.ts'
import { writeOut } from '../../cli/write-out.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import { EXIT, UsageError } from '../../errors.ts'
import { doctorLines } from '../doctor/doctor-text.ts'
import { escapeText } from '../../terminal/escape.ts'
import { jsonDocument } from '../../terminal/json.ts'
import { createTheme } from '../../terminal/theme.ts'
import { openMachine, recording } from '../doctor/machine/machine-files.ts'
import { writeSnapshot } from '../../proc/write-snapshot.ts'

const SUMMARY = [
  ['yes', 'works here:     '],
  ['no', 'does not work:  '],
  ['unknown', 'cannot be told: '],
] as const

export default class BpfDoctor extends BaseCommand {
  static override summary = 'what tracing this machine allows, why not, and what mends it'
  static override description =
    'Reads files only: nothing is started and nothing is loaded into the kernel, unless --versions is given.'
  static override examples = [
    '<%= config.bin %> bpf doctor',
    '<%= config.bin %> bpf doctor --json',
    '<%= config.bin %> bpf doctor --record server.json',
    '<%= config.bin %> bpf doctor --from server.json',
  ]
  static fields = `
    state      ok, caution (works, but not as one may expect), fail, unknown (no file tells)
    check      what was looked at; the same word in the JSON document
    finding    what was found and what follows from it
    →          the command or the setting that mends it
    With --from, what the recording does not hold counts as absent.`
  static exitCodes = `
    0  tracepoints can be traced      1  not even those
    2  wrong usage                    3  not Linux, and no --from        4  the recording cannot be read`
  static override flags = {
    ...machineFlags,
    record: Flags.string({
      helpValue: 'FILE',
      description: 'write down what was read, to look at it elsewhere with --from',
    }),
    versions: Flags.boolean({ description: 'also run the tools found, to learn their versions' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.readArguments(BpfDoctor)
    const seen = recording(openMachine(flags.from))
    const machine = readBpfMachine(seen.files)
    const checks = checkMachine(machine)
    const works = Object.fromEntries(PROBE_NEEDS.map(need => [need, verdictOn(need, checks)]))
    if (flags.versions && seen.files.kind !== 'live')
      throw new UsageError('--versions runs tools, which a recording does not hold')
    const versions = flags.versions
      ? await (await import('../doctor/machine/versions.ts')).readVersions(machine)
      : undefined
    if (flags.record !== undefined) await writeSnapshot(flags.record, seen.text())
    if (works['tracepoint'] === 'no') process.exitCode = EXIT.no
    if (flags.json) {
      const { host, takenAt } = seen.files.meta
      await writeOut(
        jsonDocument(
          { schema: 'linsight/bpf-doctor/1', host, takenAt, source: seen.files.label },
          { checks },
          { works, versions, warnings: this.warnings, unreadable: {} },
        ),
      )
      return
    }
    const theme = createTheme(this.terminal.color)
    await writeOut(doctorLines(checks, theme))
    await writeOut(['\n'])
    for (const [verdict, text] of SUMMARY) {
      const needs = PROBE_NEEDS.filter(need => works[need] === verdict)
      if (needs.length > 0) await writeOut([`${text}${theme.strong(needs.join(', '))}\n`])
    }
    for (const [program, version] of Object.entries(versions ?? {}))
      await writeOut([`${program}: ${escapeText(version)}\n`])
  }
}
