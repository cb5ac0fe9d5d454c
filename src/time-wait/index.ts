// What other subjects use of TIME_WAIT.
export { answerTimeWait, type TimeWaitAnswer, type TimeWaitQuery } from './answer/answer-time-wait.ts'
export type { TimeWaitDocument } from './show/json.ts'
