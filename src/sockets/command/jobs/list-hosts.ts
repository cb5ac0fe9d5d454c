import type { HostChoice } from '../../../fleet/index.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { createTheme } from '../../../terminal/theme.ts'
import type { HostSocket } from '../../hosts/host-socket.ts'
import { lookAtHost, type HostLook } from '../../hosts/host-look.ts'
import { endWarnings } from '../../hosts/rules/end-warnings.ts'
import { farEndFinder } from '../../hosts/rules/far-ends.ts'
import { unreadFindings } from '../../hosts/rules/unread.ts'
import { fleetSocketsDocument } from '../../hosts/show/fleet-document.ts'
import { fleetTable } from '../../hosts/show/fleet-table.ts'
import type { Socket } from '../../model.ts'
import { nameResolver } from '../../names/resolve-names.ts'
import { prepareFilter } from '../../prepare-filter.ts'
import { limitRemarks } from '../../show/remarks.ts'
import type { TextContext } from '../../show/cell-text.ts'
import { sortSockets, type SocketColumnName } from '../../show/columns.ts'
import type { NetstatFlags } from '../flags.ts'
import { netstatRequest, type NetstatRequest } from '../request.ts'
import type { CommandContext } from './job.ts'

type Flags = NetstatFlags & { json?: boolean | undefined; from?: string | undefined }

/** `mynetstat --host a,b`: the sockets of all hosts, joined. */
export async function listOfHosts(
  context: CommandContext,
  choice: HostChoice,
  flags: Flags,
  words: readonly string[],
): Promise<void> {
  const fleetParts = await import('../../../fleet/index.ts')
  const request = requestOf(flags, words)
  const fleet = await fleetParts.askFleet(choice, {}, warning => context.remark(warning))
  const twice = fleetParts.namedTwice(fleet.answers)
  for (const [host, first] of twice)
    context.remark({ code: 'host-named-twice', message: `${host} is the same machine as ${first}: it counts once` })
  const looks: HostLook[] = []
  for (const { host, sources } of fleet.answers)
    if (!twice.has(host)) looks.push(await look(host, sources[0]!, request, flags))
  for (const each of looks) remarkLimits(context, each, request)
  const endOf = farEndFinder(looks)
  const contexts = new Map<string, TextContext>()
  for (const each of looks) contexts.set(each.host, await textContext(each, request))
  const sockets = looks.flatMap(({ host, report }) =>
    sorted(report.sockets, request, contexts.get(host)!).map((socket): HostSocket => ({
      host,
      socket,
      end: endOf(host, socket),
    })),
  )
  for (const warning of endWarnings(sockets)) context.remark(warning)
  const findings = unreadFindings(sockets)
  const { color, width } = context.terminal
  const hosts = new Map(
    [...fleet.answers.map(fleetParts.answeredHostJson), ...fleetParts.silentHostsJson(fleet)].map(one => [
      one.host,
      one,
    ]),
  )
  await context.emit({
    document: () =>
      fleetSocketsDocument(
        { host: undefined, takenAt: new Date().toISOString(), source: 'ssh' },
        {
          hosts: choice.hosts.flatMap(host => hosts.get(host) ?? []),
          sockets,
          findings,
          filter: looks[0]?.report.filtered?.filter,
          unreadable: Object.fromEntries(looks.flatMap(refused)),
          userHz: new Map(looks.map(({ host, source }) => [host, source.meta.userHz ?? 100])),
        },
      ),
    text: () =>
      looks.length === 0
        ? []
        : fleetTable(sockets, findings, {
            theme: createTheme(color),
            width: flags.wide ? Infinity : width,
            header: !flags['no-header'],
            columns: columnsOf(flags, request),
            contexts,
          }),
  })
  fleetParts.judgeFleet(fleet)
}

/** What is asked of each host: unix, packet and netlink sockets leave none. */
function requestOf(flags: Flags, words: readonly string[]): NetstatRequest {
  const request = netstatRequest(flags, words)
  const tables = request.sockets.tables.filter(table => /^(?:tcp|udp|raw|icmp|mptcp)/.test(table))
  return { ...request, sockets: { ...request.sockets, tables, owners: request.sockets.owners ?? 'name' } }
}

async function look(host: string, source: ProcSource, request: NetstatRequest, flags: Flags): Promise<HostLook> {
  const filter = request.filter && (await prepareFilter(source, request.filter))
  return lookAtHost(host, source, { ...request.sockets, filter }, flags['all-netns'])
}

/** What limits the answer of one host. */
function remarkLimits(
  context: CommandContext,
  { host, source, report, warnings }: HostLook,
  request: NetstatRequest,
): void {
  for (const warning of [...warnings, ...limitRemarks(source, report, request.askedTables)])
    context.remark({ ...warning, message: `${host}: ${warning.message}` })
}

async function textContext({ source, report }: HostLook, request: NetstatRequest): Promise<TextContext> {
  const { names } = await nameResolver(source, request.names)(report.sockets)
  return { names, userHz: source.meta.userHz ?? 100 }
}

function sorted(sockets: readonly Socket[], { sort }: NetstatRequest, context: TextContext): readonly Socket[] {
  return sort === undefined ? sockets : sortSockets(sockets, sort.name, sort.descending, context)
}

function columnsOf(flags: Flags, { columns }: NetstatRequest): readonly SocketColumnName[] {
  if (columns !== undefined) return columns
  const when = (asked: boolean, ...names: SocketColumnName[]) => (asked ? names : [])
  return [
    'proto',
    'recv-q',
    'send-q',
    'local',
    'foreign',
    'state',
    ...when(flags.extend, 'user', 'inode'),
    ...when(flags['all-netns'], 'netns'),
    'owner',
    ...when(flags.timers, 'timer'),
    ...when(flags.cmdline, 'cmdline'),
    ...when(flags.why, 'why'),
  ]
}

function refused({ host, report }: HostLook): [string, Record<string, number>][] {
  const unreadable = report.search?.unreadable
  return unreadable === undefined || unreadable.size === 0 ? [] : [[host, Object.fromEntries(unreadable)]]
}

/** Flags that are about one host: the listing is then that of mynetstat, of this host. */
const OF_ONE = [
  'unix',
  'packet',
  'netlink',
  'protocol',
  'sctp',
  'compat',
  'summary',
  'group-by',
  'wait',
  'wait-gone',
  'fail-on',
  'watch',
  'continuous',
  'peer',
  'tcp-info',
  'netns',
  'unlisted',
] as const

/** Columns that are about one machine; who is at the other end stands in a column of its own. */
const OF_ONE_COLUMNS = ['peer', 'published']

/** The flag that makes this a question about one host, if one does. */
export function aboutOneHost(flags: Flags): string | undefined {
  const columns = (flags.columns ?? '').split(',')
  if (OF_ONE_COLUMNS.some(name => columns.includes(name))) return 'columns'
  return OF_ONE.find(name => flags[name] !== undefined && flags[name] !== false)
}
