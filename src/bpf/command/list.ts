import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { checkMachine } from '../doctor/check-machine.ts'
import { BaseCommand, originOf } from '../../cli/base-command.ts'
import { machineFlags } from './machine-flags.ts'
import { exitCodes } from '../../cli/exit-codes.ts'
import { writeOut } from '../../cli/write-out.ts'
import { readBpfMachine } from '../doctor/machine/read-machine.ts'
import { listAll } from '../doctor/list-tools.ts'
import { EXIT } from '../../errors.ts'
import { listColumns } from '../doctor/list-text.ts'
import { columnLines } from '../../terminal/columns.ts'
import { createTheme } from '../../terminal/theme.ts'
import { openMachine } from '../doctor/machine/machine-files.ts'

export default class BpfList extends BaseCommand {
  static override summary = 'what can be traced here: our jobs, and the tools found'
  static override description =
    'Whether something works is told from the probes in its program, binary or script and from what linsight bpf doctor sees; nothing is run.'
  static override examples = [
    '<%= config.bin %> bpf list',
    '<%= config.bin %> bpf list tcp',
    '<%= config.bin %> bpf list --all --json',
  ]
  static fields = `
    NAME     as typed after linsight bpf run; a tool that is no job, after linsight bpf bcc
    HERE     whether it works on this machine; unknown where that can only be tried
    THROUGH  what can run it here: bpftrace (our own program), libbpf, BCC, .bt (a script that came with bpftrace)
    SHOWS    what it tells; where it does not work: what to take instead, and why not
    Not seen: functions and fields of structures that this kernel no longer has.`
  static exitCodes = exitCodes({ no: 'nothing has WORD in its name or description', machine: true, input: true })
  static override args = {
    word: Args.string({ description: 'only what has this in its name or description', ignoreStdin: true }),
  }
  static override flags = {
    ...machineFlags,
    all: Flags.boolean({ char: 'a', description: 'also the tools no job of ours covers (WORD searches these, too)' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.readArguments(BpfList)
    const files = openMachine(flags.from)
    const machine = readBpfMachine(files)
    const all = listAll(files, machine, checkMachine(machine))
    const word = args.word?.toLowerCase()
    const entries = all.filter(entry =>
      word === undefined
        ? flags.all || entry.kind === 'job'
        : `${entry.name} ${entry.title ?? ''}`.toLowerCase().includes(word),
    )
    if (entries.length === 0) process.exitCode = EXIT.no
    const { color } = this.terminal
    await this.emit({
      document: () => ({ what: 'bpf-list', origin: originOf(files), lists: { entries }, facts: {} }),
      text: () => columnLines(listColumns(createTheme(color)), entries, { widths: 'fit', header: true, color }),
    })
    if (flags.json) return
    const hidden = all.length - entries.length
    if (word === undefined && hidden > 0) await writeOut([`\n${hidden} more tools found: linsight bpf list --all\n`])
  }
}
