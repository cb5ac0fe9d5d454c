import { readSyscallProfile, type ReadOptions } from '../read-profile.ts'
import type { SyscallProfile } from '../profile.ts'

/** Between two updates of the line. */
const INTERVAL_MS = 200
/** What is read sooner needs no progress. */
const QUIET_MS = 500

/** Reads recorded inputs and shows on stderr how far it is, for a person who waits. */
export async function readProfileWithProgress(paths: string[], options: ReadOptions): Promise<SyscallProfile> {
  const progress = readProgress(process.stderr, () => performance.now())
  try {
    return await readSyscallProfile(paths, { ...options, onProgress: at => progress.update(at) })
  } finally {
    progress.done()
  }
}

/** A line on stderr that says how far reading is; it removes itself. */
export function readProgress(stderr: { isTTY?: boolean; write(text: string): unknown }, now: () => number) {
  const startMs = now()
  let shownMs = startMs + QUIET_MS - INTERVAL_MS
  let shown = false
  return {
    update({
      label,
      consumedBytes,
      sizeBytes,
    }: {
      label: string
      consumedBytes: number
      sizeBytes: number | undefined
    }): void {
      const nowMs = now()
      if (stderr.isTTY !== true || nowMs - shownMs < INTERVAL_MS) return
      shownMs = nowMs
      shown = true
      const perMs = consumedBytes / (nowMs - startMs)
      const left = sizeBytes === undefined ? '' : `, ${((sizeBytes - consumedBytes) / perMs / 1000).toFixed(0)} s left`
      const share = sizeBytes === undefined ? '' : ` of ${megabytes(sizeBytes)}`
      stderr.write(`\r\x1b[K${label}: ${megabytes(consumedBytes)}${share} MB, ${(perMs / 1000).toFixed(0)} MB/s${left}`)
    },
    done(): void {
      if (shown) stderr.write('\r\x1b[K')
    },
  }
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
