// The documents, as commands print them with --json, and what they are made of.
export type { Cause, DiagnoseDocument, DiagnoseQuery, FindingJson } from '../diagnose/index.ts'
export type { ProcessJson } from '../processes/show/process-json.ts'
export type {
  ChangedSocket,
  ClosedSocket,
  OwnerJson,
  SocketJson,
  SocketProtocol,
  SocketQuery,
  SocketsDocument,
} from '../sockets/answer/index.ts'
export type { Severity, Statement } from '../statement.ts'
export type { TimeWaitDocument, TimeWaitQuery } from '../time-wait/index.ts'
export type { Warning, WarningCode } from '../warnings.ts'
export type { ProcessQuery, WatchQuery } from './queries.ts'
export type { ProcessesDocument, ProcessStateJson } from './show/processes-document.ts'
export type { SocketChangesDocument } from './show/socket-changes-document.ts'
