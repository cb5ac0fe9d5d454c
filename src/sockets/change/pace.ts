/** Looking costs no more than this share of one CPU. */
export const CPU_SHARE = 0.05

/** How long to wait from the beginning of one look to the next: as long as was asked for, longer where a look costs much. */
export function paceMs(intervalMs: number, lookCpuMs: number, share: number = CPU_SHARE): number {
  return Math.max(intervalMs, lookCpuMs / share)
}
