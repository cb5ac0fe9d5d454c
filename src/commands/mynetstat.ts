import { chosenTables, type TableChoice } from '../analyse/socket-selection.ts'
import { socketWarnings } from '../analyse/socket-warnings.ts'
import { BaseCommand, sourceFlags } from '../cli/base-command.ts'
import {
  columnNamesOf,
  netstatFlags,
  operandsOf,
  refuseOtherJobs,
  selectionOf,
  sortOf,
  tableChoiceOf,
} from '../cli/netstat-flags.ts'
import { stopOnSignals } from '../cli/stop-on-signals.ts'
import { writeOut } from '../cli/write-out.ts'
import { resolveNames } from '../collect/names.ts'
import { collectSockets, type SocketReport } from '../collect/sockets.ts'
import { UsageError } from '../errors.ts'
import { columnLines } from '../render/columns.ts'
import { jsonDocument } from '../render/json.ts'
import { compatLines, compatRemarks } from '../render/netstat-compat.ts'
import { FULL_FACT_COLUMNS, OWNER_COLUMNS, socketColumns, sortSockets } from '../render/socket-columns.ts'
import { socketJson } from '../render/socket-json.ts'
import { socketTable } from '../render/socket-table.ts'
import { createTheme } from '../render/theme.ts'
import type { ProcSource } from '../source/proc-source.ts'

