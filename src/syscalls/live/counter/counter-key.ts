import type { Abi } from '../../../kernel/abi.ts'

/**
 * How counter-program.ts writes what it counts into the keys of its maps, and how
 * counter-output.ts reads them back.
 */

/** Set in the number of a 32-bit call of a 64-bit kernel. */
export const COMPAT_BIT = 0x8000_0000
/** Set by the kernel itself in the number of an x32 call. */
const X32_BIT = 0x4000_0000

/** Set in the number of a call that is none of the target's: an attempt of the shell that starts it. */
export const UNCOUNTED_BIT = 0x2000_0000

/** A thread id fits into so many bits; its process id stands above it. Source: include/linux/threads.h, PID_MAX_LIMIT. */
export const TID_BITS = 22

/** Results of a call: an errno (1 to 4095), or one of these. */
export const COUNTED_RESULT = { zero: 0, one: 4096, more: 4097 } as const

export function packNumber(abi: Abi, number: number): number {
  return abi === 'native' ? number : number + (abi === '32' ? COMPAT_BIT : X32_BIT)
}

export function unpackNumber(packed: number): { abi: Abi; number: number } {
  if (packed >= COMPAT_BIT) return { abi: '32', number: packed - COMPAT_BIT }
  return packed >= X32_BIT ? { abi: 'x32', number: packed - X32_BIT } : { abi: 'native', number: packed }
}

export function isCounted(packed: number): boolean {
  return (packed & UNCOUNTED_BIT) === 0
}

export function unpackThread(packed: number): { pid: number; tid: number } {
  return { pid: Math.floor(packed / 2 ** TID_BITS), tid: packed % 2 ** TID_BITS }
}
