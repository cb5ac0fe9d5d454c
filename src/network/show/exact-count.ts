/** A count of 64 bits: a text where a JSON number could not hold it exactly. */
export type ExactCount = number | string

export function exactCount(value: bigint): ExactCount {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
}
