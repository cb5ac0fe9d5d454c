import type { BogusLine } from '../../proc/bogus-line.ts'
import type { Warning } from '../../warnings.ts'
import { isReject } from '../meanings/route-flags.ts'
import type { InterfacesReport, MissingFile, RoutesReport } from '../model.ts'

/** What every view may have to say of the files it read. */
export function fileWarnings(
  { bogus = [], missing }: { bogus?: readonly BogusLine[]; missing: readonly MissingFile[] },
  recorded: boolean,
): Warning[] {
  const warnings = missing.map(({ path, code }): Warning => {
    const reason =
      code !== 'ENOENT' ? code : recorded ? 'the recording does not hold it' : 'this kernel has no such file'
    return { code: 'file-missing', message: `${path} could not be read: ${reason}` }
  })
  for (const file of new Set(bogus.map(line => line.file))) {
    const lines = bogus.filter(line => line.file === file)
    warnings.push({
      code: 'lines-skipped',
      message: `${lines.length} ${lines.length === 1 ? 'line' : 'lines'} of ${file} could not be read and ${lines.length === 1 ? 'was' : 'were'} left out; line ${lines[0]!.line} reads: ${lines[0]!.text.trim()}`,
    })
  }
  return warnings
}

/** What /proc does not tell of routes; nothing where ip(8) told it. */
export function routeWarnings({ routes, full }: RoutesReport, recorded: boolean): Warning[] {
  if (full !== undefined || routes.length === 0) return []
  const withoutInterface = routes.filter(
    ({ family, interfaceName, flags }) => family === 'inet' && interfaceName === '*' && !isReject(flags),
  ).length
  const star =
    withoutInterface === 0
      ? ''
      : `; ${withoutInterface} of them without an interface (*) ${withoutInterface === 1 ? 'is a blackhole or throw route' : 'are blackhole or throw routes'}`
  return [
    {
      code: 'routes-partial',
      message: `/proc shows the main table of IPv4, of a multipath route the first hop only, no types and no MTU${star}`,
      hint: recorded ? 'on the machine itself -v asks ip(8) for everything' : '-v asks ip(8) for every table and type',
    },
  ]
}

/** What is not known of interfaces. */
export function interfaceWarnings(
  { interfaces, ipv4AddressesKnown }: InterfacesReport,
  { extend, recorded }: { extend: boolean; recorded: boolean },
): Warning[] {
  const unknown = interfaces.filter(({ facts }) => facts === undefined).length
  const parts = [
    ...(unknown > 0 ? [`MTU and flags of ${unknown === 1 ? 'an interface' : `${unknown} interfaces`}`] : []),
    ...(extend && !ipv4AddressesKnown && interfaces.length > 0 ? ['IPv4 addresses'] : []),
  ]
  if (parts.length === 0) return []
  return [
    {
      code: 'interfaces-partial',
      message: `${parts.join(' and ')} are not known: ${recorded ? 'the recording does not hold them' : 'ip(8) did not tell, and /sys is that of another network namespace or absent'}`,
      ...(recorded ? {} : { hint: 'install iproute2' }),
    },
  ]
}
