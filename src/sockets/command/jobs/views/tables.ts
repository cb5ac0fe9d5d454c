import { originOf } from '../../../../cli/base-command.ts'
import { writeOut } from '../../../../cli/write-out.ts'
import { InputError, MachineError } from '../../../../errors.ts'
import {
  askFullRoutes,
  askLinks,
  compat,
  readGroups,
  readInterfaces,
  readRoutes,
  show,
  viewWarnings,
} from '../../../../network/index.ts'
import type { InterfacesReport } from '../../../../network/model.ts'
import type { ProcSource } from '../../../../proc/proc-source.ts'
import { createTheme } from '../../../../terminal/theme.ts'
import { routeNames } from '../../../names/route-names.ts'
import { byteOrderOf } from '../../../tables/guess-endianness.ts'
import type { View } from '../../views-flags.ts'
import type { JobContext } from '../job.ts'
import { byteOrderRemark, type ShowView, type ViewRequest } from './view.ts'

type Show = (source: ProcSource, job: JobContext, request: ViewRequest) => Promise<ShowView> | ShowView

/** What shows one of netstat's tables that are not of sockets. */
export async function viewTable(
  view: Exclude<View, 'statistics'>,
  source: ProcSource,
  job: JobContext,
  request: ViewRequest,
): Promise<ShowView> {
  return TABLES[view](source, job, request)
}

const layoutOf = ({ terminal }: JobContext) => ({ theme: createTheme(terminal.color), width: terminal.width })

const remarkAll = (job: JobContext, ...lists: ReturnType<typeof viewWarnings.fileWarnings>[]) => {
  for (const warning of lists.flat()) job.remark(warning)
}

const showRoutes: Show = (source, job, { flags, extend }) => {
  const named = (flags.protocol ?? '').split(',')
  const asked = { ipv4: flags.inet || named.includes('inet'), ipv6: flags.inet6 || named.includes('inet6') }
  const anyFamily = asked.ipv4 || asked.ipv6
  // netstat shows IPv4 unless it is told otherwise.
  const family = anyFamily ? asked : { ipv4: true, ipv6: !flags.compat }
  const { littleEndian, byteOrderAssumed } = byteOrderOf(source)
  const numeric = flags.numeric || flags['numeric-hosts'] || flags.symbolic || flags.json === true
  const resolve = routeNames(source, !numeric)
  return async () => {
    const report = readRoutes(source, { ...family, littleEndian })
    const recorded = !source.isThisMachine
    if (flags.verbose && !recorded && !flags.compat) {
      const only = family.ipv4 === family.ipv6 ? undefined : family.ipv4 ? 'inet' : 'inet6'
      report.full = await askFullRoutes(only)
    }
    const { names, unanswered } = await resolve(
      report.routes.flatMap(({ destination, gateway }) => [destination, gateway]),
    )
    if (flags.compat) {
      const options = { ...family, extend, numeric, cache: flags.cache, table: flags.fib || !flags.cache }
      return writeOut(compat.compatRoutes(report, names, options), 'latin1')
    }
    remarkAll(
      job,
      byteOrderRemark(source, byteOrderAssumed),
      viewWarnings.fileWarnings(report, recorded),
      viewWarnings.routeWarnings(report, recorded),
      unansweredRemark(unanswered),
    )
    await job.emit({
      document: () => show.routesDocument(originOf(source), report),
      text: () => show.routesText(report, names, { ...layoutOf(job), ...family, extend, wide: flags.wide }),
    })
  }
}

const showInterfaces: Show = (source, job, { flags, extend }) => {
  return async round => {
    const links = source.isThisMachine ? await askLinks() : undefined
    const report = readInterfaces(source, links)
    const recorded = !source.isThisMachine
    if (flags.compat) {
      requireFacts(source, report)
      const options = { all: flags.all, long: extend > 0, title: round === 1 }
      return writeOut(compat.compatInterfaces(report, options), 'latin1')
    }
    remarkAll(
      job,
      viewWarnings.fileWarnings(report, recorded),
      viewWarnings.interfaceWarnings(report, { extend: extend > 0 || flags.json === true, recorded }),
    )
    await job.emit({
      document: () => show.interfacesDocument(originOf(source), report),
      text: () =>
        show.interfacesText(report, { ...layoutOf(job), all: flags.all, extend: extend > 0, wide: flags.wide }),
    })
  }
}

/** netstat prints MTU and flags of every interface: without them nothing is byte for byte the same. */
function requireFacts({ isThisMachine, label }: ProcSource, { interfaces }: InterfacesReport): void {
  if (interfaces.every(({ facts }) => facts !== undefined)) return
  const what = 'MTU and flags of interfaces, which netstat prints'
  if (isThisMachine)
    throw new MachineError('tool-missing', `${what}, are not known: there is no ip(8)`, { hint: 'install iproute2' })
  throw new InputError('input-missing', `${label} does not hold ${what}`, { hint: 'leave out --compat' })
}

const showGroups: Show = (source, job, { flags, extend }) => {
  const anyFamily = flags.inet || flags.inet6
  const { littleEndian, byteOrderAssumed } = byteOrderOf(source)
  const resolve = routeNames(source, !(flags.numeric || flags['numeric-hosts'] || flags.json === true))
  return async () => {
    const report = readGroups(source, {
      ipv4: flags.inet || !anyFamily,
      ipv6: flags.inet6 || !anyFamily,
      link: (extend > 0 || flags.json === true) && !anyFamily && !flags.compat,
      littleEndian,
    })
    const { names, unanswered } = await resolve(
      report.memberships.flatMap(({ family, group }) => (family === 'link' ? [] : [group])),
    )
    if (flags.compat) return writeOut(compat.compatGroups(report, names), 'latin1')
    remarkAll(
      job,
      byteOrderRemark(source, byteOrderAssumed),
      viewWarnings.fileWarnings(report, !source.isThisMachine),
      unansweredRemark(unanswered),
    )
    await job.emit({
      document: () => show.groupsDocument(originOf(source), report),
      text: () => show.groupsText(report, names, layoutOf(job)),
    })
  }
}

const unansweredRemark = (unanswered: number) =>
  unanswered === 0
    ? []
    : [
        {
          code: 'names-unresolved' as const,
          message: `${unanswered} addresses were not resolved in time`,
          hint: '-n shows numbers at once',
        },
      ]

const TABLES: Readonly<Record<Exclude<View, 'statistics'>, Show>> = {
  route: showRoutes,
  interfaces: showInterfaces,
  groups: showGroups,
}
