import type { ProcSource } from '../../proc/proc-source.ts'
import type { Ownerless } from '../../sockets/model.ts'
import { answerFilter, type SocketFilter, type TrafficLook } from '../../sockets/index.ts'
import { reasonWithoutFile } from '../rules/connection-rows.ts'
import { ownerFacts } from './owner-facts.ts'

/** Which rows of a look a filter selects: 1 for each that it does; and of how many it does not know. */
export function selectRows(
  filter: SocketFilter,
  { rows, owners }: TrafficLook,
  source: ProcSource,
): { selected: Uint8Array; undecided: number } {
  const selected = new Uint8Array(rows.length)
  let undecided = 0
  for (let i = 0; i < rows.length; i += 1) {
    const owner = owners.get(rows.owner[i]!)?.owner
    const socket = rows.socketAt(i)
    const answer = answerFilter(filter, {
      ...socket,
      ...(rows.inodeAt(i) === '0' && { ownerless: withoutFile(rows.state[i]!) }),
      owners:
        socket.owners ?? (owner === undefined ? [] : [{ process: ownerFacts(owner, source), heldBy: 'fd', fds: [] }]),
    })
    if (answer === true) selected[i] = 1
    else if (answer === 'unknown') undecided += 1
  }
  return { selected, undecided }
}

function withoutFile(state: number): Ownerless {
  const reason = reasonWithoutFile(state)
  return reason === 'orphan' ? { reason } : { reason, listenerPids: [] }
}
