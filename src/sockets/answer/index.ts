// What programs that ask for sockets use.
export { prepareLooks, type SocketLooks } from './answer-sockets.ts'
export type { SocketProtocol, SocketQuery } from './query.ts'
export {
  watchAnswer,
  type AnswerRound,
  type ChangedSocket,
  type ChangeLists,
  type ClosedSocket,
} from './watch-answer.ts'
export type { SocketsDocument } from '../show/document.ts'
export type { OwnerJson } from '../show/json/owner-json.ts'
export type { SocketJson } from '../show/socket-json.ts'
