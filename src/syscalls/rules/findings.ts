import type { SyscallProfile } from '../profile.ts'
import type { Finding } from '../model.ts'
import { statementOf, type Rule } from './findings/conclusion.ts'
import { failedConnects } from './findings/connections.ts'
import { folderScans, missingFiles, repeatedOpens, repeatedStats } from './findings/files.ts'
import { clockCalls, forkStorm, mappingChurn } from './findings/kernel-work.ts'
import { spins } from './findings/spins.ts'
import { diskSyncs, oneByteTransfers, seeks, smallTransfers } from './findings/transfers.ts'
import { futexContention, longCall, sleepPolling, waiting } from './findings/waits.ts'

/** What a profile says to someone who has read many. */
export function findings(profile: SyscallProfile): Finding[] {
  return RULES.flatMap(rule => rule(profile) ?? []).map(statementOf)
}

const RULES: readonly Rule[] = [
  failedConnects,
  oneByteTransfers,
  smallTransfers,
  spins,
  futexContention,
  diskSyncs,
  longCall,
  missingFiles,
  repeatedStats,
  repeatedOpens,
  folderScans,
  seeks,
  mappingChurn,
  clockCalls,
  sleepPolling,
  forkStorm,
  waiting,
]
