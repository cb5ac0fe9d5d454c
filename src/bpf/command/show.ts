import * as Args from '@oclif/core/args'
import { BaseCommand, originOf } from '../../cli/base-command.ts'
import { filterFlags } from './flags.ts'
import { prepareJob } from '../run/prepare-job.ts'
import { buildProgram } from '../jobs/build.ts'
import { wrap } from '../../terminal/wrap.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import type { Document } from '../../terminal/json.ts'
import type { BpfShowDocument } from '../show/documents.ts'
import { JOBS } from '../jobs/catalog.ts'

/** Stands for the pids of linsight and bpftrace, which are known only when they run. */
const OWN_PIDS = [0]

export default class BpfShow extends BaseCommand {
  static override summary = 'the exact program a job would run, and what its columns mean; nothing is executed'
  static override examples = [
    '<%= config.bin %> bpf show opensnoop --comm postgres',
    '<%= config.bin %> bpf show tcplife > tcplife.bt',
  ]
  static fields = `
    The program is what bpftrace gets on its stdin here: probes this kernel does not have are left out of it. Where it says
    pid != 0, a run puts the pids of linsight and bpftrace, so that they do not trace themselves.`
  static exitCodes = exitCodes({ machine: true })
  static override completions = { '': { words: JOBS.map(({ name }) => name) } }
  static override args = {
    job: Args.string({
      required: true,
      description: 'name of the job, as linsight bpf list shows it',
      ignoreStdin: true,
    }),
  }
  static override flags = { ...filterFlags }

  async run(): Promise<void> {
    const { flags, args } = await this.readArguments(BpfShow)
    const { job, filter, programContext, context } = prepareJob(args.job, flags)
    const prepared = programContext(OWN_PIDS, filter)
    const canTell = context.machine.kernelFiles.tracepoints === 'readable'
    if (!canTell)
      this.remark({
        code: 'tracepoints-unknown',
        message: 'tracefs cannot be read here: the program may name probes that this kernel does not have',
        hint: 'linsight bpf doctor says why',
      })
    const program = buildProgram(job, canTell ? prepared : { ...prepared, hasTracepoint: () => true })
    const { name, title, shows, doesNotShow, overhead, shape, fields, probes } = job
    const comment = (text: string, indent = 2) =>
      `// ${wrap(text, this.terminal.width - 3, indent).replaceAll('\n', '\n// ')}\n`
    const columns = fields.map(field => comment(`  ${field.header.padEnd(9)} ${field.about}`, 12))
    await this.emit({
      document: (): Document<BpfShowDocument> => ({
        what: 'bpf-show',
        origin: originOf(context.files),
        facts: {
          job: name,
          title,
          shows,
          doesNotShow,
          overhead,
          shape,
          fields,
          probes,
          program,
        },
      }),
      text: () => [
        ...[`${name}: ${title}`, shows, `Does not show: ${doesNotShow}`, `Overhead: ${overhead}`].map(text =>
          comment(text),
        ),
        ...(columns.length === 0 ? [] : ['// Columns:\n', ...columns]),
        `\n${program}`,
      ],
    })
  }
}
