/** The kernel's tw sockets as columns: rows in TIME_WAIT (6) and in FIN_WAIT2 (5) without a process. */
export type {
  FindMini as FindTimeWaitSocket,
  MiniSockets as TimeWaitSockets,
} from '../../sockets/fast/time-wait-sockets.ts'
