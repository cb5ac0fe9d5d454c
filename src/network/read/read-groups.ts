import { errnoOf } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import type { GroupsReport } from '../model.ts'
import { parseDeviceGroups, parseIgmp, parseIgmp6, type ParsedGroups } from '../tables/group-memberships.ts'

/** The multicast groups that the interfaces listen to. */
export function readGroups(
  source: Pick<ProcSource, 'readFile'>,
  { ipv4, ipv6, link, littleEndian }: { ipv4: boolean; ipv6: boolean; link: boolean; littleEndian: boolean },
): GroupsReport {
  const report: GroupsReport = { memberships: [], bogus: [], missing: [] }
  const read = (path: string, parse: (bytes: Buffer) => ParsedGroups) => {
    try {
      const { rows, bogus } = parse(source.readFile(path))
      report.memberships.push(...rows)
      report.bogus.push(...bogus)
    } catch (error) {
      report.missing.push({ path, code: errnoOf(error) })
    }
  }
  if (ipv4) read('net/igmp', bytes => parseIgmp(bytes, littleEndian))
  if (ipv6) read('net/igmp6', parseIgmp6)
  if (link) read('net/dev_mcast', parseDeviceGroups)
  return report
}
