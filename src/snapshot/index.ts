// What other subjects use of snapshots.
export { recordSnapshot } from './record.ts'
