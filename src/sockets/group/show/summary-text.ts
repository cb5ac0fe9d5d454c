import { wrap } from '../../../terminal/wrap.ts'
import type { SocketGroups } from '../group-sockets.ts'
import type { MachineNumbers } from '../machine-numbers.ts'
import { groupsText, type GroupsLayout } from './groups-text.ts'

/** Sockets by protocol, and what of the machine's numbers is known under a heading of its own. */
export function* summaryText(
  groups: SocketGroups,
  machine: MachineNumbers,
  where: string,
  layout: Omit<GroupsLayout, 'top' | 'oldest'>,
): Generator<string> {
  const { header, theme, width } = layout
  const title = (text: string) => `${theme.heading(wrap(text, width, 0))}\n`
  if (header) yield title(`Sockets of ${where}, counted`)
  yield* groupsText(groups, { ...layout, top: undefined, oldest: false })
  const lines = machineLines(machine)
  if (!header || lines.length === 0) return
  yield `\n${title('The whole machine, all its network namespaces')}`
  for (const line of lines) yield `${wrap(line, width, 2)}\n`
}

function machineLines(machine: MachineNumbers): string[] {
  const { tcpAllocated, tcpOrphans, tcpMostOrphans, tcpMemoryPages, udpMemoryPages } = machine
  const { tcpMemoryPressurePages: slow, tcpMemoryMostPages: most } = machine
  const limits = slow === undefined || most === undefined ? '' : ` (slowed down above ${slow}, none above ${most})`
  const lines: [number | undefined, string][] = [
    [tcpAllocated, `TCP sockets with memory: ${tcpAllocated}`],
    [tcpOrphans, `TCP orphans: ${tcpOrphans}${tcpMostOrphans === undefined ? '' : ` of at most ${tcpMostOrphans}`}`],
    [tcpMemoryPages, `TCP memory: ${tcpMemoryPages} pages${limits}`],
    [udpMemoryPages, `UDP memory: ${udpMemoryPages} pages`],
  ]
  return lines.filter(([value]) => value !== undefined).map(([, line]) => line)
}
