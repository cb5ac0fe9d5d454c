import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import { socketJson, type SocketJson } from '../../show/socket-json.ts'
import type { ChangeKind, CountChange, SocketChange, SocketDiff } from '../change.ts'

/** Document of `mynetstat --diff`: what two looks have different. `host`, `takenAt` and `source` are those of the newer one. */
export interface SocketDiffDocument extends Envelope, Remarks {
  schema: 'linsight/socket-diff/1'
  /** Where the older look is from. */
  old: Origin
  /** Nothing that was compared is different. */
  same: boolean
  /** Why sockets and pids of the two do not mean the same: then only addresses of listeners were compared. */
  notComparable?: string | undefined
  listeners: SocketDifferenceJson[]
  /** Sockets that do not wait for others, by protocol and state; absent where they were not compared. */
  counts?: CountChange[] | undefined
  /** With -a: the same one by one. */
  connections?: SocketDifferenceJson[] | undefined
}

/** A socket that is in one look only, or in both and different. */
export interface SocketDifferenceJson {
  mark: '+' | '-' | '~'
  /** Of `~`: what is different. */
  kinds?: readonly ChangeKind[] | undefined
  before?: SocketJson | undefined
  after?: SocketJson | undefined
}

/** The document `linsight/socket-diff/1`. */
export function socketDiffDocument(
  origins: { old: Origin; new: Origin },
  diff: SocketDiff,
  { same, notComparable, userHz }: { same: boolean; notComparable: string | undefined; userHz: number },
): Document<SocketDiffDocument> {
  const json = ({ mark, kinds, before, after }: SocketChange): SocketDifferenceJson => ({
    mark,
    kinds: kinds.length > 0 ? kinds : undefined,
    before: before && socketJson(before, userHz),
    after: after && socketJson(after, userHz),
  })
  return {
    what: 'socket-diff',
    origin: origins.new,
    facts: {
      old: origins.old,
      same,
      notComparable,
      listeners: diff.listeners.map(json),
      counts: diff.counts,
      connections: diff.connections?.map(json),
    },
  }
}
