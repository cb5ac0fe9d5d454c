import type { ChangeLists } from '../../sockets/answer/index.ts'
import type { Envelope, Remarks } from '../../terminal/json.ts'

/** What one look of `watch()` found to be different from the look before. */
export interface SocketChangesDocument extends Envelope, Remarks, ChangeLists {
  schema: 'linsight/socket-changes/1'
  /** The first look: `opened` holds every socket there was already. */
  first: boolean
  /** How many sockets there are now. */
  sockets: number
  /** Ends of sockets that the kernel told since the look before; how many came too fast to be told. */
  endsTold: number
  endsLost: number
}
