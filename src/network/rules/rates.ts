import { kindOf } from '../meanings/meanings.ts'
import type { CounterChange, CountersReport } from '../model.ts'

/** What every counter did in `seconds`; settings and counters of only one reading are left out. */
export function counterChanges(before: CountersReport, after: CountersReport, seconds: number): CounterChange[] {
  const old = new Map(
    before.groups.flatMap(({ protocol, counters }) =>
      counters.map(({ name, value }) => [`${protocol} ${name}`, value] as const),
    ),
  )
  return after.groups.flatMap(({ protocol, counters }) =>
    counters.flatMap(({ name, value }): CounterChange[] => {
      const was = old.get(`${protocol} ${name}`)
      const kind = kindOf(name)
      if (was === undefined || kind === 'setting') return []
      const delta = kind === 'gauge' ? value - was : counted(was, value)
      const perS = kind === 'gauge' || delta === undefined || seconds <= 0 ? undefined : Number(delta) / seconds
      return [{ protocol, name, delta, perS }]
    }),
  )
}

const WORD_32 = 2n ** 32n
const WORD_64 = 2n ** 64n

/**
 * How much was counted between two readings. Counters have 64 bits, those of a 32-bit kernel 32, and begin at 0 behind the
 * last number: a smaller value than before is such a wrap where the way over the end is short. Where it is not, the counter
 * was set back, and what it counted is not known.
 */
export function counted(before: bigint, after: bigint): bigint | undefined {
  if (after >= before) return after - before
  for (const word of [WORD_32, WORD_64]) {
    if (before >= word || before < word / 2n) continue
    const over = word - before + after
    if (over < word / 2n) return over
  }
  return undefined
}
