/** Names for numbers, resolved before anything is rendered. Undefined where there is none: the number is shown then. */
export interface Names {
  /** `address` is numeric; an IPv4-mapped one has no prefix, or has it where netstat would not find the name either. */
  host: (address: string) => string | undefined
  /** `protocol` is tcp, udp, udplite or sctp; for raw the port is a protocol number. */
  service: (port: number, protocol: string) => string | undefined
  user: (uid: number) => string | undefined
}

/** -n: every number as it is. */
export const NUMERIC: Names = { host: () => undefined, service: () => undefined, user: () => undefined }
