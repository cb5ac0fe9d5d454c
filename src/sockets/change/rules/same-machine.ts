/** Where and when a look was taken. */
export interface LookOrigin {
  host: string | undefined
  bootedAtMs: number | undefined
  /** `net:[4026531840]` */
  netns: string | undefined
}

/** The kernel computes when it booted anew for each reader: it may differ by so much. */
const SAME_BOOT_MS = 2000

/** Why sockets and pids of two looks do not mean the same; undefined where they do. */
export function whyNotComparable(before: LookOrigin, after: LookOrigin): string | undefined {
  if (before.host !== undefined && after.host !== undefined && before.host !== after.host)
    return `they are of two machines, ${before.host} and ${after.host}`
  if (before.bootedAtMs === undefined || after.bootedAtMs === undefined)
    return 'it is not recorded when the machine was booted'
  if (Math.abs(before.bootedAtMs - after.bootedAtMs) > SAME_BOOT_MS) return 'the machine was booted between them'
  if (before.netns !== undefined && after.netns !== undefined && before.netns !== after.netns)
    return `they are of two network namespaces, ${before.netns} and ${after.netns}`
  return undefined
}