import { EXIT_CODES, FIELDS } from '../cli/netstat-help.ts'

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
    const source = await this.openSource(flags)
    const tables = chosenTables(choice).filter(table => !flags.compat || !table.startsWith('icmp'))
    const wantsOwners =
      flags.programs ||
      flags.cmdline ||
      flags.why ||
      [...(columns ?? []), ...(sort ? [sort.name] : [])].some(name => OWNER_COLUMNS.has(name))
    const wantsFacts = flags.json || columns?.some(name => FULL_FACT_COLUMNS.has(name))
    const numeric = {
      hosts: flags.numeric || flags['numeric-hosts'],
      ports: flags.numeric || flags['numeric-ports'],
      users: flags.numeric || flags['numeric-users'],
    }

    const stop = flags.continuous ? stopOnSignals() : undefined
    for (let round = 0; ; round += 1) {
      const report = collectSockets(source, {
        tables,
        selection: selectionOf(flags, ports),
        owners: wantsFacts ? 'full' : wantsOwners ? 'name' : undefined,
        raw: flags.compat,
      })
      const { names, unanswered } = flags.json
        ? await resolveNames(source, [], { hosts: false, services: false, users: false })
        : await resolveNames(source, report.sockets, {
            hosts: !numeric.hosts,
            services: !numeric.ports,
            users: !numeric.users,
          })
      const context = { names, userHz: source.meta.userHz ?? 100 }
      if (sort) report.sockets = sortSockets(report.sockets, sort.name, sort.descending, context)
      const sections = sectionsOf(choice)
      const display = { ...flags, listening: flags.listening && !flags.all, header: !flags['no-header'], sections }
      if (flags.compat) {
        this.#remarkAsNetstat(source, report, flags, choice)
        const lines = compatLines(report.sockets, { ...display, ...context, numericHosts: numeric.hosts })
        await writeOut(lines, 'latin1')
      } else {
        if (round === 0) this.#remarkLimits(source, report, tables, choice, flags.verbose, unanswered)
        const theme = createTheme(this.terminal.color)
        const widths = this.terminal.interactive ? 'fit' : 'fixed'
        if (flags.json) await writeOut(this.#json(source, report, flags.continuous))
        else if (columns)
          await writeOut(
            columnLines(socketColumns(columns, context, theme), report.sockets, {
              widths: 'fit',
              header: display.header,
              color: theme.enabled,
            }),
          )
        else await writeOut(socketTable(report.sockets, display, context, theme, widths))
      }
      if (stop === undefined) break
      if (await stop.within(intervalMs)) {
        if (flags.json)
          await writeOut([`${JSON.stringify({ type: 'summary', rounds: round + 1, warnings: this.warnings })}\n`])
        break
      }
    }
  }

  #json(source: ProcSource, report: SocketReport, continuous: boolean): Iterable<string> {
    const { search, tables } = report
    const userHz = source.meta.userHz ?? 100
    const envelope = {
      schema: 'linsight/sockets/1',
      host: source.meta.host,
      takenAt: source.kind === 'live' ? new Date().toISOString() : source.meta.takenAt,
      source: source.label,
    }
    const tail = {
      unlistedSockets: search?.unlisted,
      missingTables: tables.missing,
      duplicateRows: tables.duplicates,
      recoveredRows: tables.recovered,
      processes: search?.processes,
      warnings: this.warnings,
      unreadable: Object.fromEntries(search?.unreadable ?? []),
    }
    if (continuous)
      return [
        `${JSON.stringify({ type: 'sockets', ...envelope, sockets: report.sockets.map(socket => socketJson(socket, userHz)), ...tail })}\n`,
      ]
    const sockets = (function* () {
      for (const socket of report.sockets) yield socketJson(socket, userHz)
    })()
    return jsonDocument(envelope, { sockets }, tail)
  }

  #remarkLimits(
    source: ProcSource,
    report: SocketReport,
    tables: SocketReport['tables']['missing'][number]['table'][],
    choice: TableChoice,
    verbose: boolean,
    unanswered: number,
  ): void {
    const { search } = report
    const warnings = socketWarnings({
      ...report.tables,
      asked: new Set(
        verbose
          ? tables
          : [...tables].filter(table =>
              table === 'sctp'
                ? choice.sctp
                : table === 'tcp' || table === 'unix' || (table.startsWith('udplite') && choice.udplite),
            ),
      ),
      byteOrderAssumed: report.byteOrderAssumed,
      unverified: report.sockets.filter(socket => socket.unverified).length,
      owners: search && {
        ...search.view,
        processes: search.processes,
        unreadable: [...search.unreadable.values()].reduce((sum, count) => sum + count, 0),
        hiddenSockets: search.hiddenSockets,
        threadsCut: search.threadsCut,
        recorded: source.kind !== 'live',
        isRoot: source.meta.uid === 0,
        runtime: process.execPath,
      },
    })
    if (unanswered > 0)
      warnings.push({
        code: 'W_NAMES',
        message: `${unanswered} addresses were not resolved in time`,
        hint: '-n shows numbers at once',
      })
    for (const warning of warnings) this.remark(warning)
  }

  #remarkAsNetstat(
    source: ProcSource,
    report: SocketReport,
    flags: { programs: boolean; sctp: boolean; verbose: boolean },
    choice: TableChoice,
  ): void {
    const { search, tables } = report
    const denied =
      flags.programs && search && search.unlistable > 0
        ? { all: search.foundNone, uid: source.meta.uid ?? 0 }
        : undefined
    let text = compatRemarks({ ...tables, denied })
    const sctpMissing = tables.missing.some(({ table }) => table === 'sctp')
    if (sctpMissing && flags.sctp) {
      text += "netstat: no support for `AF INET (sctp)' on this system.\n"
      process.exitCode = 1
    } else if (flags.verbose && chosenTables(choice).includes('unix')) {
      text += ['INET (sctp)', 'INET (sctp)', 'IPX', 'AX25', 'X25', 'NETROM', 'ROSE']
        .map(name => `netstat: no support for \`AF ${name}' on this system.\n`)
        .join('')
    }
    process.stderr.write(text)
  }
}

function sectionsOf(choice: TableChoice): { inet: boolean; unix: boolean; packet: boolean; netlink: boolean } {
  const tables = new Set(chosenTables(choice))
  return {
    inet:
      tables.has('tcp') ||
      tables.size > [...tables].filter(table => table === 'unix' || table === 'packet' || table === 'netlink').length,
    unix: tables.has('unix'),
    packet: tables.has('packet'),
    netlink: tables.has('netlink'),
  }
}
