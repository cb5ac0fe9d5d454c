import { setTimeout as sleep } from 'node:timers/promises'
import { chosenTables } from '../rules/selection.ts'
import { BaseCommand, originOf, sourceFlags } from '../../cli/base-command.ts'
import {
  askedTables,
  columnNamesOf,
  isShown,
  netstatFlags,
  operandsOf,
  refuseOtherJobs,
  sectionsOf,
  selectionOf,
  sortOf,
  tableChoiceOf,
} from './flags.ts'
import { EXIT_CODES, FIELDS } from './help.ts'
import { socketsDocument } from '../show/document.ts'
import { lacksSctp, limitRemarks, netstatRemarks } from '../show/remarks.ts'
import { untilSignal } from '../../cli/until-signal.ts'
import { writeOut } from '../../cli/write-out.ts'
import { resolveNames } from '../names/resolve-names.ts'
import { collectSockets, type SocketReport } from '../read.ts'
import { withTcpDump } from '../fast/with-tcp-dump.ts'
import { EXIT, UsageError } from '../../errors.ts'
import type { TableName } from '../tables/socket-row.ts'
import { columnLines } from '../../terminal/columns.ts'
import { compatLines } from '../show/compat.ts'
import { DETAIL_COLUMNS, FULL_FACT_COLUMNS, OWNER_COLUMNS, socketColumns, sortSockets } from '../show/columns.ts'
import { socketTable } from '../show/table.ts'
import { documentLine } from '../../terminal/json.ts'
import { createTheme } from '../../terminal/theme.ts'
import type { ProcSource } from '../../proc/proc-source.ts'

export default class Mynetstat extends BaseCommand {
  static override summary = 'which sockets exist and who owns them'
  static override examples = [
    { description: 'who listens, on what', command: '<%= config.bin %> -ntlp' },
    { description: 'who holds port 8080', command: '<%= config.bin %> -ntp :8080' },
    { description: 'everything, with the reason where nobody owns a socket', command: '<%= config.bin %> -anp --why' },
    {
      description: 'for programs',
      command: "<%= config.bin %> -ntl --json | jq -r '.sockets[] | [.localPort, .owners[0].program] | @tsv'",
    },
    { description: 'a recording from another machine', command: '<%= config.bin %> -antp --from server.snap.json' },
  ]
  static override strict = false
  static override flags = { ...netstatFlags, ...sourceFlags }
  static override usage = '[-antlpuxeo…] [:PORT…] [-c [SECONDS]] [--json] [--from PATH]'

  static fields = FIELDS
  static exitCodes = EXIT_CODES

  async run(): Promise<void> {
    const { flags, argv } = await this.readArguments(Mynetstat)
    refuseOtherJobs(flags)
    const choice = tableChoiceOf(flags)
    const { ports, intervalMs } = operandsOf(argv, flags)
    const columns = columnNamesOf(flags.columns)
    const sort = sortOf(flags.sort)
    if (flags.continuous && flags.from) throw new UsageError('-c repeats a live reading; a recording never changes')
    const tables = chosenTables(choice).filter(table => isShown(table, flags.compat, ports))
    const selection = selectionOf(flags, ports)
    const named = [...(columns ?? []), ...(sort ? [sort.name] : [])]
    const unexplained = !flags.json && !flags.why && !named.includes('why')
    const wantsOwners = flags.programs || flags.cmdline || flags.why || named.some(name => OWNER_COLUMNS.has(name))
    const owners =
      flags.json || named.some(name => FULL_FACT_COLUMNS.has(name)) ? 'full' : wantsOwners ? 'name' : undefined
    const brief = !(
      flags.json ||
      flags.compat ||
      flags.extend ||
      flags.timers ||
      named.some(name => DETAIL_COLUMNS.has(name))
    )
    const opened = await this.openSource(flags)
    // Listeners stand first in the table: reading them costs little.
    const source = brief && (flags.all || !flags.listening) ? await withTcpDump(opened) : opened
    const wantedNames = {
      hosts: !(flags.numeric || flags['numeric-hosts'] || flags.json),
      services: !(flags.numeric || flags['numeric-ports'] || flags.json),
      users: !(flags.numeric || flags['numeric-users'] || flags.json),
    }
    const display = { ...flags, ...selection, header: !flags['no-header'], sections: sectionsOf(tables) }
    const theme = createTheme(this.terminal.color)
    const widths = this.terminal.interactive ? 'fit' : 'fixed'
    const stop = flags.continuous ? untilSignal().signal : undefined

    for (let round = 1; ; round += 1) {
      const report = collectSockets(source, { tables, selection, owners, unexplained, brief, raw: flags.compat })
      const { names, unanswered } = await resolveNames(source, report.sockets, wantedNames)
      const context = { names, userHz: source.meta.userHz ?? 100 }
      if (sort) report.sockets = sortSockets(report.sockets, sort.name, sort.descending, context)
      if (flags.compat) {
        process.stderr.write(netstatRemarks(source, report, { ...flags, unix: display.sections.unix }))
        if (flags.sctp && lacksSctp(report.tables)) process.exitCode = EXIT.no
        await writeOut(
          compatLines(report.sockets, { ...display, ...context, numericHosts: !wantedNames.hosts }),
          'latin1',
        )
      } else {
        if (round === 1) this.#remarkLimits(source, report, askedTables(flags, tables), unanswered)
        const document = () => socketsDocument(originOf(source), report, context.userHz)
        const layout = { widths: 'fit', header: display.header, color: theme.enabled } as const
        const text = () =>
          columns
            ? columnLines(socketColumns(columns, context, theme), report.sockets, layout)
            : socketTable(report.sockets, display, context, theme, widths)
        if (flags.json && flags.continuous) await writeOut([documentLine('sockets', document(), this.warnings)])
        else await this.emit({ document, text })
      }
      if (stop === undefined) return
      await sleep(intervalMs, undefined, { signal: stop }).catch(() => {})
      if (!stop.aborted) continue
      if (flags.json)
        await writeOut([`${JSON.stringify({ type: 'summary', rounds: round, warnings: this.warnings })}\n`])
      return
    }
  }

  #remarkLimits(source: ProcSource, report: SocketReport, asked: ReadonlySet<TableName>, unanswered: number): void {
    for (const warning of limitRemarks(source, report, asked)) this.remark(warning)
    if (unanswered > 0) {
      this.remark({
        code: 'names-unresolved',
        message: `${unanswered} addresses were not resolved in time`,
        hint: '-n shows numbers at once',
      })
    }
  }
}
