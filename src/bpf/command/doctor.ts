import * as Flags from '@oclif/core/flags'
import { PROBE_NEEDS, canAttach } from '../doctor/attach.ts'
import { checkMachine } from '../doctor/check-machine.ts'
import { BaseCommand, originOf } from '../../cli/base-command.ts'
import { machineFlags } from './machine-flags.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import { EXIT, UsageError } from '../../errors.ts'
import { doctorLines } from '../show/doctor-text.ts'
import type { BpfDoctorDocument } from '../show/documents.ts'
import type { Document } from '../../terminal/json.ts'
import { escapeText } from '../../terminal/escape.ts'
import { wrap } from '../../terminal/wrap.ts'
import { createTheme } from '../../terminal/theme.ts'
import { openMachine, recording } from '../doctor/machine/machine-files.ts'
import { writeRecording } from '../../cli/write-recording.ts'

const SUMMARY = [
  ['yes', 'works here:     '],
  ['no', 'does not work:  '],
  ['unknown', 'not known:      '],
] as const

export default class BpfDoctor extends BaseCommand {
  static override summary = 'which kinds of tracing work on this machine, why not, and what would fix it'
  static override description =
    'Reads files only: nothing is started and nothing is loaded into the kernel, unless --versions is given.'
  static override examples = [
    '<%= config.bin %> bpf doctor',
    '<%= config.bin %> bpf doctor --json',
    '<%= config.bin %> bpf doctor --record server.json',
    '<%= config.bin %> bpf doctor --from server.json',
  ]
  static fields = `
    state    ok, caution (works, but with a limit), fail, unknown (no file tells);
             in JSON the severity: ok, warning, critical, unknown
    check    what was looked at; in JSON the code
    finding  what was found and what follows from it
    →        the command or the setting that changes it; in JSON do
    With --from, what the recording does not hold counts as absent.`
  static exitCodes = exitCodes({ no: 'not even tracepoints can be traced', machine: true, input: true })
  static override flags = {
    ...machineFlags,
    record: Flags.string({
      helpValue: 'FILE',
      description: 'save what was read, to look at it elsewhere with --from',
    }),
    versions: Flags.boolean({ description: 'also run the tools found, to learn their versions' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.readArguments(BpfDoctor)
    const seen = recording(openMachine(flags.from))
    const machine = readBpfMachine(seen.files)
    const checks = checkMachine(machine)
    const works = Object.fromEntries(PROBE_NEEDS.map(need => [need, canAttach(need, checks)]))
    if (flags.versions && seen.files.kind !== 'live')
      throw new UsageError('--versions runs tools, which a recording does not hold')
    const versions = flags.versions
      ? await (await import('../doctor/machine/versions.ts')).readVersions(machine)
      : undefined
    if (flags.record !== undefined) await writeRecording(flags.record, seen.text())
    if (works['tracepoint'] === 'no') process.exitCode = EXIT.no
    const theme = createTheme(this.terminal.color)
    await this.emit({
      document: (): Document<BpfDoctorDocument, 'checks'> => ({
        what: 'bpf-doctor',
        origin: originOf(seen.files),
        lists: { checks },
        facts: { works, versions },
      }),
      text: () => [
        ...doctorLines(checks, theme, this.terminal.width),
        '\n',
        ...SUMMARY.map(([verdict, text]) => ({ text, needs: PROBE_NEEDS.filter(need => works[need] === verdict) }))
          .filter(({ needs }) => needs.length > 0)
          .map(({ text, needs }) => `${wrap(`${text}${theme.strong(needs.join(', '))}`, this.terminal.width, 2)}\n`),
        ...Object.entries(versions ?? {}).map(([program, version]) => `${program}: ${escapeText(version)}\n`),
      ],
    })
  }
}
