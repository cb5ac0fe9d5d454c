import { escapeBytes } from '../../../terminal/escape.ts'
import type { Document, Envelope, Origin, Remarks } from '../../../terminal/json.ts'
import type { PipesRead } from '../../pipes/read-pipes.ts'
import type { PipeHolder, SharedPipe } from '../../pipes/shared-pipe.ts'

/** Document of `mynetstat --pipes`: pipes and eventfds that processes share. */
export interface PipesDocument extends Envelope, Remarks<Record<string, number>> {
  schema: 'linsight/pipes/1'
  pipes: PipeJson[]
  /** Processes whose descriptors were read. */
  processes: number
  /** errno name → processes whose descriptors were refused. */
  unreadable: Record<string, number>
}

export interface PipeJson extends Omit<SharedPipe, 'holders'> {
  /** In the order of their pids; names that are not UTF-8 are escaped. */
  holders: PipeHolderJson[]
}

/** A process that has the pipe open; `reads` and `writes` are absent where that could not be read. */
export interface PipeHolderJson extends PipeHolder {
  program: string
}

/** The document `linsight/pipes/1`. */
export function pipesDocument(
  origin: Origin,
  { pipes, processes, unreadable }: PipesRead,
): Document<PipesDocument, 'pipes'> {
  return {
    what: 'pipes',
    origin,
    lists: {
      pipes: pipes.map(pipe => ({
        ...pipe,
        holders: pipe.holders.map(holder => ({ ...holder, program: escapeBytes(holder.program) })),
      })),
    },
    facts: { processes },
    unreadable: Object.fromEntries(unreadable),
  }
}
