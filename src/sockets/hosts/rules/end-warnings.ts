import type { Warning } from '../../../warnings.ts'
import type { EndKind, HostSocket } from '../host-socket.ts'

/** What is to be known of ends that were not found for certain. */
export function endWarnings(sockets: readonly HostSocket[]): Warning[] {
  const count = (kind: EndKind) => sockets.filter(({ end }) => end?.kind === kind).length
  const warnings: Warning[] = []
  const oneSided = count('one-sided')
  if (oneSided > 0)
    warnings.push({
      code: 'ends-one-sided',
      message: `${connections(oneSided)} seen on one side only: hosts are not read at one instant, and the other end had gone or not come yet`,
    })
  const ambiguous = count('ambiguous')
  if (ambiguous > 0)
    warnings.push({
      code: 'ends-ambiguous',
      message: `${connections(ambiguous)} between addresses that several hosts have: which is the other end cannot be told`,
    })
  const likely = count('likely')
  if (likely > 0)
    warnings.push({
      code: 'ends-translated',
      message: `the other end of ${likely} connection${likely === 1 ? '' : 's'} was found by one address and its port alone: the other address was translated (NAT) where nothing recorded it`,
      hint: 'ask the host that translates, too, as root: --become',
    })
  return warnings
}

const connections = (count: number) => `${count} connection${count === 1 ? ' is' : 's are'}`
