// What other subjects use of TIME_WAIT.
export { answerTimeWait, type TimeWaitAnswer, type TimeWaitQuery } from './answer/answer-time-wait.ts'
export type { TimeWaitDocument } from './show/json.ts'
export { readSnapshot } from './read/read-snapshot.ts'
export { timeWaitReport } from './rules/report.ts'
