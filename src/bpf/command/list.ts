import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { BaseCommand, originOf } from '../../cli/base-command.ts'
import { machineFlags } from './machine-flags.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { listAll } from '../doctor/list-tools.ts'
import { EXIT } from '../../errors.ts'
import { LEAVING_LIST_COLUMNS, listColumns } from '../show/list-text.ts'
import type { BpfListDocument } from '../show/documents.ts'
import type { Document } from '../../terminal/json.ts'
import { columnLines } from '../../terminal/columns.ts'
import { createTheme } from '../../terminal/theme.ts'
import { wrap } from '../../terminal/wrap.ts'
import { machineContext } from '../doctor/machine-context.ts'

export default class BpfList extends BaseCommand {
  static override summary = 'what can be traced here: jobs, and the tools found'
  static override description =
    'Whether something works is predicted from the probes in its program, binary or script and from what linsight bpf doctor finds; nothing is run.'
  static override examples = [
    '<%= config.bin %> bpf list',
    '<%= config.bin %> bpf list tcp',
    '<%= config.bin %> bpf list --all --json',
  ]
  static fields = `
    NAME     as typed after linsight bpf run; a tool that is no job, after linsight bpf bcc
    HERE     whether it works on this machine; unknown where that can only be tried
    THROUGH  what can run it here: bpftrace (the program of the job), libbpf, BCC, .bt (a script that came with bpftrace)
    SHOWS    what it shows; where it does not work: what to run instead, and why not
    Not detected: functions and fields of structures that this kernel no longer has.`
  static exitCodes = exitCodes({ no: 'nothing has WORD in its name or description', machine: true, input: true })
  static override args = {
    word: Args.string({ description: 'only what has this in its name or description', ignoreStdin: true }),
  }
  static override flags = {
    ...machineFlags,
    all: Flags.boolean({ char: 'a', description: 'also the tools that no job covers (WORD searches these, too)' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.readArguments(BpfList)
    const context = machineContext(flags.from)
    const all = listAll(context)
    const word = args.word?.toLowerCase()
    const entries = all.filter(entry =>
      word === undefined
        ? flags.all || entry.kind === 'job'
        : `${entry.name} ${entry.title ?? ''}`.toLowerCase().includes(word),
    )
    if (entries.length === 0) process.exitCode = EXIT.no
    const { color, width } = this.terminal
    await this.emit({
      document: (): Document<BpfListDocument, 'entries'> => ({
        what: 'bpf-list',
        origin: originOf(context.files),
        lists: { entries },
        facts: {},
      }),
      text: () =>
        columnLines(listColumns(createTheme(color)), entries, {
          widths: 'fit',
          header: true,
          color,
          width,
          leave: LEAVING_LIST_COLUMNS,
          bringBack: '--json',
        }),
    })
    if (flags.json) return
    const hidden = all.length - entries.length
    if (word === undefined && hidden > 0)
      await writeOut([`\n${wrap(`${hidden} more tools found: linsight bpf list --all`, width, 0)}\n`])
  }
}
