import type { DumpFamily } from '../../../proc/proc-source.ts'
import type { Wire } from './wire.ts'

/** What the kernel answered for a family, live or recorded. */
export interface SocketDump {
  family: DumpFamily
  wire: Wire
  /** Ticks per second that timers are counted in, as /proc does. */
  userHz: number
}
