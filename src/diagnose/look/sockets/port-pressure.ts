import { optional } from '../../../errors.ts'
import { inNamespace } from '../../../namespaces/inside.ts'
import { libcToEnter } from '../../../namespaces/libc-to-enter.ts'
import type { NetworkNamespace } from '../../../namespaces/model.ts'
import { scanOwners, type OwnerScan } from '../../../processes/socket-owners.ts'
import type { ProcSource } from '../../../proc/proc-source.ts'
import { readSnapshot, timeWaitReport } from '../../../time-wait/index.ts'
import type { LocalPorts, ObservedNamespace } from '../../observed/sockets.ts'
import type { Trace } from '../../observed/traced.ts'

/** Sockets to one destination from which on its local ports are counted, though nobody was seen to fail for lack of one. */
const MANY = 1000
/** Where no tracer could have seen it. */
const SOME = 100

/** Namespaces in which somebody got no local port. */
function lacking(trace: Trace | undefined): Set<string> {
  const failures = (trace?.failures ?? []).filter(
    ({ call, error, examples }) =>
      (call === 'connect' && error === 'EADDRNOTAVAIL') ||
      (call === 'bind' && error === 'EADDRINUSE' && examples.some(({ address }) => address?.port === 0)),
  )
  return new Set(failures.flatMap(({ examples }) => examples.map(({ netns }) => netns)))
}

/** What `tw-stats` says of the local ports where somebody gets none, or many are taken. */
export async function lookAtLocalPorts(
  source: ProcSource,
  namespaces: readonly ObservedNamespace[],
  trace: Trace | undefined,
): Promise<void> {
  const lacks = lacking(trace)
  const many = trace === undefined ? SOME : MANY
  const places = namespaces.filter(
    ({ netns, a, b }) => lacks.has(netns) || ((b ?? a).destinations[0]?.[1] ?? 0) >= many,
  )
  if (places.length === 0) return
  const libc = await libcToEnter(source)
  let scan: OwnerScan | undefined
  const scanOnce = () => (scan ??= scanOwners(source))
  for (const place of places) {
    const inside = inNamespace(source, asNamespace(place, source.meta.netns), libc)
    place.localPorts = optional(() => localPortsOf(inside, scanOnce))
  }
}

/** As much of a namespace as reading in it takes. */
const asNamespace = ({ netns, pid }: ObservedNamespace, own: string | undefined) =>
  ({
    name: netns,
    inode: /\d+/.exec(netns)?.[0],
    isOwn: netns === own,
    folders: [String(pid)],
    entrances: [`${pid}/ns/net`],
  }) as unknown as NetworkNamespace

const CODES: ReadonlySet<string> = new Set(['ports-exhausted', 'ports-run-out', 'ports-held-open'])

function localPortsOf(inside: ProcSource, scan: () => OwnerScan): LocalPorts | undefined {
  const { advice, tuples } = timeWaitReport(readSnapshot(inside, scan))
  const [fullest] = tuples
  if (fullest === undefined) return undefined
  return {
    remote: fullest.remoteAddress,
    remotePort: fullest.remotePort,
    taken: fullest.blocked,
    capacity: fullest.capacity,
    owners: fullest.candidates.map(({ pid }) => pid),
    advice: advice.filter(({ code }) => CODES.has(code)),
  }
}
