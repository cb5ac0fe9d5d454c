import { closeSync, readSync } from 'node:fs'
import { errnoOf, InputError, systemReason } from '../errors.ts'
import { openForCaller } from '../files/caller-rights.ts'
import { unpackHead } from '../proc/open-bytes.ts'

const HEAD_BYTES = 64 * 1024

/** The first line of a recording, plain or gzip, as a byte string; of a very long one the beginning. */
export function firstLine(path: string): string {
  const head = Buffer.alloc(HEAD_BYTES)
  try {
    const fd = openForCaller(path)
    try {
      const bytes = head.subarray(0, readSync(fd, head, 0, HEAD_BYTES, 0))
      return unpackHead(bytes).toString('latin1').split('\n', 1)[0]!
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw errnoOf(error) === 'ENOENT'
      ? new InputError('input-missing', `there is no recording at ${path}`, { cause: error })
      : new InputError('input-unreadable', `the recording ${path} could not be read: ${systemReason(error)}`, {
          cause: error,
        })
  }
}
