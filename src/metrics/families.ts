import { COUNTER_FAMILIES } from './families/kernel-counter-families.ts'
import { OTHER_FAMILIES } from './families/linsight-families.ts'
import { TCP_FAMILIES } from './families/tcp-families.ts'
import type { FamilyFacts } from './model.ts'

/** Every family that `linsight metrics` can have, in the order it prints them; docs/metrics.md is made from this table. */
export const FAMILIES = {
  ...TCP_FAMILIES,
  ...COUNTER_FAMILIES,
  ...OTHER_FAMILIES,
} as const satisfies Record<string, FamilyFacts>

export type FamilyName = keyof typeof FAMILIES

/** Series of a family besides `other`, unless --max-series says otherwise. */
export const MAX_SERIES = 200
