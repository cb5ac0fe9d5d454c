import type { ProcessJson } from '../../processes/show/process-json.ts'
import type { Document, Envelope, Origin, Remarks } from '../../terminal/json.ts'

/** The processes of a machine, as `processes()` of the library gives them. */
export interface ProcessesDocument extends Envelope, Remarks {
  schema: 'linsight/processes/1'
  /** In the order of their pids. */
  processes: ProcessStateJson[]
}

/** One process. What could not be read is absent. */
export interface ProcessStateJson extends ProcessJson {
  /** `R`, `S`, `D`, `T` … of its main thread. */
  state?: string | undefined
  threads?: number | undefined
  /** It is the kernel's own. */
  kernelThread?: true | undefined
  /** User and system time of all its threads since it started. */
  cpuMs?: number | undefined
  /** Memory that it has in RAM. */
  residentBytes?: number | undefined
  /** Soft limit on open files; absent where there is none. */
  openFilesLimit?: number | undefined
  /** The kernel function its main thread sleeps in; only root is told of processes of others. */
  waitsIn?: string | undefined
}

/** The document `linsight/processes/1`. */
export const processesDocument = (
  origin: Origin,
  processes: Iterable<ProcessStateJson>,
): Document<ProcessesDocument, 'processes'> => ({ what: 'processes', origin, lists: { processes }, facts: {} })
