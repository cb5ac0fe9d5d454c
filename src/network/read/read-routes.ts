import { errnoOf } from '../../errors.ts'
import type { BogusLine } from '../../proc/bogus-line.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { Route, RoutesReport } from '../model.ts'
import { parseIpv4Routes } from '../tables/ipv4-routes.ts'
import { parseIpv6Routes } from '../tables/ipv6-routes.ts'

/** The routes that /proc lists. */
export function readRoutes(
  source: Pick<ProcSource, 'readFile'>,
  { ipv4, ipv6, littleEndian }: { ipv4: boolean; ipv6: boolean; littleEndian: boolean },
): RoutesReport {
  const report: RoutesReport = { routes: [], full: undefined, bogus: [], missing: [] }
  const read = (path: string, parse: (bytes: Buffer) => { rows: Route[]; bogus: BogusLine[] }) => {
    try {
      const { rows, bogus } = parse(source.readFile(path))
      report.routes.push(...rows)
      report.bogus.push(...bogus)
    } catch (error) {
      report.missing.push({ path, code: errnoOf(error) })
    }
  }
  if (ipv4) read('net/route', bytes => parseIpv4Routes(bytes, littleEndian))
  if (ipv6) read('net/ipv6_route', parseIpv6Routes)
  return report
}
