export interface ObservedMount {
  /** As the process sees it. */
  path: string
  /** `8:1`. */
  device: string
  type: string
  /** A process that sees it. */
  pid: number
  bytes: number
  /** For users other than root. */
  freeBytes: number
  inodes: number
  freeInodes: number
}

export interface ObservedDisk {
  name: string
  /** Milliseconds it was busy, and sum of the milliseconds of its requests, between the looks. */
  busyMs: number
  queueMs: number
  readBytes: number
  writtenBytes: number
}

export interface DeletedFile {
  pid: number
  fd: number
  path: string
  device: string
  bytes: number
}

export interface GrowingFile {
  pid: number
  fd: number
  path: string
  bytesPerSecond: number
  /** Only ever written at its end. */
  appended: boolean
  /** Opened to be appended to, as logs are. */
  appendOnly: boolean
}
