import { optional } from '../../errors.ts'
import type { ProcSource } from '../../proc/proc-source.ts'
import { readBootTimeMs, readProcessFacts } from '../../processes/read-process-facts.ts'
import type { Sample } from '../model.ts'
import type { ConnectionFacts } from '../show/connection-page.ts'

/** All that is known of one connection of a look and of its owner; undefined where it has gone. */
export function connectionFacts({ look }: Sample, key: string, source: ProcSource): ConnectionFacts | undefined {
  const { rows, owners } = look
  for (let i = 0; i < rows.length; i += 1) {
    if (rows.keyAt(i) !== key) continue
    const owner = owners.get(rows.owner[i]!)?.owner
    return {
      socket: rows.socketAt(i),
      owner,
      process: owner && optional(() => readProcessFacts(source, owner.pid, 'full', readBootTimeMs(source))),
      received: known(rows.received[i]!),
      sent: known(rows.sent[i]!),
      retransmits: known(rows.retransmits[i]!),
      userHz: source.meta.userHz ?? 100,
    }
  }
  return undefined
}

const known = (value: number) => (Number.isNaN(value) ? undefined : value)
