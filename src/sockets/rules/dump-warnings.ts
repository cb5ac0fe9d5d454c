import type { DumpsReport } from '../model.ts'
import type { TableName } from '../tables/socket-row.ts'
import type { Warning } from '../../warnings.ts'

/** What limited the kernel's own answer about its sockets. */
export interface DumpLimits {
  dumps: DumpsReport
  /** Read from a recording, not from this machine. */
  recorded: boolean
  /** Tables of which sockets are shown. */
  shown: ReadonlySet<TableName>
}

/** At most one warning of each code, however many families it is true of. */
export function dumpWarnings({ dumps, recorded, shown }: DumpLimits): Warning[] {
  const warnings: Warning[] = []
  const unknown = dumps.refused.filter(({ family }) => shown.has(family as TableName))
  if (dumps.wanted && unknown.length > 0) warnings.push(notAsked(unknown, recorded))
  const damaged = [...new Set([...dumps.cut, ...dumps.changed])]
  if (damaged.length > 0)
    warnings.push({
      code: 'dump-cut',
      message:
        dumps.cut.length > 0
          ? `the kernel's answer about ${listOf(dumps.cut)} sockets ends too early: some of them, or what only it tells, may be missing`
          : `the ${listOf(dumps.changed)} sockets changed each time the kernel was asked for them: some may be missing`,
      hint: recorded ? 'record it anew' : 'run it again',
    })
  return warnings
}

function notAsked(refused: DumpsReport['refused'], recorded: boolean): Warning {
  const families = listOf(refused.map(({ family }) => family))
  if (recorded)
    return {
      code: 'kernel-not-asked',
      message: `the recording does not hold the kernel's own answer about ${families} sockets: what only that tells is not known`,
      hint: 'linsight snapshot save records it where koffi is installed',
    }
  if (refused.some(({ code }) => code === NO_KOFFI))
    return {
      code: 'kernel-not-asked',
      message: `the kernel cannot be asked about ${families} sockets, since koffi is not installed: what only it tells is not known`,
      hint: 'install linsight with its optional packages: npm install -g linsight --include=optional',
    }
  return {
    code: 'kernel-not-asked',
    message: `this kernel does not answer about ${families} sockets (${[...new Set(refused.map(({ code }) => code))].join(', ')}): what only it tells is not known`,
  }
}

/** What a live source without a way to ask answers. */
const NO_KOFFI = 'ENOSYS'

const listOf = (names: readonly string[]) =>
  names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
