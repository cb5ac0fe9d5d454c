// What other subjects use of TIME_WAIT.
export { readSnapshot } from './read/read-snapshot.ts'
export { timeWaitReport } from './rules/report.ts'
