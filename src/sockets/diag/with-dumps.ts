import { SourceReadError } from '../../errors.ts'
import { loadLibc, type Libc } from '../../libc/libc.ts'
import { inNetworkNamespace } from '../../libc/network-namespace.ts'
import type { DumpFamily, ProcSource } from '../../proc/proc-source.ts'
import { dumpPath } from './dump-path.ts'
import { askForDump, openDiagSocket, type KeptRoom } from './receive.ts'
import { dumpRequest } from './requests.ts'

/**
 * The source with `dumpSockets` where the kernel can be asked for its sockets; the same source where not (a recording,
 * no koffi, which costs 1 ms to load). With `keepsRoom` an answer is valid until the family is asked for again.
 */
export async function withDumps(source: ProcSource, { keepsRoom = false } = {}): Promise<ProcSource> {
  if (!source.isThisMachine || source.isElsewhere || source.dumpSockets !== undefined) return source
  const libc = await loadLibc()
  if (libc === undefined) return source
  const rooms = new Map<DumpFamily, KeptRoom>()
  const roomOf = (family: DumpFamily) => {
    if (keepsRoom && !rooms.has(family)) rooms.set(family, {})
    return rooms.get(family)
  }
  return {
    ...source,
    dumpSockets: (family, choice, folder) =>
      dump(libc, family, dumpRequest(family, choice), folder, folder === 'net' ? roomOf(family) : undefined),
  }
}

function dump(libc: Libc, family: DumpFamily, request: Buffer, folder: string, kept: KeptRoom | undefined): Buffer {
  const socket = folder === 'net' ? openDiagSocket(libc) : openThere(libc, folder)
  const answer = typeof socket === 'string' ? socket : askAndClose(libc, socket, request, kept)
  if (typeof answer === 'string') throw new SourceReadError(answer, dumpPath(family, folder))
  return answer
}

function askAndClose(libc: Libc, socket: number, request: Buffer, kept: KeptRoom | undefined) {
  try {
    return askForDump(libc, socket, request, kept)
  } finally {
    libc.close(socket)
  }
}

/** `1234/net` → a socket in the namespace of that process, or thread. */
function openThere(libc: Libc, folder: string) {
  const path = `/proc/${folder.replace(/net$/, 'ns/net')}`
  try {
    return inNetworkNamespace(libc, path, () => openDiagSocket(libc))
  } catch {
    return 'EPERM'
  }
}
