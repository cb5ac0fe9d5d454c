import type { SocketReport } from '../../model.ts'
import type { SocketRequest } from '../../plan.ts'
import type { Warning } from '../../../warnings.ts'

/** Looks at the sockets that are asked for, in the namespaces that the command line names. */
export type ReadSockets = (request: SocketRequest) => { report: SocketReport; warnings: Warning[] }
