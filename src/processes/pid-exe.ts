/** Path of the executable from the link /proc/PID/exe. */
export interface Executable {
  /** Byte string. */
  path: string
  /** The file no longer stands where it was started from. */
  deleted: boolean
}

const DELETED = ' (deleted)'

/**
 * The link /proc/PID/exe. The kernel appends ` (deleted)`, but a file may really be called so: `existsAsWritten` tells
 * whether the very file stands at the whole text; leave it out where that cannot be known (a recording).
 */
export function parseExeLink(link: string, existsAsWritten = false): Executable {
  const deleted = link.endsWith(DELETED) && !existsAsWritten
  return { path: deleted ? link.slice(0, -DELETED.length) : link, deleted }
}
