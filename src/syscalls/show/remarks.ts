import type { SyscallProfile } from '../profile.ts'
import type { Warning } from '../../warnings.ts'

/** What is to be said about a profile before it is shown: its warnings, what was not understood, what was lost. */
export function profileRemarks({ warnings, rejected, lost }: SyscallProfile): Warning[] {
  const remarks = [...warnings]
  for (const { reason, lines, firstLine, quote, source } of rejected)
    remarks.push({
      code: 'lines-skipped',
      message: `${lines} ${lines === 1 ? 'line' : 'lines'} of ${source ?? 'the input'} skipped: ${reason}; first is line ${firstLine}: ${Buffer.from(quote, 'latin1').toString('utf8')}`,
    })
  if (lost !== undefined)
    remarks.push({ code: 'events-lost', message: `at least ${lost} events were lost: the counts are too low` })
  return remarks
}
